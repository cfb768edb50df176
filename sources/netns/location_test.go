package netns

import (
	"errors"
	"io/fs"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// TestBeneath: below a directory, no link is followed and nothing is left, with openat2(2) and without.
func TestBeneath(t *testing.T) {
	dir := t.TempDir()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(dir+"/a/b", 0o700))
	must(os.WriteFile(dir+"/a/b/file", nil, 0o600))
	must(unix.Mkfifo(dir+"/a/fifo", 0o600))
	must(os.Symlink("b", dir+"/a/link"))
	must(os.Symlink("/etc/passwd", dir+"/a/passwd"))
	must(os.Symlink("/proc/self/root", dir+"/out"))
	root, err := unix.Open(dir, unix.O_PATH|unix.O_DIRECTORY|unix.O_CLOEXEC, 0)
	must(err)
	defer unix.Close(root)
	for name, open := range map[string]func(int, string) (int, error){"openat2": beneath, "walk": walk} {
		for path, want := range map[string]error{
			"/a/b/file": nil, "/a/fifo": nil,
			"/a/link": unix.ELOOP, "/a/link/file": unix.ELOOP, "/a/passwd": unix.ELOOP, "/out/etc/passwd": unix.ELOOP,
			"/a/none": fs.ErrNotExist,
		} {
			fd, err := open(root, path)
			if errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.EPERM) {
				t.Skipf("%s: %v", name, err)
			}
			if errors.Is(err, errUncached) && errors.Is(want, fs.ErrNotExist) {
				continue // there is nothing to be cached
			}
			if !errors.Is(err, want) {
				t.Errorf("%s %s: %v, want %v", name, path, err, want)
			}
			if err == nil {
				if _, err := unix.Read(fd, make([]byte, 1)); !errors.Is(err, unix.EBADF) {
					t.Errorf("%s %s: it can be read: %v", name, path, err)
				}
				unix.Close(fd)
			}
		}
		if fd, err := open(root, "/a/../../x"); err == nil {
			unix.Close(fd)
			t.Errorf("%s leaves the directory", name)
		}
	}
}
