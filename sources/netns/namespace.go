// Package netns enters the machine's network namespaces, and finds them.
//
// A namespace belongs to a thread (setns(2)). A socket, and an open file of /proc/net, belong to the namespace in
// which they were made and may then be used anywhere, so that only a short time is spent inside.
package netns

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

var (
	// ErrUnknown says that there is no such namespace.
	ErrUnknown = errors.New("no such network namespace")
	// ErrOther says that a file is something else.
	ErrOther = errors.New("not a network namespace")
	// ErrForbidden says that we may not enter a namespace.
	ErrForbidden = errors.New("may not be entered: that takes root, or CAP_SYS_ADMIN in the user namespace that owns " +
		"it")
)

// A Namespace is a network namespace that is kept open. It exists at least until it is closed.
type Namespace struct {
	Inode uint64
	file  *os.File
}

// open opens the namespace at a location, and makes sure that it may be entered.
func open(at location) (*Namespace, error) {
	looked, err := at.openPath()
	if err != nil {
		return nil, explain(at.String(), err)
	}
	defer looked.Close()
	_, err = identify(looked)
	if errors.Is(err, ErrOther) { // there was one: a name that is a plain file now is being deleted
		err = ErrUnknown
	}
	if err != nil {
		return nil, explain(at.String(), err)
	}
	file, err := reopen(looked)
	if err != nil {
		return nil, explain(at.String(), err)
	}
	n := &Namespace{file: file}
	if n.Inode, err = identifyKind(file); err == nil {
		err = n.Do(func() error { return nil })
	}
	if err != nil {
		file.Close()
		return nil, explain(at.String(), err)
	}
	return n, nil
}

// identify gives the inode number of a file that is a namespace of any kind: one on nsfs, which holds nothing else
// (namespaces(7)).
func identify(file *os.File) (inode uint64, err error) {
	var system unix.Statfs_t
	if err := unix.Fstatfs(int(file.Fd()), &system); err != nil {
		return 0, err
	}
	if system.Type != unix.NSFS_MAGIC {
		return 0, ErrOther
	}
	var stat unix.Stat_t
	err = unix.Fstat(int(file.Fd()), &stat)
	return stat.Ino, err
}

// identifyKind is identify for a file that is open for reading, and also makes sure that it is a network namespace.
func identifyKind(file *os.File) (inode uint64, err error) {
	kind, err := unix.IoctlRetInt(int(file.Fd()), unix.NS_GET_NSTYPE)
	if err == nil && kind != unix.CLONE_NEWNET { // kernels before 4.11 do not tell
		return 0, ErrOther
	}
	return identify(file)
}

// explain turns an error about a file into one of ErrUnknown, ErrForbidden and others, with the path before it.
func explain(path string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrUnknown), errors.Is(err, fs.ErrNotExist), errors.Is(err, unix.ESRCH),
		errors.Is(err, unix.ENOTDIR):
		return fmt.Errorf("%s: %w", path, ErrUnknown)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: %w (%w)", path, ErrForbidden, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

// Do runs f inside the namespace, on a thread of its own, and waits for it. It may be called by several goroutines at
// once.
func (n *Namespace) Do(f func() error) error {
	return onThread(func() error {
		if err := n.enter(); err != nil {
			return err
		}
		return f()
	})
}

// enter moves the calling thread. The file stays open meanwhile, whoever closes it.
func (n *Namespace) enter() error {
	raw, err := n.file.SyscallConn()
	if err != nil {
		return err
	}
	var failure error
	if raw.Control(func(fd uintptr) { failure = unix.Setns(int(fd), unix.CLONE_NEWNET) }) != nil {
		return os.ErrClosed
	}
	return failure
}

// Close closes the namespace, which ends if nothing else keeps it.
func (n *Namespace) Close() error {
	return n.file.Close()
}
