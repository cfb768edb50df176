package sources

import (
	"path"
	"slices"

	"netql/sources/procfs"
)

// A Covered namespace is mounted where namespaces have names, but something else is mounted over it or over the
// directory, so that the path does not lead to it.
type Covered struct {
	Inode uint64
	Path  string
}

// CoveredNamespaces are the covered namespaces, as far as our list of mounts tells. The error says that there may be
// more.
func (s *System) CoveredNamespaces() (list []Covered, err error) {
	mounts, err := procfs.Mounts(s.Files, "self")
	if procfs.Gone(err) { // a capture that does not have it, or no /proc, of which others tell
		return nil, nil
	}
	for _, m := range mounts {
		inode, ok := m.NetNamespace()
		covered := Covered{inode, m.Point}
		if !ok || !slices.Contains(namespaceNames, path.Dir(m.Point)) || slices.Contains(list, covered) {
			continue
		}
		if info, err := s.Files.Stat(m.Point); err != nil || info.Inode != inode {
			list = append(list, covered)
		}
	}
	return list, err
}
