package sources

import (
	"io/fs"
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
	return Namespace{namespaceName(s.Files, inode), inode}, nil
}

// namespaceName looks for the file that is the namespace itself, mounted there. What cannot be read names nothing.
func namespaceName(files fs.FS, inode uint64) string {
	for _, dir := range namespaceNames {
		entries, _ := fs.ReadDir(files, dir)
		for _, entry := range entries {
			info, err := fs.Stat(files, dir+"/"+entry.Name())
			if err != nil {
				continue
			}
			if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Ino == inode {
				return entry.Name()
			}
		}
	}
	return ""
}
