package query

import "testing"

// TestAlike: a warning that differs from another in its numbers alone is the same warning.
func TestAlike(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"because 3 of the processes, 1 (init), may not be", "because 31 of the processes, 2 (init), may not be", true},
		{"open /proc/net/raw", "open /proc/net/raw6", false},
		{"rules of inet4", "rules of inet6", false},
		{"3 rows", "3 rows more", false},
	} {
		if alike(test.a, test.b) != test.want {
			t.Errorf("%q and %q: want %v", test.a, test.b, test.want)
		}
	}
}
