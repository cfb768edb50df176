package netns

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"

	"netql/sources/access"
	"netql/sources/multierror"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// Info describes a network namespace that was found. It is not open, and may end at any moment.
type Info struct {
	Inode uint64
	Name  string // the first under /run/netns; "" if it has none
	PID   int    // the first process in it by number; 0 if none can be seen

	locations []location // where it was found
}

// maxLocations is how many locations of one namespace are kept: several, because each may go at any moment.
const maxLocations = 8

// Open opens it. ErrUnknown says that it has gone meanwhile.
func (p Info) Open() (*Namespace, error) {
	var failure error
	for _, at := range p.locations {
		n, err := p.openAt(at)
		switch {
		case err == nil:
			return n, nil
		case failure == nil && !errors.Is(err, ErrUnknown):
			failure = err
		}
	}
	return nil, cmp.Or(failure, explain("network namespace "+strconv.FormatUint(p.Inode, 10), ErrUnknown))
}

// openAt opens it at one of its locations. What is not there any more may still be mounted, below another mount.
func (p Info) openAt(at location) (*Namespace, error) {
	n, err := open(at)
	if err == nil && n.Inode == p.Inode {
		return n, nil
	}
	if err == nil {
		n.Close() // another one has taken the path
		err = ErrUnknown
	}
	gone := errors.Is(err, ErrUnknown)
	if !gone && !errors.Is(err, errUncached) {
		return nil, err
	}
	mounted, unlisted := at.mounts(p.Inode)
	switch {
	case unlisted != nil:
		err = fmt.Errorf("whether it has gone is unknown: %w", unlisted)
	case !mounted:
		err = ErrUnknown
	case gone:
		err = errCovered
	default:
		err = errUncached // alone: explain puts the path before it
	}
	return nil, explain(at.String(), err)
}

// Hidden is the error that some processes do not let us see their namespaces.
type Hidden struct{ access.Refused }

func (h *Hidden) Error() string { return h.Explain(access.Advice) }

// List finds the namespaces that have a name, a process, an open file or a mount, each once: those with a name by
// name, then the others by inode number. One that lives only because a thread or a socket is in it is not found. The
// error says why there may be more.
func List() ([]Info, error) { return listIn(vfs.Machine) }

// listIn is List by the machine's files.
func listIn(files vfs.Files) ([]Info, error) {
	l := &lister{files: files, found: map[uint64]*Info{}, mounts: map[string]bool{}}
	l.named()
	pids, err := procfs.Processes(files)
	for _, pid := range pids {
		l.process(pid)
	}
	if l.refused.Count > 0 {
		err = multierror.Join(err, &Hidden{l.refused})
	}
	list := make([]Info, 0, len(l.found))
	for _, p := range l.found {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b Info) int {
		named := -cmp.Compare(min(len(a.Name), 1), min(len(b.Name), 1))
		return cmp.Or(named, cmp.Compare(a.Name, b.Name), cmp.Compare(a.Inode, b.Inode))
	})
	return list, multierror.Join(err, l.unread.err())
}

// lister gathers namespaces.
type lister struct {
	files   vfs.Files
	found   map[uint64]*Info
	mounts  map[string]bool // what was looked into: mount namespaces, each with a root
	refused access.Refused
	unread  unread
}

func (l *lister) add(inode uint64, at location) *Info {
	p := l.found[inode]
	if p == nil {
		p = &Info{Inode: inode}
		l.found[inode] = p
	}
	if len(p.locations) < maxLocations {
		p.locations = append(p.locations, at)
	}
	return p
}

// named adds what is under /run/netns. What has gone, or is no namespace, names nothing.
func (l *lister) named() {
	for _, dir := range nameDirs {
		entries, err := l.files.ReadDir(dir)
		if !procfs.Gone(err) {
			l.unread.add(err)
		}
		for _, entry := range entries {
			at, err := infoAt(dir + entry.Name)
			switch {
			case err == nil:
				p := l.add(at.Inode, location{path: dir + entry.Name})
				p.Name = cmp.Or(p.Name, entry.Name)
			case !errors.Is(err, ErrUnknown) && !errors.Is(err, ErrOther):
				l.unread.add(err)
			}
		}
	}
}

// process adds what a process leads to. One that does not let us look into it, or of which something could not be read,
// is counted once. It may exit at any moment, which is no error.
func (l *lister) process(pid int) {
	switch err := l.lookInto(pid); {
	case errors.Is(err, fs.ErrPermission):
		l.refused.Consider(l.files, pid)
	case !procfs.Gone(err):
		l.unread.add(err)
	}
}

// lookInto adds the namespace of a process, those that it has open, and those that are mounted where it is. The error
// is the first one.
func (l *lister) lookInto(pid int) error {
	dir := "/proc/" + strconv.Itoa(pid)
	inode, err := l.netLink(dir + "/ns/net")
	if err != nil {
		return err
	}
	p := l.add(inode, location{path: dir + "/ns/net"})
	p.PID = cmp.Or(p.PID, pid)
	if pid != os.Getpid() { // what we have open ourselves is no reason to read it
		err = l.openFiles(dir + "/fd")
	}
	return cmp.Or(err, l.mountsOf(pid))
}

// openFiles adds the namespaces among the open files of a process.
func (l *lister) openFiles(dir string) error {
	entries, failure := l.files.ReadDir(dir)
	for _, entry := range entries {
		path := dir + "/" + entry.Name
		inode, err := l.netLink(path)
		switch {
		case err == nil:
			l.add(inode, location{path: path})
		case procfs.Gone(err), errors.Is(err, ErrOther):
		case errors.Is(err, unix.ENAMETOOLONG): // a path that fills more than a page; that of a namespace is short
		default:
			failure = cmp.Or(failure, err)
		}
	}
	return failure
}

// mountsOf adds the namespaces that are mounted where a process is, unless another one with the same mount namespace
// and the same root, which hides what is outside of it, was looked into.
func (l *lister) mountsOf(pid int) error {
	dir := "/proc/" + strconv.Itoa(pid)
	mount, err := l.files.ReadLink(dir + "/ns/mnt")
	if err != nil {
		return err
	}
	root, err := l.files.ReadLink(dir + "/root")
	if err != nil && !errors.Is(err, unix.ENAMETOOLONG) { // then the root is "", and may hide as much as it likes
		return err
	}
	if place := mount + root; !l.mounts[place] {
		if err := l.addMounts(pid); err != nil {
			return err
		}
		l.mounts[place] = root != ""
	}
	return nil
}

// addMounts adds what is mounted where a process is. The list of one that is exiting is an invalid argument
// (mounts_open_common in fs/proc_namespace.c).
func (l *lister) addMounts(pid int) error {
	list, err := procfs.Mounts(l.files, strconv.Itoa(pid))
	if errors.Is(err, unix.EINVAL) {
		return unix.ESRCH
	}
	for _, m := range list {
		if inode, ok := m.NetNamespace(); ok {
			l.add(inode, location{pid, m.Point})
		}
	}
	return err
}

// netLink reads a link to a network namespace.
func (l *lister) netLink(path string) (uint64, error) {
	text, err := l.files.ReadLink(path)
	if err != nil {
		return 0, err
	}
	inode, ok := netInode(text)
	if !ok {
		return 0, ErrOther
	}
	return inode, nil
}

func netInode(text string) (uint64, bool) {
	if !strings.HasPrefix(text, "net:[") {
		return 0, false
	}
	inode, err := procfs.ParseNamespace(text)
	return inode, err == nil
}
