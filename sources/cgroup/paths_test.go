package cgroup

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// tree makes a file system with a cgroup mount and the ids of its groups.
func tree(t *testing.T, mount string, groups ...string) (vfs.Files, map[uint64]string) {
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
	return vfs.Dir(root), ids
}

func TestPaths(t *testing.T) {
	for _, mount := range []string{"/sys/fs/cgroup", "/sys/fs/cgroup/unified"} {
		files, want := tree(t, mount, "/system.slice", "/system.slice/ssh.service", "/a:b c", "/A\x80B", "/A\x80B/\n")
		got, err := Paths(files)
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%s: %v, %v; want %v", mount, got, err, want)
		}
	}
}

func TestPathsWithout(t *testing.T) {
	got, err := Paths(vfstest.Files{"/sys/fs/cgroup/memory/tasks": {}})
	if err != nil || got == nil || len(got) != 0 {
		t.Errorf("%v, %v", got, err)
	}
}

// TestPathsPartly: a group that cannot be asked for, and one that cannot be listed, cost no other one; one that has
// gone, or is not ours to see, is no loss.
func TestPathsPartly(t *testing.T) {
	const root = "/sys/fs/cgroup"
	files := vfstest.Files{
		root: {Dir: true, Inode: 1}, root + "/cgroup.controllers": {}, root + "/a": {Dir: true,
			Err: syscall.ENAMETOOLONG},
		root + "/b": {Dir: true, Inode: 2}, root + "/b/c": {Dir: true, Inode: 3}, root + "/d": {Dir: true,
			Err: syscall.ENODEV},
		root + "/e": {Dir: true, Err: syscall.EACCES},
	}
	want := map[uint64]string{1: "/", 2: "/b", 3: "/b/c"}
	got, err := Paths(files)
	if !maps.Equal(got, want) || !errors.Is(err, syscall.ENAMETOOLONG) ||
		err.Error() != "stat "+root+"/a: file name too long" {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
	files[root+"/b/f"] = vfstest.File{Dir: true, Err: syscall.EIO}
	if got, err := Paths(files); !maps.Equal(got, want) || !strings.HasPrefix(err.Error(),
		"2 of them cannot be read: stat "+root+"/a: ") {
		t.Errorf("%v, %v; want %v", got, err, want)
	}
}

// TestPathsFails has a file system that cannot tell inode numbers, and one of which nobody can tell whether it is
// there.
func TestPathsFails(t *testing.T) {
	for name, file := range map[string]vfstest.File{"no numbers": {}, "no answer": {Err: syscall.EMFILE}} {
		if _, err := Paths(vfstest.Files{"/sys/fs/cgroup/cgroup.controllers": file}); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestPathsLive finds the root of this machine's hierarchy, if it has one.
func TestPathsLive(t *testing.T) {
	paths, err := Paths(vfs.Machine)
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
