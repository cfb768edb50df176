package procfs

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"netql/sources/vfs"
)

// A Cgroup is one line of /proc/PID/cgroup (cgroups(7)): the place of a process in one hierarchy.
type Cgroup struct {
	Hierarchy   string   // "0" is the unified one, cgroup v2
	Controllers []string // v1 only, such as "memory" or "name=systemd"
	Path        string   // below the root of the hierarchy, as the reader's cgroup namespace shows it
}

// ReadCgroups reads /proc/PID/cgroup.
func ReadCgroups(files vfs.Files, pid int) ([]Cgroup, error) {
	return parseFile(files, fmt.Sprintf("/proc/%d/cgroup", pid), ParseCgroups)
}

// ParseCgroups reads such a file.
func ParseCgroups(r io.Reader) ([]Cgroup, error) {
	var list []Cgroup
	for l, err := range lines(r) {
		if err != nil {
			return list, err
		}
		parts := strings.SplitN(l.text, ":", 3)
		if len(parts) != 3 {
			return list, l.fault("not hierarchy:controllers:path")
		}
		c := Cgroup{Hierarchy: parts[0], Path: strings.TrimSuffix(parts[2], " (deleted)")}
		if parts[1] != "" {
			c.Controllers = strings.Split(parts[1], ",")
		}
		list = append(list, c)
	}
	return list, nil
}

// CgroupPath is the path that tells the most about a process; empty if there is none. Where systemd keeps its units in
// a hierarchy of v1 it is the path there, because a container runtime that manages v1 leaves its own service's path in
// v2 (0::/system.slice/containerd.service). Else it is the longest; where there is only v2, that is the only one.
func CgroupPath(list []Cgroup) string {
	longest := ""
	for _, c := range list {
		if slices.Contains(c.Controllers, "name=systemd") && c.Path != "/" {
			return c.Path
		}
		if len(c.Path) > len(longest) {
			longest = c.Path
		}
	}
	return longest
}
