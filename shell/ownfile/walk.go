package ownfile

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// maxLinks is how many symbolic links may be on a path (path_resolution(7)).
const maxLinks = 40

// enter opens a directory by a path from dir. A symbolic link on the way must belong to root, as /home -> /usr/home
// does, or to the effective user: any other leads where somebody else wants.
func enter(dir *os.File, path string) (*os.File, error) {
	at, err := openIn(dir, ".", unix.O_PATH|unix.O_DIRECTORY, 0)
	for links := 0; err == nil && path != ""; {
		if path[0] == '/' {
			at.Close()
			at, err = os.OpenFile("/", unix.O_PATH|unix.O_DIRECTORY, 0)
			path = strings.TrimLeft(path, "/")
			continue
		}
		name, rest, _ := strings.Cut(path, "/")
		var next *os.File
		var target string
		next, target, err = step(at, name)
		switch {
		case err != nil:
		case next != nil:
			at.Close()
			at, path = next, strings.TrimLeft(rest, "/")
		default:
			path = target + "/" + rest
			if links++; links > maxLinks {
				err = &fs.PathError{Op: "open", Path: filepath.Join(at.Name(), name), Err: unix.ELOOP}
			}
		}
	}
	if err != nil {
		if at != nil {
			at.Close()
		}
		return nil, err
	}
	defer at.Close()
	return openIn(at, ".", unix.O_RDONLY|unix.O_DIRECTORY, 0)
}

// step opens a directory in dir with O_PATH, which takes no right to read it; if it is a symbolic link, next is nil and
// target is where it leads. A directory that is mounted when somebody enters it (autofs) is entered by its dot, which
// openat2(2) can do without following a link.
func step(dir *os.File, name string) (next *os.File, target string, err error) {
	next, err = openIn(dir, name, unix.O_PATH|unix.O_NOFOLLOW, 0)
	if err != nil {
		return nil, "", err
	}
	var stat unix.Stat_t
	err = unix.Fstat(int(next.Fd()), &stat)
	if err == nil && stat.Mode&unix.S_IFMT != unix.S_IFLNK {
		how := unix.OpenHow{Flags: unix.O_PATH | unix.O_DIRECTORY | unix.O_CLOEXEC, Resolve: unix.RESOLVE_NO_SYMLINKS}
		if fd, err := unix.Openat2(int(dir.Fd()), name+"/.", &how); err == nil {
			next.Close()
			return os.NewFile(uintptr(fd), filepath.Join(dir.Name(), name)), "", nil
		}
		return next, "", nil // a kernel before 5.6, or no directory, which the next step tells
	}
	defer next.Close()
	if err == nil && stat.Uid != 0 && stat.Uid != uint32(os.Geteuid()) {
		err = ErrForeign
	}
	if err == nil {
		target, err = readLink(next)
	}
	if err != nil {
		return nil, "", &fs.PathError{Op: "open", Path: next.Name(), Err: err}
	}
	return nil, target, nil
}

// readLink reads a symbolic link that is open.
func readLink(link *os.File) (string, error) {
	b := make([]byte, unix.PathMax)
	n, err := unix.Readlinkat(int(link.Fd()), "", b)
	if err == nil && n == 0 {
		err = unix.ENOENT
	}
	return string(b[:max(n, 0)]), err
}
