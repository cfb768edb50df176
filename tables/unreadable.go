package tables

import (
	"errors"
	"io/fs"
	"slices"
	"strings"

	"netql/sources/ethtool"
	"netql/sources/netlink"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// Unreadable is the error of a table of which nothing could be read. It is no warning, as for a part that is missing,
// because an empty answer must not pass for a complete one.
type Unreadable struct {
	What string // what the rows are called: "routes"
	Err  error
}

func (e *Unreadable) Error() string { return "no " + e.What + " could be read: " + e.Err.Error() }

func (e *Unreadable) Unwrap() error { return e.Err }

// Forbidden says whether the reason is that the user lacks a permission, so that trying again does not help.
func (e *Unreadable) Forbidden() bool { return errors.Is(e.Err, fs.ErrPermission) }

// isAbsence says whether an error means that the machine has nothing to read there, because its kernel is older or was
// built without it. That is no failure.
func isAbsence(err error) bool {
	return slices.ContainsFunc([]error{
		fs.ErrNotExist, netlink.ErrNoModule, netlink.ErrNotStrict, ethtool.ErrUnsupported, errors.ErrUnsupported,
	}, func(cause error) bool { return errors.Is(err, cause) })
}

// absence is the error of something that the machine lacks; its text says what.
type absence string

func (a absence) Error() string { return string(a) }

func (absence) Unwrap() error { return fs.ErrNotExist }

// missingFile is the error of a file that does not exist, in other words.
type missingFile struct {
	absence
	err error
}

func (m missingFile) Unwrap() error { return m.err }

// failures are the errors of parts of a table. They are held back until another part is read, and then become warnings.
type failures struct {
	warn  func(message string)
	files vfs.Files
	what  string // what messages call the rows of the table: "sockets"
	held  []failedPart
	found bool // something was read
}

type failedPart struct {
	what string // what warnings call the rows of the part: "tcp sockets"
	err  error
}

// add notes a part that could not be read to its end.
func (f *failures) add(what string, err error) {
	f.held = append(f.held, failedPart{what, err})
	if f.found {
		f.read()
	}
}

// read notes that something was read, and warns of the failures that were held back.
func (f *failures) read() {
	f.found = true
	for _, part := range f.held {
		f.warn("not all " + part.what + " could be read: " + part.err.Error())
	}
	f.held = f.held[:0]
}

// end ends the reading: the failures that are still held back become warnings, but the first that is no absence is the
// result, an *Unreadable; nil if there is none. Without /proc no absence says anything about the kernel.
func (f *failures) end() error {
	var err error
	if i := slices.IndexFunc(f.held, func(part failedPart) bool { return !isAbsence(part.err) }); i >= 0 {
		first := f.held[i]
		err = &Unreadable{f.what, first.err}
		f.held = slices.DeleteFunc(f.held, func(part failedPart) bool {
			return part.what == first.what && part.err.Error() == first.err.Error()
		})
	} else if f.misses() && unmounted(f.files) {
		return &Unreadable{f.what, procfs.ErrNotMounted}
	}
	f.read()
	return err
}

// misses says whether a file of /proc is missing.
func (f *failures) misses() bool {
	return slices.ContainsFunc(f.held, func(part failedPart) bool {
		at, ok := errors.AsType[*fs.PathError](part.err)
		return ok && strings.HasPrefix(at.Path, "/proc/") && errors.Is(at, fs.ErrNotExist)
	})
}

// absent says that a path below /proc is missing because the kernel does not have it. Where all of /proc/net is
// missing, which every kernel has, that says nothing about the kernel.
func absent(files vfs.Files, path string) bool {
	if _, err := files.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return false
	}
	_, err := files.Stat("/proc/net")
	return err == nil
}

// unmounted says that /proc is not mounted.
func unmounted(files vfs.Files) bool {
	_, err := files.Stat("/proc/net")
	return errors.Is(err, fs.ErrNotExist)
}
