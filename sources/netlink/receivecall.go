package netlink

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// A receiveCall is a system call that takes a datagram, if there is one, and tells its size and the address of its
// sender. The size is larger than the buffer where the datagram was cut.
type receiveCall func(fd uintptr, buffer []byte) (size int, sender uint32, err error)

// receiveOne is for single datagrams. Go's scheduler knows of the call, and lets other goroutines run where it takes
// long.
func receiveOne(fd uintptr, buffer []byte) (size int, sender uint32, err error) {
	size, from, err := syscall.Recvfrom(int(fd), buffer, unix.MSG_TRUNC)
	if netlink, ok := from.(*syscall.SockaddrNetlink); ok {
		sender = netlink.Pid
	}
	return size, sender, err
}

// receiveNext is for the datagrams of a long dump of sockets, of which Go's scheduler is not told. The kernel works for
// all of the quarter of a millisecond that such a call takes, and waits for nothing. A scheduler that knows takes the
// processor from the thread after 20 µs, wakes another thread for it, and has the first one queue for a processor
// afterwards, which is a tenth of the processor time of a query. It is not for rtnetlink, whose dumps may wait in the
// call for whoever holds rtnl_mutex: no other goroutine would run then, nor would Ctrl-C be seen.
func receiveNext(fd uintptr, buffer []byte) (size int, sender uint32, err error) {
	var from unix.RawSockaddrNetlink
	fromSize := uint32(unix.SizeofSockaddrNetlink)
	n, _, errno := syscall.RawSyscall6(unix.SYS_RECVFROM, fd,
		uintptr(unsafe.Pointer(unsafe.SliceData(buffer))), uintptr(len(buffer)), unix.MSG_TRUNC|unix.MSG_DONTWAIT,
		uintptr(unsafe.Pointer(&from)), uintptr(unsafe.Pointer(&fromSize)))
	if errno != 0 {
		return 0, 0, errno
	}
	return int(n), from.Pid, nil
}
