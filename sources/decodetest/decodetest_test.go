package decodetest

import "testing"

// TestCheck gives the check a decoder of every bad kind.
func TestCheck(t *testing.T) {
	calls := 0
	for name, test := range map[string]struct {
		decode Decoder
		bad    bool
	}{
		"good":           {func(b []byte) any { return string(b) }, false},
		"keeps input":    {func(b []byte) any { return b }, true},
		"changes input":  {func(b []byte) any { b[0] = 'x'; return nil }, true},
		"nondetermistic": {func([]byte) any { calls++; return calls }, true},
	} {
		t.Run(name, func(t *testing.T) {
			recorder := &testing.T{}
			check(recorder, name, test.decode, []byte("abc"))
			if recorder.Failed() != test.bad {
				t.Errorf("reported bad: %v, is bad: %v", recorder.Failed(), test.bad)
			}
		})
	}
}
