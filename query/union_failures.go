package query

import "fmt"

// memberFailures are the errors of members. They are held back until a member could be read, and then become warnings.
type memberFailures struct {
	warn  func(message string)
	held  []error
	lost  func(Member) // is told of each of these members
	found bool         // a member could be read
	alone bool         // there is one member, whose error is that of the reading
}

func memberError(m Member, err error) error { return fmt.Errorf("%s: %w", m.Name, err) }

// add notes a member that could not be read to its end.
func (f *memberFailures) add(m Member, err error) {
	f.held = append(f.held, memberError(m, err))
	f.lost(m)
	if f.found {
		f.read()
	}
}

// read notes that a member could be read, if only in part, and warns of the errors that were held back.
func (f *memberFailures) read() {
	f.found = true
	if f.alone {
		return
	}
	for _, err := range f.held {
		f.warn(err.Error())
	}
	f.held = nil
}

// end ends the reading: where no member could be read, the first error is the result, and the others become warnings.
func (f *memberFailures) end() error {
	if len(f.held) == 0 {
		return nil
	}
	first := f.held[0]
	f.held = f.held[1:]
	f.read()
	return first
}
