package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func writing(text string) func(*os.File) error {
	return func(f *os.File) error { _, err := f.WriteString(text); return err }
}

// expect fails unless a file has a content and permissions, and the directory holds just these names.
func expect(t *testing.T, path, content string, mode fs.FileMode, names ...string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil || string(b) != content {
		t.Errorf("%s has %q, %v; want %q", path, b, err, content)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode() != mode {
		t.Errorf("%s is %v, %v; want %v", path, info.Mode(), err, mode)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != len(names) {
		t.Errorf("%v, %v; want %v", entries, err, names)
	}
	for i := range min(len(entries), len(names)) {
		if entries[i].Name() != names[i] {
			t.Errorf("%s, want %s", entries[i].Name(), names[i])
		}
	}
}

// TestWrite: a file keeps its permissions unless it shall be private, and a link leads to the same file as before.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := os.Symlink("file", link); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, writing("one")); err != nil {
		t.Fatal(err)
	}
	umask := syscall.Umask(0)
	syscall.Umask(umask)
	expect(t, path, "one", 0o666&^fs.FileMode(umask), "file", "link")
	if err := os.Chmod(path, 0o664); err != nil {
		t.Fatal(err)
	}
	if err := Write(link, writing("two")); err != nil {
		t.Fatal(err)
	}
	expect(t, path, "two", 0o664, "file", "link")
	if err := WritePrivate(path, writing("three")); err != nil {
		t.Fatal(err)
	}
	expect(t, path, "three", 0o600, "file", "link")
	if err := WritePrivate(filepath.Join(dir, "new"), writing("four")); err != nil {
		t.Fatal(err)
	}
	expect(t, filepath.Join(dir, "new"), "four", 0o600, "file", "link", "new")
}

// TestFailures: after an error everything is as it was, and the error names the file that was asked for.
func TestFailures(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	why := errors.New("no answer")
	for _, err := range []error{why, &fs.PathError{Op: "open", Path: "/proc/net/tcp", Err: why}} {
		if got := Write(path, func(*os.File) error { return err }); got.Error() != err.Error() {
			t.Errorf("%v, want %v", got, err)
		}
		expect(t, path, "old", 0o640, "file")
	}
	closed := func(f *os.File) error { f.Close(); return writing("x")(f) }
	if err := Write(path, closed); !errors.Is(err, fs.ErrClosed) || !strings.HasPrefix(err.Error(),
		"write "+path+": ") {
		t.Error(err)
	}
	expect(t, path, "old", 0o640, "file")

	fifo, astray := filepath.Join(dir, "fifo"), filepath.Join(dir, "astray")
	if err := errors.Join(syscall.Mkfifo(fifo, 0o600), os.Symlink("nowhere", astray)); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]error{
		fifo: ErrIrregular, astray: ErrIrregular, dir: ErrIrregular, "/dev/null": ErrIrregular,
		filepath.Join(dir, "nowhere", "x"): fs.ErrNotExist,
	} {
		asked := false
		err := Write(path, func(*os.File) error { asked = true; return nil })
		var at *fs.PathError
		if !errors.Is(err, want) || !errors.As(err, &at) || at.Path != path || asked {
			t.Errorf("%s: %v; it was written: %v", path, err, asked)
		}
	}
	expect(t, path, "old", 0o640, "astray", "fifo", "file")
}

// TestRenameFails: the target became a directory while its content was written.
func TestRenameFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	err := Write(path, func(*os.File) error { return os.MkdirAll(filepath.Join(path, "below"), 0o700) })
	if err == nil || !strings.HasPrefix(err.Error(), "rename "+path+": ") {
		t.Error(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}
