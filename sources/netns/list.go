package netns

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

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
		n, err := open(at)
		switch {
		case err == nil && n.Inode == p.Inode:
			return n, nil
		case err == nil:
			n.Close() // another one has taken the path
		case failure == nil && !errors.Is(err, ErrUnknown):
			failure = err
		}
	}
	return nil, cmp.Or(failure, explain("network namespace "+strconv.FormatUint(p.Inode, 10), ErrUnknown))
}

// Hidden is the error that some processes do not let us see their namespaces.
type Hidden struct{ access.Refused }

func (h *Hidden) Error() string { return h.Explain(access.Advice) }

// List finds the namespaces that have a name, a process, an open file or a mount, each once: those with a name by
// name, then the others by inode number. One that lives only because a thread or a socket is in it is not found. The
// error says why there may be more.
func List() ([]Info, error) {
	l := &lister{found: map[uint64]*Info{}, mounts: map[string]bool{}}
	l.named()
	pids, err := procfs.Processes(vfs.Machine)
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
	return list, err
}

// lister gathers namespaces.
type lister struct {
	found   map[uint64]*Info
	mounts  map[string]bool // mount namespaces that were looked into
	refused access.Refused
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

// named adds what is under /run/netns. What cannot be read, or is no namespace, names nothing.
func (l *lister) named() {
	for _, dir := range nameDirs {
		entries, _ := os.ReadDir(dir)
		for _, entry := range entries {
			if at, err := infoAt(dir + entry.Name()); err == nil {
				p := l.add(at.Inode, location{path: dir + entry.Name()})
				p.Name = cmp.Or(p.Name, entry.Name())
			}
		}
	}
}

// process adds the namespace of a process, those that it has open, and those that are mounted where it is. It may
// exit at any moment.
func (l *lister) process(pid int) {
	dir := "/proc/" + strconv.Itoa(pid)
	inode, err := netLink(dir + "/ns/net")
	switch {
	case err == nil:
		p := l.add(inode, location{path: dir + "/ns/net"})
		p.PID = cmp.Or(p.PID, pid)
	case errors.Is(err, fs.ErrPermission):
		l.refused.Consider(vfs.Machine, pid)
		return
	default:
		return
	}
	if pid != os.Getpid() { // what we have open ourselves is no reason to read it
		l.openFiles(dir + "/fd/")
	}
	if mount, err := os.Readlink(dir + "/ns/mnt"); err == nil && !l.mounts[mount] {
		l.mounts[mount] = true
		l.addMounts(pid)
	}
}

func (l *lister) openFiles(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, entry := range entries {
		if inode, err := netLink(dir + entry.Name()); err == nil {
			l.add(inode, location{path: dir + entry.Name()})
		}
	}
}

func (l *lister) addMounts(pid int) {
	list, _ := procfs.Mounts(vfs.Machine, strconv.Itoa(pid))
	for _, m := range list {
		if inode, ok := netInode(m.Root); ok && m.Type == "nsfs" {
			l.add(inode, location{pid, m.Point})
		}
	}
}

// netLink reads a link to a network namespace.
func netLink(path string) (uint64, error) {
	text, err := os.Readlink(path)
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
