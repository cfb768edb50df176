package netns

import (
	"errors"
	"io"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/sources/vfs"
)

// faulty are files of which some fail: those whose operation and path match.
type faulty struct {
	vfs.Files
	which *regexp.Regexp
	errno unix.Errno
	hit   *int
}

func (f faulty) fail(operation, path string) error {
	if !f.which.MatchString(operation + " " + path) {
		return nil
	}
	*f.hit++
	return &fs.PathError{Op: operation, Path: path, Err: f.errno}
}

func (f faulty) Open(path string) (io.ReadCloser, error) {
	if err := f.fail("open", path); err != nil {
		return nil, err
	}
	return f.Files.Open(path)
}

func (f faulty) ReadDir(path string) ([]vfs.Entry, error) {
	if err := f.fail("readdir", path); err != nil {
		return nil, err
	}
	return f.Files.ReadDir(path)
}

func (f faulty) ReadLink(path string) (string, error) {
	if err := f.fail("readlink", path); err != nil {
		return "", err
	}
	return f.Files.ReadLink(path)
}

// TestListFaults: whatever may lead to a namespace and cannot be read is told, in one line however many there are; what
// has gone meanwhile is not.
func TestListFaults(t *testing.T) {
	for _, which := range []string{"readdir /run/netns", "readdir /proc$", "readlink /proc/[0-9]+/ns/net",
		"readdir /proc/[0-9]+/fd", "readlink /proc/[0-9]+/fd/", "readlink /proc/[0-9]+/ns/mnt",
		"readlink /proc/[0-9]+/root", "open /proc/[0-9]+/mountinfo"} {
		for _, errno := range []unix.Errno{unix.EIO, unix.EMFILE, unix.ENOMEM, unix.EACCES, unix.ENOENT, unix.ESRCH} {
			_, usual := listIn(vfs.Machine)
			hit := 0
			_, err := listIn(faulty{vfs.Machine, regexp.MustCompile("^" + which), errno, &hit})
			if hit == 0 {
				t.Fatalf("%s: nothing was asked", which)
			}
			told := errors.Is(err, errno)
			var hidden *Hidden
			if errno == unix.EACCES && strings.Contains(which, "/proc/[0-9]") {
				told = errors.As(err, &hidden)
			}
			gone := (errno == unix.ENOENT || errno == unix.ESRCH) && !strings.HasSuffix(which, "/proc$")
			if gone && err != nil && usual == nil || !gone && !told {
				t.Errorf("%s: %v: %v; without it %v", which, errno, err, usual)
			}
			if err != nil && strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v: more than a line: %q", which, errno, err)
			}
		}
	}
}
