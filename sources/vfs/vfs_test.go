package vfs_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// made is a directory with a few files, and the same files made up.
func made(t *testing.T) (vfs.Dir, vfstest.Files) {
	t.Helper()
	root := t.TempDir()
	err := errors.Join(os.MkdirAll(filepath.Join(root, "a\x80b/\xff"), 0o700), os.WriteFile(filepath.Join(root,
		"a\x80b/text"), []byte("hello"), 0o600),
		os.Symlink("text", filepath.Join(root, "a\x80b/link")), os.WriteFile(filepath.Join(root, "empty"), nil, 0o600))
	if err != nil {
		t.Fatal(err)
	}
	return vfs.Dir(root), vfstest.Files{"/a\x80b/\xff": {Dir: true}, "/a\x80b/text": {Text: "hello"},
		"/a\x80b/link": {Link: "text"}, "/empty": {}}
}

// TestAlike: what is made up for tests answers as the machine does, errors included.
func TestAlike(t *testing.T) {
	dir, files := made(t)
	for _, path := range []string{"/", "/a\x80b", "/a\x80b/\xff", "/a\x80b/text", "/a\x80b/link", "/empty", "/none",
		"/a\x80b/none"} {
		for name, ask := range map[string]func(vfs.Files) (any, error){
			"read":     func(f vfs.Files) (any, error) { b, err := vfs.ReadFile(f, path); return string(b), err },
			"readdir":  func(f vfs.Files) (any, error) { return f.ReadDir(path) },
			"readlink": func(f vfs.Files) (any, error) { return f.ReadLink(path) },
			"stat":     func(f vfs.Files) (any, error) { info, err := f.Stat(path); return info.Mode.Type(), err },
		} {
			if name == "read" && strings.HasSuffix(path, "link") {
				continue // one that is made up is not followed
			}
			got, gotErr := ask(files)
			want, wantErr := ask(dir)
			if fmt.Sprint(got, gotErr) != fmt.Sprint(want, wantErr) {
				t.Errorf("%s %q: made up %v, %v; the machine says %v, %v", name, path, got, gotErr, want, wantErr)
			}
			var at *fs.PathError
			if wantErr != nil && (!errors.As(wantErr, &at) || at.Path != path) {
				t.Errorf("%s %q: %v", name, path, wantErr)
			}
		}
	}
}

// TestInfo: the numbers of a file are those of stat(2), also behind a link.
func TestInfo(t *testing.T) {
	dir, _ := made(t)
	var want syscall.Stat_t
	if err := syscall.Stat(string(dir)+"/a\x80b/text", &want); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"text", "link"} {
		if got, err := dir.Stat("/a\x80b/" + name); err != nil || got.Inode != want.Ino || got.Device != want.Dev ||
			got.Mode != 0o600 {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, want)
		}
	}
}

// TestMachine: the root of the machine is its root.
func TestMachine(t *testing.T) {
	if b, err := vfs.ReadFile(vfs.Machine, "/proc/self/comm"); err != nil || len(b) == 0 {
		t.Errorf("%q, %v", b, err)
	}
	if _, err := vfs.Machine.Open("/proc/none"); !errors.Is(err, fs.ErrNotExist) ||
		err.Error() != "open /proc/none: no such file or directory" {
		t.Error(err)
	}
}
