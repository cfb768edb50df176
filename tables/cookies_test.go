package tables

import "testing"

// TestCookieSet: a cookie is new once, its neighbours and far ones are others.
func TestCookieSet(t *testing.T) {
	set := cookieSet{}
	cookies := []uint64{1, 2, 63, 64, 65, 1 << 32, 1<<32 + 1, 1<<64 - 1}
	for _, isNew := range []bool{true, false} {
		for _, cookie := range cookies {
			if set.add(cookie) != isNew {
				t.Errorf("cookie %d: new is %v", cookie, !isNew)
			}
		}
	}
}
