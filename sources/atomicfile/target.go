package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// ErrIrregular says that what would be replaced is a directory, a device, a FIFO or a link that leads nowhere.
var ErrIrregular = errors.New("it is no regular file")

// ErrForeignLink says that a path leads through a link that somebody else has put where everybody may put one.
var ErrForeignLink = errors.New("it leads through another user's link in a directory that is open to all")

// maxLinks is how many links a path may lead through, as in the kernel (MAXSYMLINKS of linux/namei.h).
const maxLinks = 40

// target is the file to replace: a name in a directory that is held open, so that a link which is put on the path later
// leads nowhere else.
type target struct {
	dir    *os.File
	name   string
	path   string      // as it was asked for, for errors
	old    unix.Stat_t // what is there, if anything is
	exists bool
}

// resolve finds the target of a path as the kernel would, links included. Links that fs.protected_symlinks (proc(5))
// forbids to follow are an error, even where that is off.
func resolve(path string) (*target, error) {
	w := resolver{}
	defer w.close()
	err := w.pushNames(path)
	for err == nil {
		name := w.rest[0]
		w.rest = w.rest[1:]
		var found unix.Stat_t
		err = unix.Fstatat(w.fd(), name, &found, unix.AT_SYMLINK_NOFOLLOW)
		switch last := len(w.rest) == 0; {
		case err == nil && found.Mode&unix.S_IFMT == unix.S_IFLNK:
			err = w.follow(name, found)
		case last && err == unix.ENOENT && w.viaLink: // the last link leads nowhere
			err = ErrIrregular
		case last && (err == nil || err == unix.ENOENT):
			p := &target{dir: w.dir, name: name, path: path, old: found, exists: err == nil}
			if err = p.check(); err == nil {
				w.dir = nil // it belongs to the place now
				return p, nil
			}
		case err == nil:
			err = w.descend(name)
		}
	}
	return nil, pathError(path, err)
}

// pathError is the error for a path that is not replaced, or cannot be opened.
func pathError(path string, err error) error {
	if err == ErrIrregular || err == ErrForeignLink {
		return &fs.PathError{Op: "replace", Path: path, Err: err}
	}
	return &fs.PathError{Op: "open", Path: path, Err: err}
}

// resolveIn is the target for a name in a directory. A link of that name is not followed.
func resolveIn(dir *os.File, name string) (*target, error) {
	fd, err := unix.FcntlInt(dir.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("fcntl", err)
	}
	p := &target{dir: os.NewFile(uintptr(fd), dir.Name()), name: name, path: dir.Name() + "/" + name}
	err = unix.Fstatat(fd, name, &p.old, unix.AT_SYMLINK_NOFOLLOW)
	if p.exists = err == nil; p.exists || err == unix.ENOENT {
		err = p.check()
	}
	if err != nil {
		p.dir.Close()
		return nil, pathError(p.path, err)
	}
	return p, nil
}

// check refuses to replace what is no regular file.
func (p *target) check() error {
	if p.exists && p.old.Mode&unix.S_IFMT != unix.S_IFREG {
		return ErrIrregular
	}
	return nil
}

// resolver is the state of resolve: the directory so far, and the names that are left.
type resolver struct {
	dir     *os.File
	rest    []string // the names that are left
	links   int      // how many were followed
	viaLink bool     // the last component of the path was a link
}

func (w *resolver) fd() int { return int(w.dir.Fd()) }

func (w *resolver) close() {
	if w.dir != nil {
		w.dir.Close()
	}
}

// pushNames puts the names of a path before those that are left, and goes to the root if it is absolute. A slash at the
// end asks for a directory.
func (w *resolver) pushNames(path string) error {
	if path == "" {
		return unix.ENOENT
	}
	names := slices.DeleteFunc(strings.Split(path, "/"), func(name string) bool { return name == "" })
	if strings.HasSuffix(path, "/") {
		names = append(names, ".")
	}
	w.rest = append(names, w.rest...)
	switch {
	case strings.HasPrefix(path, "/"):
		return w.open(unix.AT_FDCWD, "/", 0)
	case w.dir == nil:
		return w.open(unix.AT_FDCWD, ".", 0)
	}
	return nil
}

// follow pushes the names of a link's text, unless fs.protected_symlinks would forbid that (may_follow_link of
// fs/namei.c): in a sticky directory that everybody may write to, a link must be ours or the directory's owner's.
func (w *resolver) follow(name string, link unix.Stat_t) error {
	var parent unix.Stat_t
	if err := unix.Fstat(w.fd(), &parent); err != nil {
		return err
	}
	const open = unix.S_ISVTX | unix.S_IWOTH
	if parent.Mode&open == open && link.Uid != uint32(os.Geteuid()) && link.Uid != parent.Uid {
		return ErrForeignLink
	}
	if w.links++; w.links > maxLinks {
		return unix.ELOOP
	}
	target := make([]byte, unix.PathMax)
	n, err := unix.Readlinkat(w.fd(), name, target)
	if err != nil {
		return err
	}
	w.viaLink = w.viaLink || len(w.rest) == 0
	return w.pushNames(string(target[:n]))
}

// descend goes into a directory; a link that has taken its place meanwhile is an error.
func (w *resolver) descend(name string) error { return w.open(w.fd(), name, unix.O_NOFOLLOW) }

func (w *resolver) open(at int, name string, flags int) error {
	fd, err := openAt(at, name, flags|unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return err
	}
	w.close()
	w.dir = os.NewFile(uintptr(fd), name)
	return nil
}

// openAt is openat(2), repeated when a signal interrupts it (EINTR).
func openAt(at int, name string, flags int, mode uint32) (fd int, err error) {
	for {
		if fd, err = unix.Openat(at, name, flags|unix.O_CLOEXEC, mode); err != unix.EINTR {
			return fd, err
		}
	}
}
