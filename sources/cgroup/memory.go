package cgroup

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"netql/sources/procfs"
	"netql/sources/vfs"
)

// MemoryLimit is how many bytes the control groups of a process let it have: the least limit of its group and those
// above it (memory.max of version 2, memory.limit_in_bytes of version 1). ok is false where there is none, or none can
// be read.
func MemoryLimit(files vfs.Files, pid int) (bytes int64, ok bool) {
	groups, _ := procfs.ReadCgroups(files, pid)
	for _, group := range groups {
		roots, name := mounts, "memory.max"
		if slices.Contains(group.Controllers, "memory") {
			roots, name = []string{"/sys/fs/cgroup/memory"}, "memory.limit_in_bytes"
		} else if group.Hierarchy != "0" {
			continue
		}
		for _, root := range roots {
			for at := path.Clean("/" + group.Path); ; at = path.Dir(at) {
				if limit, limited := readLimit(files, path.Join(root, at, name)); limited && (!ok || limit < bytes) {
					bytes, ok = limit, true
				}
				if at == "/" {
					break
				}
			}
		}
	}
	return bytes, ok
}

// noLimit is from which number on version 1 means none: the largest number of whole pages, of 64 KiB at most.
const noLimit = 1<<63 - 1<<16

// readLimit reads a limit: a number, or "max" for none.
func readLimit(files vfs.Files, file string) (bytes int64, ok bool) {
	text, err := vfs.ReadFile(files, file)
	if err != nil {
		return 0, false
	}
	bytes, err = strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return bytes, err == nil && bytes >= 0 && bytes < noLimit
}
