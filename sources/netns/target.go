package netns

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// names are the directories where namespaces have names (ip-netns(8)).
var names = []string{"/run/netns/", "/var/run/netns/"}

// firstInode is the smallest inode number of a namespace, PROC_DYNAMIC_FIRST in the kernel's fs/proc/generic.c. No process
// has a number that large.
const firstInode = 0xF0000000

// Find finds the namespace that a person means: by a path, if there is a slash in it; by the number of a process in it, or
// by its own inode number; else by its name.
func Find(target string) (Place, error) {
	number, err := strconv.ParseUint(target, 10, 64)
	switch {
	case strings.Contains(target, "/"):
		return placeAt(target)
	case err != nil:
		return findName(target)
	case number >= firstInode:
		return findInode(number)
	}
	return findProcess(target)
}

func findName(name string) (Place, error) {
	for _, dir := range names {
		if _, err := os.Lstat(dir + name); err == nil && name != "" {
			return placeAt(dir + name)
		}
	}
	return Place{}, fmt.Errorf("%s%s: %w", names[0], name, ErrUnknown)
}

func findProcess(pid string) (Place, error) {
	if _, err := os.Lstat("/proc/" + pid); err != nil {
		return Place{}, fmt.Errorf("no process has the number %s: %w", pid, ErrUnknown)
	}
	return placeAt("/proc/" + pid + "/ns/net")
}

// findInode looks for the namespace among all that can be found.
func findInode(inode uint64) (Place, error) {
	all, err := List()
	for _, p := range all {
		if p.Inode == inode {
			return p, nil
		}
	}
	if err != nil {
		return Place{}, fmt.Errorf("network namespace %d: %w, as far as can be seen: %w", inode, ErrUnknown, err)
	}
	return Place{}, fmt.Errorf("network namespace %d: %w", inode, ErrUnknown)
}

// placeAt looks at a file and does not open it.
func placeAt(path string) (Place, error) {
	at := location{path: path}
	file, err := at.look()
	if err != nil {
		return Place{}, explain(path, err)
	}
	defer file.Close()
	inode, err := identify(file)
	return Place{Inode: inode, at: []location{at}}, explain(path, err)
}
