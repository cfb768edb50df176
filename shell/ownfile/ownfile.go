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
// must exist, and all of them must belong to the effective user.
func Directory(base, below string) (*os.File, error) {
	dir, err := os.OpenFile(base, os.O_RDONLY|unix.O_DIRECTORY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if _, err := owned(dir); err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(below, "/") {
		next, err := child(dir, name)
		dir.Close()
		if err != nil {
			return nil, err
		}
		dir = next
	}
	return dir, nil
}

// child opens a directory in dir, and makes it if it is missing. It may be a symbolic link that belongs to the
// effective user.
func child(dir *os.File, name string) (*os.File, error) {
	if err := unix.Mkdirat(int(dir.Fd()), name, 0o700); err != nil && err != unix.EEXIST {
		return nil, &fs.PathError{Op: "mkdir", Path: filepath.Join(dir.Name(), name), Err: err}
	}
	flags := unix.O_DIRECTORY | unix.O_NOFOLLOW
	var found unix.Stat_t
	err := unix.Fstatat(int(dir.Fd()), name, &found, unix.AT_SYMLINK_NOFOLLOW)
	if err == nil && found.Mode&unix.S_IFMT == unix.S_IFLNK && found.Uid == uint32(os.Geteuid()) {
		flags = unix.O_DIRECTORY
	}
	below, err := openIn(dir, name, flags, 0)
	if err != nil {
		return nil, err
	}
	if _, err := owned(below); err != nil {
		return nil, err
	}
	return below, nil
}

// Open opens a regular file of the effective user in dir, which Directory has opened. flags are those of open(2). It
// never blocks, as opening a FIFO would.
func Open(dir *os.File, name string, flags int, mode uint32) (*os.File, error) {
	file, err := openIn(dir, name, flags|unix.O_NOFOLLOW|unix.O_NONBLOCK, mode)
	if errors.Is(err, unix.ELOOP) {
		return nil, &fs.PathError{Op: "open", Path: filepath.Join(dir.Name(), name), Err: ErrLink}
	}
	if err != nil {
		return nil, err
	}
	info, err := owned(file)
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

// owned is the file's information; an error, and the file is closed, if it does not belong to the effective user.
func owned(file *os.File) (fs.FileInfo, error) {
	var stat unix.Stat_t
	err := unix.Fstat(int(file.Fd()), &stat)
	if err == nil && stat.Uid != uint32(os.Geteuid()) {
		err = ErrForeign
	}
	if err != nil {
		file.Close()
		return nil, &fs.PathError{Op: "open", Path: file.Name(), Err: err}
	}
	return file.Stat()
}
