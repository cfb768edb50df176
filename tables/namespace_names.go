package tables

import (
	"slices"

	"netql/sources"
	"netql/sources/procfs"
)

// namespaceName is the network namespace that is read: its name under /run/netns, else its inode number.
func (s *scanState) namespaceName() string {
	return s.namespace.get(func() string {
		inode, err := procfs.ReadNamespace(s.system.Files, "net")
		if err != nil {
			s.warn("the network namespace is unknown: " + err.Error())
			return ""
		}
		return s.namespaceNamed(inode)
	})
}

// namespaceNamed is the name of a network namespace, the first of several, else its inode number.
func (s *scanState) namespaceNamed(inode uint64) string {
	named := s.namedNamespaces()
	i := slices.IndexFunc(named, func(n sources.Namespace) bool { return n.Inode == inode })
	if i < 0 {
		return sources.Namespace{Inode: inode}.String()
	}
	return named[i].String()
}

func (s *scanState) namedNamespaces() []sources.Namespace {
	return s.named.get(func() []sources.Namespace {
		named, err := s.system.NamedNamespaces()
		if err != nil {
			s.warn(err.Error())
		}
		return named
	})
}
