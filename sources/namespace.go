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
	for _, named := range s.namedNamespaces(new(error)) {
		if named.Inode == inode {
			return named
		}
	}
	return Namespace{Inode: inode}
}

// NamedNamespaces are all namespaces that have a name; one with several is there several times. The error, an *Unnamed,
// says that there may be more.
func (s *System) NamedNamespaces() (list []Namespace, err error) {
	var unread error
	for _, named := range s.namedNamespaces(&unread) {
		if !slices.Contains(list, named) { // /var/run is /run nearly everywhere
			list = append(list, named)
		}
	}
	return list, unnamed(unread)
}

// Unnamed is the error that namespaces may have names that could not be read.
type Unnamed struct{ Err error }

// unnamed is nil without a reason.
func unnamed(reason error) error {
	if reason == nil {
		return nil
	}
	return &Unnamed{reason}
}

func (u *Unnamed) Error() string {
	return "network namespaces may have names that could not be read: " + u.Err.Error()
}

// Unwrap gives the reason.
func (u *Unnamed) Unwrap() error { return u.Err }

// namedNamespaces yields the files by which network namespaces have names: bind mounts of the namespaces (ip-netns(8)).
// Files that are no namespace are left out, as after a reboot, or where we do not see the mount: all namespaces are on
// one device (nsfs, namespaces(7)). The first error of what is there and could not be read is put into failed.
func (s *System) namedNamespaces(failed *error) iter.Seq2[string, Namespace] {
	failing := func(err error) {
		if err != nil && !procfs.Gone(err) && *failed == nil {
			*failed = err
		}
	}
	return func(yield func(string, Namespace) bool) {
		own, err := s.Files.Stat("/proc/self/ns/net")
		failing(err)
		for _, dir := range namespaceNames {
			entries, err := s.Files.ReadDir(dir)
			failing(err)
			for _, entry := range entries {
				path := dir + "/" + entry.Name
				info, err := s.Files.Stat(path)
				failing(err)
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
