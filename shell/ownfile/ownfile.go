// Package ownfile opens what a user keeps for himself, and nothing that somebody else could have put in its place.
package ownfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// What somebody else could have put where our own files are looked for. sudo -E keeps HOME, and root would write into
// whatever a link leads to, or wait for the other end of a FIFO.
var (
	ErrForeign   = errors.New("it belongs to another user")
	ErrLink      = errors.New("it is a symbolic link")
	ErrIrregular = errors.New("it is no regular file")
)

// Directory opens a directory of ours below a base, which must be there. It makes what is missing between.
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

// child opens a directory in one of ours, and makes it if it is missing. A link of ours may stand for it.
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

// Open opens a regular file of ours in a directory of ours. It waits for nobody, as it would with a FIFO.
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

// openIn is openat(2).
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

// owned closes what does not belong to the user that we act as.
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
