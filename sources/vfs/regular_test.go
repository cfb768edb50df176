package vfs_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"netql/sources/vfs"
)

// TestOpenRegular: regular files are opened, behind links of ours too, and nothing else is touched.
func TestOpenRegular(t *testing.T) {
	dir, _ := made(t)
	root := string(dir)
	err := errors.Join(
		os.Symlink("a\x80b", filepath.Join(root, "way")), os.Symlink(filepath.Join(root, "a\x80b/text"),
			filepath.Join(root, "absolute")),
		os.Symlink("loop", filepath.Join(root, "loop")), syscall.Mkfifo(filepath.Join(root, "fifo"), 0o600),
		os.Symlink("/dev/zero", filepath.Join(root, "zero")), os.Symlink("../../../../../../../../..",
			filepath.Join(root, "up")))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/a\x80b/text", "/a\x80b/link", "/way/text", "/absolute", "//way/./../way/text"} {
		file, err := dir.OpenRegular(path)
		if err != nil {
			t.Errorf("%q: %v", path, err)
			continue
		}
		if text, err := io.ReadAll(file); string(text) != "hello" || err != nil || file.Close() != nil {
			t.Errorf("%q: %q, %v", path, text, err)
		}
	}
	for path, want := range map[string]string{
		"/fifo": "no regular file", "/zero": "no regular file", "/a\x80b": "no regular file",
		"/loop": "too many levels of symbolic links", "/none": "no such file", "/empty/x": "not a directory",
		"/up/dev/null": "no regular file",
	} {
		file, err := dir.OpenRegular(path)
		at, ok := errors.AsType[*fs.PathError](err)
		if file != nil || !ok || at.Path != path || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v", path, err)
		}
	}
}

// TestOpenRegularForeign: a link of another user is not followed by root, who could read what that user cannot.
func TestOpenRegularForeign(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can make a link of another user")
	}
	dir, _ := made(t)
	link := filepath.Join(string(dir), "foreign")
	if err := errors.Join(os.Symlink("a\x80b/text", link), os.Lchown(link, 1000, 1000)); err != nil {
		t.Fatal(err)
	}
	if _, err := dir.OpenRegular("/foreign"); err == nil || !strings.Contains(err.Error(), "another user") {
		t.Error(err)
	}
	if _, err := vfs.Machine.OpenRegular(link); err == nil {
		t.Error("it is followed")
	}
}
