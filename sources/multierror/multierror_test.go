package multierror

import (
	"errors"
	"io/fs"
	"os"
	"testing"
)

// TestJoin: nil is no error, one is itself, and several are found by errors.Is behind a text of one line.
func TestJoin(t *testing.T) {
	a, b := fs.ErrNotExist, os.ErrClosed
	for _, test := range []struct {
		errs []error
		text string
	}{
		{nil, ""}, {[]error{nil, nil}, ""}, {[]error{nil, a}, a.Error()},
		{[]error{a, nil, b}, "file does not exist; file already closed"},
	} {
		err := Join(test.errs...)
		if (err == nil) != (test.text == "") || err != nil && err.Error() != test.text {
			t.Errorf("%v: %v, want %s", test.errs, err, test.text)
		}
		for _, one := range test.errs {
			if one != nil && !errors.Is(err, one) {
				t.Errorf("%v is not %v", err, one)
			}
		}
	}
	if Join(nil, a) != a {
		t.Error("one error is not itself")
	}
}
