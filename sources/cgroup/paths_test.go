package cgroup

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"testing/fstest"
)

// tree makes a file system with a cgroup mount and the ids of its groups.
func tree(t *testing.T, mount string, groups ...string) (fs.FS, map[uint64]string) {
	t.Helper()
	root := t.TempDir()
	ids := map[uint64]string{}
	for _, group := range append([]string{"/"}, groups...) {
		dir := filepath.Join(root, mount, group)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "cgroup.controllers"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, group := range append([]string{"/"}, groups...) {
		info, err := os.Stat(filepath.Join(root, mount, group))
		if err != nil {
			t.Fatal(err)
		}
		ids[info.Sys().(*syscall.Stat_t).Ino] = group
	}
	return os.DirFS(root), ids
}

func TestPaths(t *testing.T) {
	for _, mount := range []string{"sys/fs/cgroup", "sys/fs/cgroup/unified"} {
		files, want := tree(t, mount, "/system.slice", "/system.slice/ssh.service", "/a:b c")
		got, err := Paths(files)
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", mount, got, err, want)
		}
	}
}

func TestPathsWithout(t *testing.T) {
	got, err := Paths(fstest.MapFS{"sys/fs/cgroup/memory/tasks": {}})
	if err != nil || got == nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

// TestPathsFails has a file system that cannot tell inode numbers.
func TestPathsFails(t *testing.T) {
	if _, err := Paths(fstest.MapFS{"sys/fs/cgroup/cgroup.controllers": {}}); err == nil {
		t.Error("no error")
	}
}

// TestPathsLive finds the root of this machine's hierarchy, if it has one.
func TestPathsLive(t *testing.T) {
	paths, err := Paths(os.DirFS("/"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skip("there is no cgroup version 2 here")
	}
	for id, path := range paths {
		if path == "/" && id != 0 {
			return
		}
	}
	t.Errorf("no root among %d groups", len(paths))
}
