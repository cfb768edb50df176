// Package multierror joins errors into one whose text is one line: messages are one line each, and show the line end
// that errors.Join puts between two as \n.
package multierror

import "strings"

// joined are several errors, each not nil. As errors may be compared, it is used by its address.
type joined struct{ errs []error }

// Join is errors.Join with semicolons: nil without an error, the error itself if it is the only one.
func Join(errs ...error) error {
	var all []error
	for _, err := range errs {
		if err != nil {
			all = append(all, err)
		}
	}
	switch len(all) {
	case 0:
		return nil
	case 1:
		return all[0]
	}
	return &joined{all}
}

func (j *joined) Error() string {
	texts := make([]string, len(j.errs))
	for i, err := range j.errs {
		texts[i] = err.Error()
	}
	return strings.Join(texts, "; ")
}

// Unwrap gives the errors to errors.Is and errors.As.
func (j *joined) Unwrap() []error { return j.errs }
