package hub

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// tally counts for how many names something was done.
type tally struct {
	total, done, left int
	failure           error // the first that is not about a name alone
	stderr            io.Writer
}

// note notes how it went with a name. Where it cannot be done because of what is there for that name, that is told, and
// others may go on.
func (t *tally) note(err error) {
	switch {
	case err == nil:
		t.done++
	case t.total > 1 && (errors.Is(err, errKnown) || errors.Is(err, errUnknown) || errors.Is(err, fs.ErrExist)):
		t.left++
		fmt.Fprintf(t.stderr, "netql-fleet hub: %v\n", err)
	case t.failure == nil:
		t.failure = err
	}
}

// end is the error of all.
func (t *tally) end() error {
	switch {
	case t.failure != nil && t.total > 1:
		return fmt.Errorf("%w; %d of %d names were not done", t.failure, t.total-t.done, t.total)
	case t.left > 0:
		return fmt.Errorf("%d of %d names were left as they are", t.left, t.total)
	}
	return t.failure
}
