package netlink

import (
	"sync"

	"golang.org/x/sys/unix"
)

// Own keeps the inode numbers of the last sockets of a Kernel. The kernel lists them among all netlink sockets, and
// they are closed before /proc is searched for their owner. The zero value is empty; several goroutines may use it.
type Own struct {
	lock sync.Mutex
	list [ownSockets]ownSocket
	next int
}

// ownSockets is more than a query makes while it lists netlink sockets and looks for their owners.
const ownSockets = 256

type ownSocket struct {
	inode uint64
	fd    int
}

// FD is the file descriptor that one of these sockets had in this process.
func (o *Own) FD(inode uint64) (fd int, ok bool) {
	o.lock.Lock()
	defer o.lock.Unlock()
	for _, s := range o.list {
		if s.inode == inode && inode != 0 {
			return s.fd, true
		}
	}
	return 0, false
}

// add keeps a socket, in place of the oldest one.
func (o *Own) add(fd int) {
	var stat unix.Stat_t
	if o == nil || unix.Fstat(fd, &stat) != nil {
		return
	}
	o.lock.Lock()
	defer o.lock.Unlock()
	o.list[o.next] = ownSocket{stat.Ino, fd}
	o.next = (o.next + 1) % ownSockets
}
