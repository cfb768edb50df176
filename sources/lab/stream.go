package lab

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// Listen makes a listener. The address may have port 0, and is what makes it IPv4 or IPv6: "[::]:0" accepts IPv4 too,
// unless V6Only.
func Listen(t testing.TB, p Protocol, address string, options ...Option) *Socket {
	t.Helper()
	s, c := bound(t, p, address, options)
	s.must("listen", unix.Listen(s.fd, c.backlog))
	s.name()
	s.state = "LISTEN"
	return s
}

// Bound makes a socket that is bound to a local port and does nothing; the kernel lists those of TCP since 6.8.
func Bound(t testing.TB, p Protocol, address string, options ...Option) *Socket {
	t.Helper()
	s, _ := bound(t, p, address, options)
	s.name()
	s.state = "BOUND_INACTIVE"
	return s
}

func bound(t testing.TB, p Protocol, address string, options []Option) (*Socket, config) {
	t.Helper()
	local := parse(t, address)
	s, c := open(t, p, local, options)
	s.bind(local)
	return s, c
}

func (s *Socket) bind(local netip.AddrPort) {
	s.t.Helper()
	address, err := sockaddr(local)
	s.must("address", err)
	s.must("bind", unix.Bind(s.fd, address))
}

// Dial connects to an address, which for a dual-stack listener may be an IPv4 one.
func Dial(t testing.TB, p Protocol, remote netip.AddrPort, options ...Option) *Socket {
	t.Helper()
	s, c := open(t, p, remote, options)
	if c.from.IsValid() {
		s.bind(c.from)
	}
	s.connect(remote)
	return s
}

func (s *Socket) connect(remote netip.AddrPort) {
	s.t.Helper()
	address, err := sockaddr(remote)
	s.must("address", err)
	s.must("connect", unix.Connect(s.fd, address))
	s.name()
	if !s.Remote.IsValid() { // getpeername(2) does not tell of a peer with port 0, as a raw socket may have
		s.Remote = remote
	}
	s.state = "ESTABLISHED"
}

// Accept takes the next connection of a listener, and waits for it if need be.
func (s *Socket) Accept() *Socket {
	s.t.Helper()
	s.awaitReadable()
	fd, _, err := unix.Accept4(s.fd, unix.SOCK_CLOEXEC)
	s.must("accept", err)
	conn := adopt(s.t, s.Protocol, fd)
	conn.name()
	conn.state = "ESTABLISHED"
	return conn
}

// Pair makes an established connection; the listener it took is gone. Options are for both ends.
func Pair(t testing.TB, p Protocol, address string, options ...Option) (client, server *Socket) {
	t.Helper()
	listener := Listen(t, p, address, options...)
	defer listener.Close()
	client = Dial(t, p, listener.Local, options...)
	server = listener.Accept()
	client.peer, server.peer = server, client
	return client, server
}

// awaitReadable waits for a connection to accept, for data or for the end of data.
func (s *Socket) awaitReadable() {
	s.t.Helper()
	s.await("something to read or accept", func() bool {
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(s.fd), Events: unix.POLLIN}}, 0)
		return err == nil && n > 0
	})
}

// await waits until something is so. On loopback that is nearly always at once; a busy kernel may defer it.
func (s *Socket) await(what string, isSo func() bool) {
	s.t.Helper()
	await(s.t, 50*time.Microsecond, fmt.Sprintf("lab: %s socket %v: %s", s.Protocol, s.Local, what), isSo)
}

// Write puts n bytes into the connection: into the peer's receive queue, until that is full.
func (s *Socket) Write(n int) {
	s.t.Helper()
	_, err := unix.Write(s.fd, make([]byte, n))
	s.must("write", err)
}

// Fill writes until the peer's receive queue and this end's send queue are full, and stay as they are. It takes what
// the buffers take, which is megabytes unless they were made small.
func (s *Socket) Fill() {
	s.t.Helper()
	s.await("full queues", func() bool {
		s.writeAll()
		if s.peer != nil {
			s.askAcknowledgement()
		}
		info := s.tcpInfo() // nothing is on the way, and more may not be sent
		return info.Unacked == 0 && info.Notsent_bytes > 0
	})
}

// writeAll writes until the kernel takes no more.
func (s *Socket) writeAll() {
	s.t.Helper()
	chunk := make([]byte, 4096)
	for {
		err := unix.Sendto(s.fd, chunk, unix.MSG_DONTWAIT, nil)
		if err == unix.EAGAIN {
			return
		}
		s.must("fill", err)
	}
}

// askAcknowledgement has the peer send and this end read one byte. It carries the acknowledgement of what was sent,
// which the kernel would delay by 40 ms; that of the byte itself is asked for by TCP_QUICKACK (tcp(7)).
func (s *Socket) askAcknowledgement() {
	s.t.Helper()
	s.peer.Write(1)
	s.awaitReadable()
	_, err := unix.Read(s.fd, make([]byte, 1))
	s.must("read", err)
	s.must("acknowledge", unix.SetsockoptInt(s.fd, unix.IPPROTO_TCP, unix.TCP_QUICKACK, 1))
}

// Shutdown sends the end of data (FIN) behind whatever is queued; the socket stays open for reading.
func (s *Socket) Shutdown() {
	s.t.Helper()
	s.must("shutdown", unix.Shutdown(s.fd, unix.SHUT_WR))
}
