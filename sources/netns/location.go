package netns

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"netql/sources/procfs"
	"netql/sources/vfs"
)

// A location is a path at which a namespace was found. The owner of a directory on the way may have put something else
// there by now: a link to a file of root's, a FIFO, a device. So it is opened with O_PATH first (open(2)), which does
// nothing to the file, then identified, and what was identified is what is opened (reopen).
type location struct {
	pid  int    // of the process in whose mount namespace the path is; 0 for our own
	path string // absolute, below the root of that process
}

func (l location) String() string {
	if l.pid == 0 {
		return l.path
	}
	return l.root() + l.path
}

func (l location) root() string { return fmt.Sprintf("/proc/%d/root", l.pid) }

// openPath opens the location with O_PATH: the descriptor serves to identify the file, and not to read it.
func (l location) openPath() (*os.File, error) {
	fd, err := l.openPathFD()
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), l.String()), nil
}

func (l location) openPathFD() (int, error) {
	const flags = unix.O_PATH | unix.O_CLOEXEC
	if l.pid == 0 { // links are followed: ip-netns(8) does, and /proc/PID/ns/net is one
		return retry(func() (int, error) { return unix.Open(l.path, flags, 0) })
	}
	root, err := retry(func() (int, error) { return unix.Open(l.root(), flags|unix.O_DIRECTORY, 0) })
	if err != nil {
		return -1, err
	}
	defer unix.Close(root)
	fd, err := beneath(root, l.path)
	if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) { // the latter from a filter that does not know it
		fd, err = walk(root, l.path)
	}
	return fd, err
}

// mounts says whether the process has a network namespace mounted at the location; false for one of our own paths, and
// where the process has exited.
func (l location) mounts(inode uint64) (bool, error) {
	if l.pid == 0 {
		return false, nil
	}
	list, err := procfs.Mounts(vfs.Machine, strconv.Itoa(l.pid))
	found := slices.ContainsFunc(list, func(m procfs.Mount) bool {
		number, ok := m.NetNamespace()
		return ok && number == inode && m.Point == l.path
	})
	if found || procfs.Gone(err) || errors.Is(err, unix.EINVAL) { // the latter while it exits
		err = nil
	}
	return found, err
}

// resolveCached is RESOLVE_CACHED of linux/openat2.h.
const resolveCached = 0x20

var (
	// errUncached says that the kernel would have to ask a file system where a path leads, which may never answer.
	errUncached = errors.New("a file system on the way would have to be asked, and need not answer")
	// errCovered says that a namespace is mounted at a path, but something else is what is found there.
	errCovered = errors.New("it cannot be entered, because something else is mounted over it")
)

// beneath opens a path below a directory with O_PATH by openat2(2), Linux 5.6, and follows no link. The kernel asks no
// file system for it (RESOLVE_CACHED, Linux 5.12): a file system of FUSE is a process of its owner's, which need not
// answer. The path to a mount is always cached, so that a path that is not cached leads to no mount, or to one behind
// such a file system.
func beneath(root int, path string) (int, error) {
	how := unix.OpenHow{
		Flags:   unix.O_PATH | unix.O_NOFOLLOW | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_IN_ROOT | unix.RESOLVE_NO_SYMLINKS | resolveCached,
	}
	open := func() (int, error) { return unix.Openat2(root, path, &how) }
	var fd int
	var err error
	for range 3 { // a rename anywhere, meanwhile, also makes the cache fail
		if fd, err = retry(open); !errors.Is(err, unix.EAGAIN) {
			break
		}
	}
	if errors.Is(err, unix.EINVAL) {
		how.Resolve &^= resolveCached
		fd, err = retry(open)
	}
	if errors.Is(err, unix.EAGAIN) {
		return -1, errUncached
	}
	if err == nil && isLink(fd) { // O_PATH|O_NOFOLLOW opens a link that is the last component
		unix.Close(fd)
		return -1, unix.ELOOP
	}
	return fd, err
}

// walk opens a path below a directory as beneath does, on kernels that lack openat2.
func walk(root int, path string) (int, error) {
	at, err := unix.FcntlInt(uintptr(root), unix.F_DUPFD_CLOEXEC, 0)
	for name := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if err != nil {
			return -1, err
		}
		if name == ".." {
			unix.Close(at)
			return -1, unix.EXDEV
		}
		var next int
		next, err = retry(func() (int, error) {
			return unix.Openat(at, name, unix.O_PATH|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
		})
		unix.Close(at)
		if at = next; err == nil && isLink(at) {
			unix.Close(at)
			err = unix.ELOOP
		}
	}
	return at, err
}

func isLink(fd int) bool {
	var stat unix.Stat_t
	return unix.Fstat(fd, &stat) == nil && stat.Mode&unix.S_IFMT == unix.S_IFLNK
}

// retry repeats a system call that a signal interrupted (EINTR).
func retry(call func() (int, error)) (int, error) {
	for {
		if fd, err := call(); !errors.Is(err, unix.EINTR) {
			return fd, err
		}
	}
}

// reopen opens, for reading, the file that an O_PATH descriptor stands for, whatever is at its path now. Only where
// /proc is not mounted does the descriptor have no path.
func reopen(looked *os.File) (*os.File, error) {
	file, err := os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", looked.Fd()), os.O_RDONLY|unix.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, procfs.ErrNotMounted
	}
	return file, errors.Unwrap(err)
}
