package netns

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// nameDirs are the directories where namespaces have names (ip-netns(8)).
var nameDirs = []string{"/run/netns/", "/var/run/netns/"}

// firstInode is the smallest inode number of a namespace, PROC_DYNAMIC_FIRST in the kernel's fs/proc/generic.c. It is
// above every pid.
const firstInode = 0xF0000000

// Find finds the namespace that a target means: a path if there is a slash in it, a pid or an inode number if it is a
// number, else a name under /run/netns.
func Find(target string) (Info, error) {
	number, err := strconv.ParseUint(target, 10, 64)
	switch {
	case strings.Contains(target, "/"):
		return infoAt(target)
	case err != nil:
		return findName(target)
	case number >= firstInode:
		return findInode(number)
	}
	return findProcess(target)
}

func findName(name string) (Info, error) {
	for _, dir := range nameDirs {
		if _, err := os.Lstat(dir + name); err == nil && name != "" {
			return infoAt(dir + name)
		}
	}
	return Info{}, fmt.Errorf("%s%s: %w", nameDirs[0], name, ErrUnknown)
}

func findProcess(pid string) (Info, error) {
	if _, err := os.Lstat("/proc/" + pid); err != nil {
		return Info{}, fmt.Errorf("no process has the number %s: %w", pid, ErrUnknown)
	}
	return infoAt("/proc/" + pid + "/ns/net")
}

// findInode looks for the inode number in List.
func findInode(inode uint64) (Info, error) {
	all, err := List()
	for _, p := range all {
		if p.Inode == inode {
			return p, nil
		}
	}
	if err != nil {
		return Info{}, fmt.Errorf("network namespace %d: %w, as far as can be seen: %w", inode, ErrUnknown, err)
	}
	return Info{}, fmt.Errorf("network namespace %d: %w", inode, ErrUnknown)
}

// infoAt identifies the namespace at a path, without opening it.
func infoAt(path string) (Info, error) {
	at := location{path: path}
	file, err := at.openPath()
	if err != nil {
		return Info{}, explain(path, err)
	}
	defer file.Close()
	inode, err := identify(file)
	return Info{Inode: inode, locations: []location{at}}, explain(path, err)
}
