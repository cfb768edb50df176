package procfs_test

import (
	"os"
	"syscall"
	"testing"

	"netql/sources/procfs"
	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
)

// TestOpenFiles: our own open files and their limit are those that the kernel tells by other ways.
func TestOpenFiles(t *testing.T) {
	entries, err := os.ReadDir("/proc/self/fd") // which opens one itself
	if err != nil {
		t.Fatal(err)
	}
	if n, err := procfs.ReadOpenFiles(vfs.Machine, os.Getpid()); err != nil || n < len(entries)-1 ||
		n > len(entries)+5 {
		t.Errorf("%d open files, %v; %d are listed", n, err, len(entries)-1)
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if n, err := procfs.ReadOpenFilesLimit(vfs.Machine, os.Getpid()); err != nil || uint64(n) != limit.Cur {
		t.Errorf("%d, %v, want %d", n, err, limit.Cur)
	}
}

// TestOpenFilesMade: without a size the entries are counted, and a limit that is none is an error.
func TestOpenFilesMade(t *testing.T) {
	files := vfstest.Files{"/proc/7/fd/0": {}, "/proc/7/fd/1": {}, "/proc/7/limits": {Text: "Limit Soft Limit\n" +
		"Max open files            1024                 524288               files\n"},
		"/proc/8/limits": {Text: "Max open files\n"}, "/proc/9/limits": {Text: "Max open files unlimited\n"},
		"/proc/10/limits": {Text: "Max processes 5\n"}}
	if n, err := procfs.ReadOpenFiles(files, 7); n != 2 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if n, err := procfs.ReadOpenFilesLimit(files, 7); n != 1024 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	for pid := 8; pid <= 11; pid++ {
		if n, err := procfs.ReadOpenFilesLimit(files, pid); err == nil {
			t.Errorf("%d: %d", pid, n)
		}
	}
}
