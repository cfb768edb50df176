package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

	"netql/sources/vfs"
)

// mounts are where the unified hierarchy (version 2) is: alone, or beside the hierarchies of version 1.
var mounts = []string{"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}

// Paths maps the id of every cgroup of version 2, the inode number of its directory, to its path, such as
// "/system.slice/ssh.service". Without such a hierarchy the map is empty. With an error it lacks groups that could not
// be read, and those below them.
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
	if w.failures > 1 {
		return w.paths, fmt.Errorf("%d of them cannot be read: %w", w.failures, w.firstError)
	}
	return w.paths, w.firstError
}

// A walker goes through the directories of a hierarchy.
type walker struct {
	files      vfs.Files
	paths      map[uint64]string
	failures   int   // questions that were not answered
	firstError error // the first such answer
}

// group adds a group and those below it. Users may make groups with names and depths that make a path too long to be
// opened, so that a group which cannot be read is counted, and the others are still read.
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

// failed counts what could not be read. A group that was removed meanwhile, or may not be read by us, does not count.
func (w *walker) failed(err error) {
	for _, expected := range []error{nil, fs.ErrNotExist, syscall.ENODEV, fs.ErrPermission} {
		if errors.Is(err, expected) {
			return
		}
	}
	w.failures++
	if w.firstError == nil {
		w.firstError = err
	}
}
