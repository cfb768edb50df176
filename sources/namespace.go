package sources

import (
	"io/fs"
	"iter"
	"slices"
	"strconv"
	"syscall"

	"netql/sources/procfs"
)

// A Namespace is a network namespace.
type Namespace struct {
	Name  string // as ip-netns(8) gives it; empty if it has none
	Inode uint64
}

// String is the name, else the inode number.
func (n Namespace) String() string {
	if n.Name != "" {
		return n.Name
	}
	return strconv.FormatUint(n.Inode, 10)
}

// namespaceNames are the directories where a network namespace has its name.
var namespaceNames = []string{"run/netns", "var/run/netns"}

// Namespace says in which network namespace the system is.
func (s *System) Namespace() (Namespace, error) {
	inode, err := procfs.ReadNamespace(s.Files, "net")
	if err != nil {
		return Namespace{}, err
	}
	return s.named(inode), nil
}

// named finds the name of a namespace, if it has one.
func (s *System) named(inode uint64) Namespace {
	for named := range s.namedNamespaces() {
		if named.Inode == inode {
			return named
		}
	}
	return Namespace{Inode: inode}
}

// NamedNamespaces are all namespaces that have a name; one with several is there several times.
func (s *System) NamedNamespaces() []Namespace {
	var list []Namespace
	for named := range s.namedNamespaces() {
		if !slices.Contains(list, named) { // /var/run is /run nearly everywhere
			list = append(list, named)
		}
	}
	return list
}

// namedNamespaces looks for the files that are namespaces themselves, mounted there. What cannot be read names nothing, and
// neither does a file that is none, as after a reboot or under a mount that we do not see.
func (s *System) namedNamespaces() iter.Seq[Namespace] {
	return func(yield func(Namespace) bool) {
		_, device, known := identity(s.Files, "proc/self/ns/net")
		for _, dir := range namespaceNames {
			entries, _ := fs.ReadDir(s.Files, dir)
			for _, entry := range entries {
				inode, on, ok := identity(s.Files, dir+"/"+entry.Name())
				if ok && (on == device || !known) && !yield(Namespace{entry.Name(), inode}) {
					return
				}
			}
		}
	}
}

// identity is the inode number of a file, and the device that it is on: all namespaces are on one (nsfs, namespaces(7)).
func identity(files fs.FS, name string) (inode, device uint64, ok bool) {
	info, err := fs.Stat(files, name)
	if err != nil {
		return 0, 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return stat.Ino, uint64(stat.Dev), true
}
