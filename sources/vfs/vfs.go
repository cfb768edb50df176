// Package vfs reads files: those of this machine, of another network namespace, of a capture, or made up for a test.
//
// It takes the place of io/fs, whose paths differ from the kernel's (path_resolution(7)): here they begin with a slash,
// and a component may hold any byte but NUL and the slash, where io/fs wants UTF-8. Anybody who may make a control
// group chooses its name.
package vfs

import (
	"errors"
	"io"
	"io/fs"
)

// Files are files by their absolute paths. Errors are about the path that was asked for, as a *fs.PathError is.
type Files interface {
	// Open opens a file, to be read once from its beginning.
	Open(path string) (io.ReadCloser, error)
	// ReadDir lists a directory, sorted by name. With an error it gives the entries that could be read.
	ReadDir(path string) ([]Entry, error)
	// ReadLink is the text of a symbolic link.
	ReadLink(path string) (string, error)
	// Stat describes a file; of a symbolic link, the file that it leads to.
	Stat(path string) (Info, error)
}

// An Entry is what a directory says of a file in it.
type Entry struct {
	Name string
	Type fs.FileMode // the type bits alone; a link is not followed
}

// Info is what is known about a file.
type Info struct {
	Mode   fs.FileMode
	Device uint64 // that it is on
	Inode  uint64 // 0 if it is unknown: a file has none that is 0
	Size   uint64 // in bytes; of /proc/PID/fd the number of open files (Linux 6.2)
}

// ReadFile reads a whole file. It gives what it could read besides the error.
func ReadFile(files Files, path string) ([]byte, error) {
	file, err := files.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(file)
}

// Renamed puts another path into an error: the one by which the file was asked for.
func Renamed(err error, path string) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return &fs.PathError{Op: at.Op, Path: path, Err: at.Err}
	}
	return err
}
