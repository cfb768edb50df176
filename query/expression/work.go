package expression

import (
	"errors"

	"netql/query/stop"
)

// maxWork bounds what an expression may do for one row, in steps of about a tenth of a microsecond. Without it a short
// query, such as one with loops over long lists inside one another, would never end.
const maxWork = 4 << 20

// textStep is how much text a function reads or writes in one step, in bytes.
const textStep = 64

// These end an evaluation.
var (
	errTooMuch = errors.New("it would take too long")
	errStopped = errors.New("the run has ended")
)

// work counts the steps for the current row.
type work struct {
	steps int
	stop  *stop.Flag // of the run
}

// spend fails when there have been too many steps, or the run is to end.
func (w *work) spend(steps int) error {
	if w.stop.Set() {
		return errStopped
	}
	if w.steps = min(w.steps+steps, maxWork+1); w.steps > maxWork {
		return errTooMuch
	}
	return nil
}

// metered charges a function's calls: a step for the call, and one for each textStep bytes of arguments and result.
func (w *work) metered(call func(args ...any) (any, error)) func(args ...any) (any, error) {
	return func(args ...any) (any, error) {
		read := 0
		for _, arg := range args {
			n := size(arg)
			if n > maxSize {
				return nil, errTooLarge // a list that an array or map(...) made
			}
			read += n
		}
		if err := w.spend(1 + read/textStep); err != nil {
			return nil, err
		}
		value, err := call(args...)
		if err != nil {
			return nil, err
		}
		return value, w.spend(size(value) / textStep)
	}
}
