package vfs

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// Why OpenRegular does not open a file.
var (
	errIrregular = errors.New("it is no regular file")
	errForeign   = errors.New("a symbolic link on the way belongs to another user")
)

// maxLinks is how many links are followed, as in the kernel (MAXSYMLINKS of linux/namei.h).
const maxLinks = 40

// OpenRegular opens a file that may be in a directory which another user can write to. Nothing but a regular file is
// opened, so that a FIFO does not block and no device is touched, and no symbolic link is followed that belongs to
// another user than root or ourselves.
func (d Dir) OpenRegular(name string) (io.ReadCloser, error) {
	found, err := walk(string(d) + name)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	defer found.Close()
	info, err := found.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errIrregular
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: unwrapped(err)}
	}
	// The descriptor is of the file that was looked at, whatever is at its path now.
	fd, err := unix.Open("/proc/self/fd/"+strconv.Itoa(int(found.Fd())), unix.O_RDONLY|unix.O_CLOEXEC|unix.O_NONBLOCK,
		0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return opened{os.NewFile(uintptr(fd), name), name}, nil
}

// walk gives an O_PATH descriptor of the file at a path, which it walks component by component.
func walk(name string) (*os.File, error) {
	at, err := openPath(unix.AT_FDCWD, "/", unix.O_DIRECTORY)
	rest, links := strings.Split(name, "/"), 0
	for err == nil && len(rest) > 0 {
		component := rest[0]
		rest = rest[1:]
		if component == "" || component == "." {
			continue
		}
		var next *os.File
		if next, err = openPath(int(at.Fd()), component, 0); err != nil {
			break
		}
		target, isLink, failed := linkOf(next)
		switch {
		case failed != nil:
			err = failed
		case !isLink:
			at.Close()
			at = next
			continue
		case links == maxLinks:
			err = unix.ELOOP
		default:
			links++
			rest = append(strings.Split(target, "/"), rest...)
		}
		next.Close()
		if err == nil && path.IsAbs(target) {
			at.Close()
			at, err = openPath(unix.AT_FDCWD, "/", unix.O_DIRECTORY)
		}
	}
	if err != nil && at != nil {
		at.Close()
	}
	return at, err
}

// openPath opens a file in a directory with O_PATH, which reads nothing and follows no link.
func openPath(dir int, name string, flags int) (*os.File, error) {
	for {
		fd, err := unix.Openat(dir, name, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC|flags, 0)
		switch err {
		case nil:
			return os.NewFile(uintptr(fd), name), nil
		case unix.EINTR:
		default:
			return nil, err
		}
	}
}

// linkOf is where a symbolic link leads, if a file is one, and an error if it is one of another user.
func linkOf(file *os.File) (target string, isLink bool, err error) {
	var stat unix.Stat_t
	if err := unix.Fstat(int(file.Fd()), &stat); err != nil {
		return "", false, err
	}
	if stat.Mode&unix.S_IFMT != unix.S_IFLNK {
		return "", false, nil
	}
	if stat.Uid != 0 && stat.Uid != uint32(os.Geteuid()) {
		return "", true, errForeign
	}
	buffer := make([]byte, unix.PathMax)
	n, err := unix.Readlinkat(int(file.Fd()), "", buffer)
	return string(buffer[:max(n, 0)]), true, err
}

// unwrapped is the error without the path that it is about.
func unwrapped(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}
