package tables

import (
	"errors"
	"fmt"
	"io/fs"

	"netql/sources/netlink"
	"netql/sources/vfs"
)

// outcome is how it goes to read a table. What fails costs a warning where anything else of the table can be read, and
// is the answer's error where nothing can, so that nobody takes it for an empty table.
type outcome struct {
	*scanState
	read bool // a row, or a whole list
	held []failure
}

// failure is why some rows could not be read.
type failure struct {
	what string // the rows: "udp sockets"
	err  error
}

// succeed says that something could be read.
func (o *outcome) succeed() {
	if o.read {
		return
	}
	o.read = true
	o.tell(o.held)
	o.held = nil
}

// fail says that rows are missing. Where the kernel lacks what they would come from, there are none to miss, but for
// those that another source knows of.
func (o *outcome) fail(what string, err error) {
	switch f := (failure{what, err}); {
	case errors.Is(err, netlink.ErrInterrupted):
		o.warn("the " + what + " changed while they were read: one may be missing, or listed twice")
		o.succeed()
	case o.read || lacking(o.system.Files, err):
		o.tell([]failure{f})
	default:
		o.held = append(o.held, f)
	}
}

// end is the error of a table of which nothing could be read.
func (o *outcome) end() error {
	if len(o.held) == 0 {
		return nil
	}
	o.tell(o.held[1:])
	return fmt.Errorf("the %s cannot be read: %w", o.held[0].what, o.held[0].err)
}

func (o *outcome) tell(failures []failure) {
	for _, f := range failures {
		o.warn("not all " + f.what + " could be read: " + f.err.Error())
	}
}

// missing says in words that a file, or a part of one, is not there.
type missing string

func (m missing) Error() string { return string(m) }
func (missing) Unwrap() error   { return fs.ErrNotExist }

// lacking says that an error comes from what the kernel does not have.
func lacking(files vfs.Files, err error) bool {
	if errors.Is(err, fs.ErrNotExist) {
		return hasProc(files)
	}
	return errors.Is(err, netlink.ErrNoModule)
}

// absent says that the kernel has no such path.
func absent(files vfs.Files, path string) bool {
	_, err := files.Stat(path)
	return errors.Is(err, fs.ErrNotExist) && hasProc(files)
}

// hasProc says that /proc is there: where all of it is missing, a missing file says nothing about the kernel.
func hasProc(files vfs.Files) bool {
	_, err := files.Stat("/proc/net")
	return err == nil
}
