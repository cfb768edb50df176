package containers

import (
	"cmp"
	"slices"
	"strings"

	"netql/sources/cgroup"
	"netql/sources/procfs"
	"netql/sources/vfs"
)

// Running is a container with processes.
type Running struct {
	Container     // with nothing but the id where no more is known
	PID       int // of the first of them by number
}

// ListRunning lists the containers in which processes run, by that number. The error says why there may be more, or why
// names are unknown.
func ListRunning(files vfs.Files) (list []Running, err error) {
	pids, err := procfs.Processes(files)
	finder, seen := NewFinder(files), map[string]bool{}
	slices.Sort(pids)
	for _, pid := range pids {
		groups, failed := procfs.ReadCgroups(files, pid)
		if failed != nil {
			continue // it has exited, or is not to be seen
		}
		group := procfs.CgroupPath(groups)
		c, failed := finder.Find(group)
		err = cmp.Or(err, failed)
		if c == nil {
			c = &Container{ID: cgroup.Container(group)}
		}
		if c.ID != "" && !seen[c.ID] {
			seen[c.ID] = true
			list = append(list, Running{*c, pid})
		}
	}
	return list, err
}

// fewestDigits is how many digits of an id stand for it. Fewer would often be the id of one container by chance.
const fewestDigits = 4

// Called are the containers that a text means: those with this name, id or pod, else those whose id begins with it.
func Called(list []Running, text string) []Running {
	if text == "" {
		return nil
	}
	means := func(match func(*Running) bool) (found []Running) {
		for i := range list {
			if match(&list[i]) {
				found = append(found, list[i])
			}
		}
		return found
	}
	if found := means(func(c *Running) bool { return text == c.Name || text == c.ID || text == c.Pod }); found != nil {
		return found
	}
	return means(func(c *Running) bool {
		return len(text) >= fewestDigits && cgroup.Container(c.ID) == c.ID && strings.HasPrefix(c.ID, text)
	})
}
