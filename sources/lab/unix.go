package lab

import (
	"testing"

	"golang.org/x/sys/unix"
)

// unixFamily and its like label sockets that are not of IP.
const (
	unixFamily    Protocol = "unix"
	packetFamily  Protocol = "packet"
	netlinkFamily Protocol = "netlink"
)

// Unix makes a unix socket of a type, unix.SOCK_STREAM and so on. A name binds it: to a path, or, if it begins with @,
// to the abstract name behind that.
func Unix(t testing.TB, kind int, name string) *Socket {
	t.Helper()
	s := ofFamily(t, unixFamily, unix.AF_UNIX, kind, 0)
	if name != "" {
		s.must("bind", unix.Bind(s.fd, &unix.SockaddrUnix{Name: name}))
	}
	return s
}

// UnixListen makes a listener.
func UnixListen(t testing.TB, kind int, name string, backlog int) *Socket {
	t.Helper()
	s := Unix(t, kind, name)
	s.must("listen", unix.Listen(s.fd, backlog))
	return s
}

// UnixDial makes a socket and connects it.
func UnixDial(t testing.TB, kind int, name string) *Socket {
	t.Helper()
	s := Unix(t, kind, "")
	s.must("connect", unix.Connect(s.fd, &unix.SockaddrUnix{Name: name}))
	return s
}

// UnixAccept takes the next connection of a listener.
func UnixAccept(listener *Socket) *Socket {
	listener.t.Helper()
	fd, _, err := unix.Accept4(listener.fd, unix.SOCK_CLOEXEC)
	listener.must("accept", err)
	return adopt(listener.t, unixFamily, fd)
}

// UnixPair makes two sockets without names that are connected with each other.
func UnixPair(t testing.TB, kind int) (a, b *Socket) {
	t.Helper()
	pair, err := unix.Socketpair(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatalf("lab: socketpair: %v", err)
	}
	return adopt(t, unixFamily, pair[0]), adopt(t, unixFamily, pair[1])
}

// ofFamily makes a socket of any family.
func ofFamily(t testing.TB, p Protocol, family, kind, protocol int) *Socket {
	t.Helper()
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, protocol)
	if err != nil {
		t.Fatalf("lab: %s socket: %v", p, err)
	}
	return adopt(t, p, fd)
}
