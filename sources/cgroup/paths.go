package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"netql/sources/vfs"
)

// mounts are the places of the unified hierarchy: its own, and beside those of version 1.
var mounts = []string{"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}

// Paths maps the id of every cgroup of version 2 to its path, "/system.slice/ssh.service". The id is the inode number
// of the group's directory. Without such a hierarchy the map is empty. An error says why it lacks some: groups that
// cannot be read, with what is below them.
func Paths(files vfs.Files) (map[uint64]string, error) {
	w := walker{files: files, paths: map[uint64]string{}}
	for _, mount := range mounts {
		_, err := files.Stat(mount + "/cgroup.controllers") // a file of version 2 only
		if err == nil {
			w.group(mount, "/")
			break
		}
		w.failed(err)
	}
	if w.unread > 1 {
		return w.paths, fmt.Errorf("%d of them cannot be read: %w", w.unread, w.fault)
	}
	return w.paths, w.fault
}

// A walker goes through the directories of a hierarchy.
type walker struct {
	files  vfs.Files
	paths  map[uint64]string
	unread int   // questions that were not answered
	fault  error // the first such answer
}

// group adds a group and those below it. Anybody may make groups, with any name and as deep as the kernel's own path
// of the group is long, so that one that cannot be asked for costs no other.
func (w *walker) group(dir, path string) {
	info, err := w.files.Stat(dir)
	switch {
	case err != nil:
		w.failed(err)
		return
	case info.Inode == 0:
		w.failed(fmt.Errorf("%s: its file system has no inode numbers", dir))
	default:
		w.paths[info.Inode] = path
	}
	entries, err := w.files.ReadDir(dir)
	w.failed(err)
	for _, entry := range entries {
		if entry.Type.IsDir() {
			w.group(dir+"/"+entry.Name, strings.TrimSuffix(path, "/")+"/"+entry.Name)
		}
	}
}

// failed counts what could not be read. A group that was removed meanwhile, or is not ours to see, is no failure.
func (w *walker) failed(err error) {
	for _, expected := range []error{nil, fs.ErrNotExist, syscall.ENODEV, fs.ErrPermission} {
		if errors.Is(err, expected) {
			return
		}
	}
	w.unread++
	if w.fault == nil {
		w.fault = err
	}
}
