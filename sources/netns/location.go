package netns

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"netql/sources/procfs"
	"netql/sources/vfs"
)

// A location is where a namespace was found. Whoever owns the directories on the way may have put anything else there
// by now: a link to a file of root's, a FIFO, a device. So it is looked at before it is opened (O_PATH in open(2)),
// and what was looked at is what is opened.
type location struct {
	pid  int    // of the process whose list of mounts tells it; 0 where it is our own path
	path string // absolute, below the root of that process
}

func (l location) String() string {
	if l.pid == 0 {
		return l.path
	}
	return l.root() + l.path
}

func (l location) root() string { return fmt.Sprintf("/proc/%d/root", l.pid) }

// look gives a file descriptor of what is at the location, by which it can be asked what it is and nothing else.
func (l location) look() (*os.File, error) {
	fd, err := l.descriptor()
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), l.String()), nil
}

func (l location) descriptor() (int, error) {
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
	if errors.Is(err, errUncached) && !l.mounted() {
		err = unix.ENOENT
	}
	return fd, err
}

// mounted says whether there is a mount at the location, as far as the process tells.
func (l location) mounted() bool {
	list, _ := procfs.Mounts(vfs.Machine, strconv.Itoa(l.pid))
	return slices.ContainsFunc(list, func(m procfs.Mount) bool { return m.Point == l.path })
}

// resolveCached is RESOLVE_CACHED of linux/openat2.h.
const resolveCached = 0x20

// errUncached says that a file system would have to be asked where a path leads, and may never answer.
var errUncached = errors.New("a file system on the way would have to be asked, and need not answer")

// beneath looks at a path below a directory by openat2(2), Linux 5.6, and follows no link. It also asks no file system
// (RESOLVE_CACHED, Linux 5.12): one of FUSE is a process of its owner's, which need not answer. The way to a
// mount is always cached, so that what is not cached has no mount, or lies on such a file system.
func beneath(root int, path string) (int, error) {
	how := unix.OpenHow{
		Flags:   unix.O_PATH | unix.O_NOFOLLOW | unix.O_CLOEXEC,
		Resolve: unix.RESOLVE_IN_ROOT | unix.RESOLVE_NO_SYMLINKS | resolveCached,
	}
	open := func() (int, error) { return unix.Openat2(root, path, &how) }
	var fd int
	var err error
	for range 3 { // a file that is renamed meanwhile, anywhere, also is why the cache does not answer
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

// walk looks at a path below a directory as beneath does, on kernels that lack openat2.
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

// retry calls again what a signal has interrupted.
func retry(call func() (int, error)) (int, error) {
	for {
		if fd, err := call(); !errors.Is(err, unix.EINTR) {
			return fd, err
		}
	}
}

// reopen opens for good what was looked at, and nothing that has taken its place.
func reopen(looked *os.File) (*os.File, error) {
	return os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", looked.Fd()), os.O_RDONLY|unix.O_NONBLOCK, 0)
}
