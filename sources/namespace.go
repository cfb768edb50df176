package sources

import (
	"iter"
	"slices"
	"strconv"

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
var namespaceNames = []string{"/run/netns", "/var/run/netns"}

// Namespace is the network namespace of the system.
func (s *System) Namespace() (Namespace, error) {
	inode, err := procfs.ReadNamespace(s.Files, "net")
	if err != nil {
		return Namespace{}, err
	}
	return s.namespaceByInode(inode), nil
}

// namespaceByInode is the namespace of an inode number, with its name if it has one.
func (s *System) namespaceByInode(inode uint64) Namespace {
	for _, named := range s.namedNamespaces() {
		if named.Inode == inode {
			return named
		}
	}
	return Namespace{Inode: inode}
}

// NamedNamespaces are all namespaces that have a name; one with several is there several times.
func (s *System) NamedNamespaces() []Namespace {
	var list []Namespace
	for _, named := range s.namedNamespaces() {
		if !slices.Contains(list, named) { // /var/run is /run nearly everywhere
			list = append(list, named)
		}
	}
	return list
}

// namedNamespaces yields the files by which network namespaces have names: bind mounts of the namespaces (ip-netns(8)).
// Files that cannot be read are left out, and those that are no namespace, as after a reboot, or where we do not see
// the mount: all namespaces are on one device (nsfs, namespaces(7)).
func (s *System) namedNamespaces() iter.Seq2[string, Namespace] {
	return func(yield func(string, Namespace) bool) {
		own, _ := s.Files.Stat("/proc/self/ns/net")
		for _, dir := range namespaceNames {
			entries, _ := s.Files.ReadDir(dir)
			for _, entry := range entries {
				path := dir + "/" + entry.Name
				info, err := s.Files.Stat(path)
				if err != nil || info.Inode == 0 || own.Inode != 0 && info.Device != own.Device {
					continue
				}
				if !yield(path, Namespace{entry.Name, info.Inode}) {
					return
				}
			}
		}
	}
}
