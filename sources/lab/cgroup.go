package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// cgroupEnv tells the first process of new namespaces which cgroup was made for it; empty if none could be.
const cgroupEnv = "NETQL_LAB_CGROUP"

// cgroupDir holds the hierarchies of cgroups.
const cgroupDir = "/sys/fs/cgroup"

// HasCgroup says whether the tests have a cgroup of their own, and may make others in it.
func HasCgroup() bool { return os.Getenv(cgroupEnv) != "" }

// unifiedMount is where the unified hierarchy is mounted: alone, or beside those of version 1; empty where it is not.
func unifiedMount() string {
	for _, mount := range []string{cgroupDir, cgroupDir + "/unified"} {
		if _, err := os.Stat(mount + "/cgroup.controllers"); err == nil { // a file of version 2 only
			return mount
		}
	}
	return ""
}

// newCgroup makes a cgroup below that of this process. Its path is empty where there is no unified hierarchy
// (cgroups(7)), or where this user may make none in it.
func newCgroup() (path string) {
	list, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return ""
	}
	mount := unifiedMount()
	for line := range strings.Lines(string(list)) {
		if own, unified := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "0::"); unified && mount != "" {
			path, _ = os.MkdirTemp(filepath.Join(mount, own), "netql-lab-*")
		}
	}
	return path
}

// removeCgroup removes a cgroup of newCgroup and those below it. No process is in them any more: the pid namespace has
// ended.
func removeCgroup(path string) {
	if path == "" {
		return
	}
	entries, _ := os.ReadDir(path) // those of a cgroup that is gone are none
	for _, entry := range entries {
		if entry.IsDir() {
			removeCgroup(filepath.Join(path, entry.Name()))
		}
	}
	_ = unix.Rmdir(path)
}

// enterCgroup moves this process into a cgroup of newCgroup and makes it the root of all that the calling thread and
// its children see (cgroup_namespaces(7)). Without one there are no cgroups to be seen: others' come and go.
func enterCgroup(path string) error {
	if path != "" {
		if err := os.WriteFile(filepath.Join(path, "cgroup.procs"), []byte("0"), 0); err != nil {
			return fmt.Errorf("cannot enter a cgroup: %w", err)
		}
	}
	if err := unix.Unshare(unix.CLONE_NEWCGROUP); err != nil {
		return fmt.Errorf("cannot make a cgroup namespace: %w", err)
	}
	mount := unifiedMount()
	if mount == "" {
		return nil // there is none, or it is hidden already
	}
	err := unix.Mount("none", cgroupDir, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, "mode=755")
	if err == nil {
		err = os.MkdirAll(mount, 0o755)
	}
	if err == nil && path != "" {
		err = unix.Mount("none", mount, "cgroup2", 0, "")
	}
	if err != nil {
		return fmt.Errorf("cannot hide the cgroups of the machine: %w", err)
	}
	return nil
}
