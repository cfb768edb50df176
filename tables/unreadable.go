package tables

import (
	"errors"
	"io/fs"
	"slices"

	"netql/sources/ethtool"
	"netql/sources/netlink"
)

// Unreadable says that nothing of a table could be read. It is an error, where a part that is missing is a warning:
// an empty answer must not look like one of which nothing is missing.
type Unreadable struct {
	What string // what the rows are called: "routes"
	Err  error
}

func (e *Unreadable) Error() string { return "no " + e.What + " could be read: " + e.Err.Error() }

func (e *Unreadable) Unwrap() error { return e.Err }

// Forbidden says whether the user lacks the permission, so that another try will go no better.
func (e *Unreadable) Forbidden() bool { return errors.Is(e.Err, fs.ErrPermission) }

// lacking says that the machine has nothing to read there: the kernel is older, or was built without it. What is not
// there is no failure.
func lacking(err error) bool {
	return slices.ContainsFunc([]error{
		fs.ErrNotExist, netlink.ErrNoModule, netlink.ErrNotStrict, ethtool.ErrUnsupported, errors.ErrUnsupported,
	}, func(cause error) bool { return errors.Is(err, cause) })
}

// absence says what the machine lacks.
type absence string

func (a absence) Error() string { return string(a) }

func (absence) Unwrap() error { return fs.ErrNotExist }

// failures are why parts of a table could not be read. They are held back until something else of it is read: then
// each is a warning.
type failures struct {
	warn  func(message string)
	what  string
	held  []failedPart
	found bool // something could be read
}

type failedPart struct {
	what string // what warnings call the rows of the part: "tcp sockets"
	err  error
}

// add takes note of a part that could not be read to its end.
func (f *failures) add(what string, err error) {
	f.held = append(f.held, failedPart{what, err})
	if f.found {
		f.read()
	}
}

// read says that something could be read.
func (f *failures) read() {
	f.found = true
	for _, part := range f.held {
		f.warn("not all " + part.what + " could be read: " + part.err.Error())
	}
	f.held = f.held[:0]
}

// end is the error of a table of which nothing could be read. It tells the first reason, and warnings the others. What
// the machine lacks is no such reason.
func (f *failures) end() error {
	var err error
	if i := slices.IndexFunc(f.held, func(part failedPart) bool { return !lacking(part.err) }); i >= 0 {
		first := f.held[i]
		err = &Unreadable{f.what, first.err}
		f.held = slices.DeleteFunc(f.held, func(part failedPart) bool {
			return part.what == first.what && part.err.Error() == first.err.Error()
		})
	}
	f.read()
	return err
}
