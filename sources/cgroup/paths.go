package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
)

// mounts are the places of the unified hierarchy: its own, and beside those of version 1.
var mounts = []string{"sys/fs/cgroup", "sys/fs/cgroup/unified"}

// Paths maps the id of every cgroup of version 2 to its path, "/system.slice/ssh.service". The id is the inode number
// of the group's directory. Without such a hierarchy the map is empty.
func Paths(files fs.FS) (map[uint64]string, error) {
	for _, mount := range mounts {
		if _, err := fs.Stat(files, mount+"/cgroup.controllers"); err == nil { // a file of version 2 only
			return walk(files, mount)
		}
	}
	return map[uint64]string{}, nil
}

func walk(files fs.FS, mount string) (map[uint64]string, error) {
	paths := map[uint64]string{}
	err := fs.WalkDir(files, mount, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			return nil
		}
		if err == nil {
			err = add(paths, strings.TrimPrefix(name, mount), entry)
		}
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENODEV) || errors.Is(err, fs.ErrPermission) {
			return nil // removed meanwhile, or not ours to see
		}
		return err
	})
	return paths, err
}

func add(paths map[uint64]string, path string, entry fs.DirEntry) error {
	info, err := entry.Info()
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return fmt.Errorf("%s: its file system has no inode numbers", path)
	}
	if path == "" {
		path = "/"
	}
	paths[stat.Ino] = path
	return nil
}
