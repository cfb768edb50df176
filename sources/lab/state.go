package lab

import (
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
)

// tcpStates are the names of the states in <net/tcp_states.h>, spelled as in the sockets table.
var tcpStates = [...]string{
	1: "ESTABLISHED", 2: "SYN_SENT", 3: "SYN_RECEIVED", 4: "FIN_WAIT_1", 5: "FIN_WAIT_2", 6: "TIME_WAIT",
	7: "CLOSED", 8: "CLOSE_WAIT", 9: "LAST_ACK", 10: "LISTEN", 11: "CLOSING", 12: "SYN_RECEIVED",
	13: "BOUND_INACTIVE",
}

// State is the socket's state, in the words of the sockets table: now, for a TCP socket that this process has open,
// and else the one it was made for or was in when it was closed.
func (s *Socket) State() string {
	if s.Protocol != TCP || s.fd < 0 || s.state == "BOUND_INACTIVE" {
		return s.state
	}
	if state := int(s.tcpInfo().State); state < len(tcpStates) {
		return tcpStates[state]
	}
	return s.state
}

// tcpInfo asks the kernel about a TCP socket (TCP_INFO in tcp(7)).
func (s *Socket) tcpInfo() *unix.TCPInfo {
	s.t.Helper()
	info, err := unix.GetsockoptTCPInfo(s.fd, unix.IPPROTO_TCP, unix.TCP_INFO)
	s.must("TCP_INFO", err)
	return info
}

// awaitState waits until the connection has got to a state.
func (s *Socket) awaitState(state string) {
	s.t.Helper()
	s.await("state "+state, func() bool { return s.State() == state })
}

// withoutFile is a socket that exists in the kernel alone.
func withoutFile(t testing.TB, s Socket, state string) *Socket {
	return &Socket{Protocol: s.Protocol, Local: s.Local, Remote: s.Remote, t: t, fd: -1, state: state}
}

// CloseWait makes a connection whose one end has sent its end of data, and the other has not.
func CloseWait(t testing.TB, address string) (closeWait, finWait2 *Socket) {
	t.Helper()
	client, server := Pair(t, TCP, address)
	client.Shutdown()
	server.awaitState("CLOSE_WAIT")
	client.awaitState("FIN_WAIT_2")
	return server, client
}

// TimeWait makes a connection that both ends have closed. What the kernel remembers of it has no inode and no owner,
// and lasts a minute (TCP_TIMEWAIT_LEN of net/tcp.h).
func TimeWait(t testing.TB, address string) *Socket {
	t.Helper()
	closeWait, finWait2 := CloseWait(t, address)
	closeWait.Close()
	finWait2.awaitState("CLOSED") // the open file's own state, once the kernel keeps the rest apart from it
	finWait2.Close()
	return withoutFile(t, *finWait2, "TIME_WAIT")
}

// FinWait1 makes a connection whose one end has closed, but cannot tell: its end of data waits behind data that the
// other end has no room for. The other end is ESTABLISHED, with a full receive queue. Close the first to make it an
// orphan.
func FinWait1(t testing.TB, address string) (finWait1, full *Socket) {
	t.Helper()
	client, server := Pair(t, TCP, address, smallBuffers)
	client.Fill()
	client.Shutdown()
	client.awaitState("FIN_WAIT_1")
	return client, server
}

// Closing makes a connection that both ends have closed at the same time: one has read the other's end of data while
// its own is still on the way.
func Closing(t testing.TB, address string) (closing, finWait2 *Socket) {
	t.Helper()
	closing, other := FinWait1(t, address)
	other.Shutdown()
	closing.awaitState("CLOSING")
	other.awaitState("FIN_WAIT_2")
	return closing, other
}

// LastAck makes a connection whose second end has closed too, but cannot tell, as in FinWait1.
func LastAck(t testing.TB, address string) (lastAck, finWait2 *Socket) {
	t.Helper()
	client, server := Pair(t, TCP, address, smallBuffers)
	server.Fill()
	client.Shutdown()
	server.awaitState("CLOSE_WAIT")
	server.Shutdown()
	server.awaitState("LAST_ACK")
	client.awaitState("FIN_WAIT_2")
	return server, client
}

// SynSent makes a socket that is trying to connect and gets no answer: its listener has room for one connection, and
// one waits there already. So there are a listener, a client and an unaccepted connection too.
func SynSent(t testing.TB, address string) *Socket {
	t.Helper()
	listener := Listen(t, TCP, address, Backlog(0))
	Unaccepted(t, listener)
	return Unanswered(t, listener.Local)
}

// Unanswered makes a socket that is trying to connect to an address from which no answer comes. The kernel tries for
// hours, where it would give up after two minutes: a test of all that there is to ask may take longer.
func Unanswered(t testing.TB, remote netip.AddrPort) *Socket {
	t.Helper()
	s, _ := open(t, TCP, remote, nil)
	s.must("set nonblocking", unix.SetNonblock(s.fd, true))
	const most = 127 // MAX_TCP_SYNCNT in include/net/tcp.h
	s.must("set the number of attempts", unix.SetsockoptInt(s.fd, unix.IPPROTO_TCP, unix.TCP_SYNCNT, most))
	address, err := sockaddr(remote)
	s.must("address", err)
	if err := unix.Connect(s.fd, address); err != unix.EINPROGRESS {
		s.t.Fatalf("lab: connect to %v, which should not answer: %v", remote, err)
	}
	s.name()
	s.Remote = remote
	s.awaitState("SYN_SENT")
	return s
}

// SynReceived makes a connection whose client has done its part of the handshake, while the server waits for data
// before it calls it established (TCP_DEFER_ACCEPT in tcp(7)). There is its listener too. It lasts ten minutes.
func SynReceived(t testing.TB, address string) (synReceived, client *Socket) {
	t.Helper()
	const wait = 600 // seconds
	listener := Listen(t, TCP, address, number(unix.IPPROTO_TCP, unix.TCP_DEFER_ACCEPT, wait))
	client = Dial(t, TCP, listener.Local)
	return serverOf(client, "SYN_RECEIVED"), client
}

// Unaccepted connects to a listener that does not accept. The server's end has no inode and no owner yet.
func Unaccepted(t testing.TB, listener *Socket) (server, client *Socket) {
	t.Helper()
	client = Dial(t, listener.Protocol, listener.Local)
	listener.awaitReadable()
	return serverOf(client, "ESTABLISHED"), client
}

// UnacceptedCloseWait makes an unaccepted connection whose client has already sent its end of data.
func UnacceptedCloseWait(t testing.TB, listener *Socket) (server, client *Socket) {
	t.Helper()
	_, client = Unaccepted(t, listener)
	client.Shutdown()
	client.awaitState("FIN_WAIT_2")
	return serverOf(client, "CLOSE_WAIT"), client
}

// serverOf is the other end of a client's connection, which no process has as a file.
func serverOf(client *Socket, state string) *Socket {
	s := withoutFile(client.t, *client, state)
	s.Local, s.Remote = client.Remote, client.Local
	return s
}
