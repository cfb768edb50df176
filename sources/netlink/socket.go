package netlink

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// socket is a netlink socket that waits in the runtime's poller, so that a deadline can wake it.
type socket struct {
	file *os.File
	raw  syscall.RawConn
	port uint32      // our address, which the kernel repeats in its answers
	next receiveCall // for what is read ahead
}

// dial opens a socket, and tells own.
func dial(protocol int, strict bool, own *Own) (*socket, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, protocol)
	if err != nil {
		return nil, fmt.Errorf("open a socket: %w", err)
	}
	if strict && unix.SetsockoptInt(fd, unix.SOL_NETLINK, unix.NETLINK_GET_STRICT_CHK, 1) != nil {
		unix.Close(fd)
		return nil, ErrNotStrict
	}
	port, err := bind(fd)
	if err != nil {
		unix.Close(fd)
		return nil, fmt.Errorf("bind a socket: %w", err)
	}
	own.add(fd)
	file := os.NewFile(uintptr(fd), "netlink")
	raw, err := file.SyscallConn()
	if err != nil {
		file.Close()
		return nil, err
	}
	next := receiveOne
	if protocol == unix.NETLINK_SOCK_DIAG {
		next = receiveNext
	}
	return &socket{file: file, raw: raw, port: port, next: next}, nil
}

// bind lets the kernel choose our address, and asks for errors with a text. Kernels before 4.12 have none to give.
// Addresses are read by package syscall, which is linked anyway: x/sys would bring twenty families of them with it.
func bind(fd int) (port uint32, err error) {
	_ = unix.SetsockoptInt(fd, unix.SOL_NETLINK, unix.NETLINK_EXT_ACK, 1)
	_ = unix.SetsockoptInt(fd, unix.SOL_NETLINK, unix.NETLINK_CAP_ACK, 1)
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return 0, err
	}
	address, err := syscall.Getsockname(fd)
	if err != nil {
		return 0, err
	}
	own, ok := address.(*syscall.SockaddrNetlink)
	if !ok {
		return 0, fmt.Errorf("an address of kind %T", address)
	}
	return own.Pid, nil
}

// interruptBy has the end of a context end the socket's receives (wake). release must be called before Close.
func (s *socket) interruptBy(ctx context.Context) (release func() bool) {
	return context.AfterFunc(ctx, s.wake)
}

// send hands a request to the kernel, which works on it within the call.
func (s *socket) send(request []byte) error {
	var err error
	if e := s.raw.Write(func(fd uintptr) (done bool) {
		err = uninterrupted(func() error {
			return unix.Sendto(int(fd), request, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK})
		})
		return err != unix.EAGAIN
	}); e != nil {
		return e
	}
	return err
}

// receive returns the next datagram of the kernel, in the buffer. What other processes send is dropped.
func (s *socket) receive(buffer []byte, call receiveCall) ([]byte, error) {
	for {
		n, sender, err := s.receiveAny(buffer, call)
		switch {
		case errors.Is(err, unix.ENOBUFS):
			return nil, fmt.Errorf("messages were lost, the socket's receive buffer was full: %w", err)
		case err != nil:
			return nil, fmt.Errorf("receive: %w", err)
		case sender != 0:
			continue // the kernel's address is 0
		case n > len(buffer):
			return nil, fmt.Errorf("%w: it is larger than our buffer of %d bytes", ErrTruncated, len(buffer))
		}
		return buffer[:n], nil
	}
}

// receiveAny waits for a datagram of any sender.
func (s *socket) receiveAny(buffer []byte, call receiveCall) (n int, sender uint32, err error) {
	if e := s.raw.Read(func(fd uintptr) (done bool) {
		err = uninterrupted(func() (err error) {
			n, sender, err = call(fd, buffer)
			return err
		})
		return err != unix.EAGAIN
	}); e != nil {
		err = e
	}
	return n, sender, err
}

// uninterrupted repeats a system call that a signal interrupted (EINTR).
func uninterrupted(call func() error) error {
	for {
		if err := call(); err != unix.EINTR {
			return err
		}
	}
}
