// Package ownfile opens files that a program keeps for its user, such as a history, and refuses anything that another
// user could have put in their place: another's file, a symbolic link, a FIFO.
package ownfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// Why a file is not opened. sudo -E keeps another user's HOME: root would write into whatever a link there leads to, or
// wait for the other end of a FIFO.
var (
	ErrForeign   = errors.New("it belongs to another user")
	ErrLink      = errors.New("it is a symbolic link")
	ErrIrregular = errors.New("it is no regular file")
)

// Directory opens the directory below a base directory, and makes the directories that are missing on the way. base
// must exist, all of them must belong to the effective user, and links on the way to base or below to that user or to
// root.
func Directory(base, below string) (*os.File, error) {
	start, err := os.OpenFile(".", unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return nil, err
	}
	dir, err := directoryOf(own, start, base)
	for name := range strings.SplitSeq(below, "/") {
		if err != nil {
			return nil, err
		}
		dir, err = child(dir, name)
	}
	return dir, err
}

// owner says whether files of a user are opened.
type owner func(uid uint32) bool

// own are the files of the effective user alone.
func own(uid uint32) bool { return uid == uint32(os.Geteuid()) }

// child closes dir and opens a directory in it, which it makes if it is missing.
func child(dir *os.File, name string) (*os.File, error) {
	if err := unix.Mkdirat(int(dir.Fd()), name, 0o700); err != nil && err != unix.EEXIST {
		dir.Close()
		return nil, &fs.PathError{Op: "mkdir", Path: filepath.Join(dir.Name(), name), Err: err}
	}
	return directoryOf(own, dir, name)
}

// directoryOf closes dir and opens a directory of an owner, by its path from dir.
func directoryOf(whose owner, dir *os.File, path string) (*os.File, error) {
	defer dir.Close()
	found, err := enter(dir, path)
	if err != nil {
		return nil, err
	}
	if _, err := owned(whose, found); err != nil {
		return nil, err
	}
	return found, nil
}

// Open opens a regular file of the effective user in dir, which Directory has opened. flags are those of open(2). It
// never blocks, as opening a FIFO would.
func Open(dir *os.File, name string, flags int, mode uint32) (*os.File, error) {
	return openOf(own, dir, name, flags, mode)
}

// openOf is Open for the files of an owner.
func openOf(whose owner, dir *os.File, name string, flags int, mode uint32) (*os.File, error) {
	file, err := openIn(dir, name, flags|unix.O_NOFOLLOW|unix.O_NONBLOCK, mode)
	if errors.Is(err, unix.ELOOP) {
		return nil, &fs.PathError{Op: "open", Path: filepath.Join(dir.Name(), name), Err: ErrLink}
	}
	if err != nil {
		return nil, err
	}
	info, err := owned(whose, file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		file.Close()
		return nil, &fs.PathError{Op: "open", Path: file.Name(), Err: ErrIrregular}
	}
	return file, nil
}

// openIn is openat(2), which it repeats after EINTR.
func openIn(dir *os.File, name string, flags int, mode uint32) (*os.File, error) {
	path := filepath.Join(dir.Name(), name)
	for {
		fd, err := unix.Openat(int(dir.Fd()), name, flags|unix.O_CLOEXEC, mode)
		switch err {
		case unix.EINTR:
		case nil:
			return os.NewFile(uintptr(fd), path), nil
		default:
			return nil, &fs.PathError{Op: "open", Path: path, Err: err}
		}
	}
}

// owned is the file's information; an error, and the file is closed, if it does not belong to the owner.
func owned(whose owner, file *os.File) (fs.FileInfo, error) {
	var stat unix.Stat_t
	err := unix.Fstat(int(file.Fd()), &stat)
	if err == nil && !whose(stat.Uid) {
		err = ErrForeign
	}
	if err != nil {
		file.Close()
		return nil, &fs.PathError{Op: "open", Path: file.Name(), Err: err}
	}
	return file.Stat()
}
