package netlink

import (
	"testing"

	"golang.org/x/sys/unix"
)

// TestOwn: the last sockets are known by their inodes, also when they are closed; older ones are forgotten.
func TestOwn(t *testing.T) {
	own := &Own{}
	inodes := make([]uint64, ownSockets+1)
	for i := range inodes {
		fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_ROUTE)
		if err != nil {
			t.Fatal(err)
		}
		var stat unix.Stat_t
		if err := unix.Fstat(fd, &stat); err != nil {
			t.Fatal(err)
		}
		inodes[i] = stat.Ino
		own.add(fd)
		unix.Close(fd)
	}
	for i, inode := range inodes {
		if _, ok := own.FD(inode); ok != (i > 0) {
			t.Errorf("socket %d of %d: known %v", i, len(inodes), ok)
		}
	}
	if _, ok := own.FD(0); ok {
		t.Error("inode 0 is ours")
	}
}
