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

// place is a name in a directory that is held open: nobody can lead us elsewhere any more by putting a link on the
// way.
type place struct {
	dir   *os.File
	name  string
	path  string      // as it was asked for, for messages
	old   unix.Stat_t // what is there, if anything is
	there bool
}

// find walks along a path as the kernel does, links included, but for those that fs.protected_symlinks (proc(5)) is
// about: they are not followed, whatever that is set to.
func find(path string) (*place, error) {
	w := walk{}
	defer w.close()
	err := w.enter(path)
	for err == nil {
		name := w.rest[0]
		w.rest = w.rest[1:]
		var found unix.Stat_t
		err = unix.Fstatat(w.fd(), name, &found, unix.AT_SYMLINK_NOFOLLOW)
		switch last := len(w.rest) == 0; {
		case err == nil && found.Mode&unix.S_IFMT == unix.S_IFLNK:
			err = w.follow(name, found)
		case last && err == unix.ENOENT && w.linked: // the last link leads nowhere
			err = ErrIrregular
		case last && (err == nil || err == unix.ENOENT):
			p := &place{dir: w.dir, name: name, path: path, old: found, there: err == nil}
			if err = p.check(); err == nil {
				w.dir = nil // it belongs to the place now
				return p, nil
			}
		case err == nil:
			err = w.down(name)
		}
	}
	return nil, refusal(path, err)
}

// refusal says what was tried: what is there is not replaced, or nothing could be opened.
func refusal(path string, err error) error {
	if err == ErrIrregular || err == ErrForeignLink {
		return &fs.PathError{Op: "replace", Path: path, Err: err}
	}
	return &fs.PathError{Op: "open", Path: path, Err: err}
}

// findIn is the place of a name in a directory. A link of that name is not followed.
func findIn(dir *os.File, name string) (*place, error) {
	fd, err := unix.FcntlInt(dir.Fd(), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, os.NewSyscallError("fcntl", err)
	}
	p := &place{dir: os.NewFile(uintptr(fd), dir.Name()), name: name, path: dir.Name() + "/" + name}
	err = unix.Fstatat(fd, name, &p.old, unix.AT_SYMLINK_NOFOLLOW)
	if p.there = err == nil; p.there || err == unix.ENOENT {
		err = p.check()
	}
	if err != nil {
		p.dir.Close()
		return nil, refusal(p.path, err)
	}
	return p, nil
}

// check refuses to replace what is no regular file.
func (p *place) check() error {
	if p.there && p.old.Mode&unix.S_IFMT != unix.S_IFREG {
		return ErrIrregular
	}
	return nil
}

// walk is how far a path has been walked along.
type walk struct {
	dir    *os.File
	rest   []string // the names that are left
	links  int      // how many were followed
	linked bool     // the name that comes is the last one of a link that stood for the last name
}

func (w *walk) fd() int { return int(w.dir.Fd()) }

func (w *walk) close() {
	if w.dir != nil {
		w.dir.Close()
	}
}

// enter lets the names of a path come first. An empty one is nowhere; a slash at the end asks for a directory.
func (w *walk) enter(path string) error {
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

// follow lets the names come next to which a link leads, unless fs.protected_symlinks forbids it (may_follow_link of
// fs/namei.c): in a sticky directory that everybody may write into, a link must be ours or of the directory's owner.
func (w *walk) follow(name string, link unix.Stat_t) error {
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
	w.linked = w.linked || len(w.rest) == 0
	return w.enter(string(target[:n]))
}

// down goes into a directory, which must be one by now.
func (w *walk) down(name string) error { return w.open(w.fd(), name, unix.O_NOFOLLOW) }

func (w *walk) open(at int, name string, flags int) error {
	fd, err := openAt(at, name, flags|unix.O_PATH|unix.O_DIRECTORY, 0)
	if err != nil {
		return err
	}
	w.close()
	w.dir = os.NewFile(uintptr(fd), name)
	return nil
}

// openAt is openat(2), asked again when a signal comes between.
func openAt(at int, name string, flags int, mode uint32) (fd int, err error) {
	for {
		if fd, err = unix.Openat(at, name, flags|unix.O_CLOEXEC, mode); err != unix.EINTR {
			return fd, err
		}
	}
}
