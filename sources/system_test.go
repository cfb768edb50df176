package sources_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"netql/sources"
	"netql/sources/lab"
	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }

// TestNamespaceLive compares our namespace with a process's that has its own.
func TestNamespaceLive(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		got, err := sources.Live().Namespace()
		if err != nil {
			t.Fatal(err)
		}
		elsewhere := lab.Start(t, lab.Helper{OtherNamespace: true}).Pid
		own, other := inode(t, "/proc/self/ns/net"), inode(t, "/proc/"+strconv.Itoa(elsewhere)+"/ns/net")
		if got.Inode != own || got.Inode == other || got.String() != strconv.FormatUint(own, 10) {
			t.Errorf("%+v; ours is %d, the other is %d", got, own, other)
		}
	})
}

func inode(t *testing.T, path string) uint64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t).Ino
}

// TestNamespaceName has files in place of namespaces; what counts is the inode number.
func TestNamespaceName(t *testing.T) {
	for _, dir := range []string{"/run/netns", "/var/run/netns"} {
		root := t.TempDir()
		blue := write(t, filepath.Join(root, dir, "blue"))
		write(t, filepath.Join(root, dir, "red"))
		system := &sources.System{Files: withNamespace{vfs.Dir(root), blue}}
		got, err := system.Namespace()
		if err != nil || got.Name != "blue" || got.String() != "blue" || got.Inode != blue {
			t.Errorf("%s: %+v, %v", dir, got, err)
		}
		system.Files = withNamespace{vfs.Dir(root), 1<<40 + 7}
		if got, err := system.Namespace(); err != nil || got.Name != "" || got.String() != "1099511627783" {
			t.Errorf("%s: %+v, %v", dir, got, err)
		}
	}
}

func TestNamespaceMissing(t *testing.T) {
	system := &sources.System{Files: vfstest.Files{}}
	if got, err := system.Namespace(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestNamesUnread: a name that cannot be read is an error, one that has gone meanwhile is none.
func TestNamesUnread(t *testing.T) {
	for cause, unread := range map[error]bool{syscall.EMFILE: true, syscall.EACCES: true, syscall.ENOENT: false} {
		system := &sources.System{Files: vfstest.Files{
			"/run/netns/blue": {Inode: 7}, "/run/netns/red": {Err: cause}, "/proc/self/ns/net": {},
		}}
		named, err := system.NamedNamespaces()
		if len(named) != 1 || unread != errors.Is(err, cause) {
			t.Errorf("%v: %v, %v", cause, named, err)
		}
	}
}

// withNamespace answers the link /proc/self/ns/net.
type withNamespace struct {
	vfs.Files
	inode uint64
}

func (f withNamespace) ReadLink(name string) (string, error) {
	if name != "/proc/self/ns/net" {
		return "", fs.ErrNotExist
	}
	return "net:[" + strconv.FormatUint(f.inode, 10) + "]", nil
}

// write makes a file and tells its inode number.
func write(t *testing.T, path string) uint64 {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return inode(t, path)
}
