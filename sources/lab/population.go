package lab

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"
)

// A Population is everything that AllStates made.
type Population struct {
	// Sockets are those whose every property is known. There are a few more in the namespace: the helpers of these,
	// such as the listener that a SYN_SENT socket cannot reach, and what belongs to MPTCP beneath its sockets.
	Sockets   []*Socket
	Processes []*Process
	// Missing are the protocols that this kernel does not have.
	Missing []Protocol
}

// HostileNames are process names that break parsers and terminals. The kernel lets a process call itself so.
func HostileNames() []string {
	return []string{"", "x) y", "(sd-pam)", ") S 1 1 1", "\x1b[31mred", "a\nb", "a\tb", "\xff\xfe\xc3(", `q"u'o,te\`,
		"123456789012345", "日本語", "-an", "\u202eevil", "\r"}
}

// AllStates fills the caller's namespace, which should be empty, with sockets in every state, of every protocol and
// kind of address, owned in every way.
func AllStates(t testing.TB) *Population {
	t.Helper()
	p := &Population{}
	Link(t, "lab0")
	p.addOptions(t)
	p.addOtherProtocols(t)
	p.addOwners(t)
	// These come last, since TIME_WAIT lasts a minute, and on a busy machine the processes of owners take as long.
	for _, address := range []string{"127.0.0.1:0", "[::1]:0", "[fe80::1%lab0]:0", "[::ffff:127.0.0.1]:0"} {
		p.addConnections(t, address)
	}
	return p
}

// add records sockets under one label.
func (p *Population) add(label string, sockets ...*Socket) {
	for _, s := range sockets {
		s.Label = fmt.Sprintf("%s, %s", label, s.State())
		p.Sockets = append(p.Sockets, s)
	}
}

// addConnections makes a connection in each state of RFC 9293, at one address.
func (p *Population) addConnections(t testing.TB, address string) {
	t.Helper()
	label := "tcp on " + address
	type pairMaker = func(testing.TB, string) (*Socket, *Socket)
	for _, makePair := range []pairMaker{CloseWait, FinWait1, Closing, LastAck, SynReceived} {
		a, b := makePair(t, address)
		p.add(label, a, b)
	}
	p.add(label, TimeWait(t, address), SynSent(t, address), Bound(t, TCP, address))

	client, server := Pair(t, TCP, address)
	client.Write(1000)
	p.add(label+", 1000 bytes to read", client, server)

	orphan, full := FinWait1(t, address)
	orphan.Close()
	p.add(label+", orphaned", orphan, full)

	listener := Listen(t, TCP, address, Backlog(7))
	server, client = Unaccepted(t, listener)
	closed, closing := UnacceptedCloseWait(t, listener)
	p.add(label+", unaccepted", listener, server, client, closed, closing)
}

// addOptions makes TCP sockets that differ by their options.
func (p *Population) addOptions(t testing.TB) {
	t.Helper()
	dual := Listen(t, TCP, "[::]:0", V6Only(false))
	client := Dial(t, TCP, netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), dual.Local.Port()))
	p.add("dual-stack", dual, client, dual.Accept())
	p.add("wildcard", Listen(t, TCP, "[::]:0", V6Only(true)), Listen(t, TCP, "0.0.0.0:0"))
	options := map[string]Option{
		"reno":              Congestion("reno"),
		"bound to a device": Device("lo"),
		"marked":            Mark(42),
		"keepalive":         Keepalive(time.Hour),
	}
	for label, option := range options {
		a, b := Pair(t, TCP, "127.0.0.1:0", option)
		p.add(label, a, b)
	}
	p.add("bound to a device", Listen(t, TCP, "0.0.0.0:0", Device("lab0")))
}

// addOtherProtocols makes sockets of the other protocols, for IPv4 and IPv6.
func (p *Population) addOtherProtocols(t testing.TB) {
	t.Helper()
	for _, host := range []string{"127.0.0.1", "[::1]"} {
		for _, protocol := range []Protocol{UDP, UDPLite, Ping, Raw} {
			p.addDatagrams(t, protocol, host)
		}
		for _, protocol := range []Protocol{MPTCP, SCTP} {
			p.addStreams(t, protocol, host)
		}
	}
}

// addDatagrams makes an unconnected and a connected socket.
func (p *Population) addDatagrams(t testing.TB, protocol Protocol, host string) {
	t.Helper()
	local, remote := host+":0", host+":53"
	if protocol == Raw {
		local, remote = host+":253", host+":0" // a protocol number for experiments (RFC 3692)
	}
	if p.lacks(t, protocol, local) {
		return
	}
	p.add(string(protocol), Datagram(t, protocol, local, ""), Datagram(t, protocol, local, remote))
}

// addStreams makes a listener and a connection.
func (p *Population) addStreams(t testing.TB, protocol Protocol, host string) {
	t.Helper()
	if p.lacks(t, protocol, host+":0") {
		return
	}
	listener := Listen(t, protocol, host+":0")
	p.add(string(protocol), listener, Dial(t, protocol, listener.Local), listener.Accept())
}

// lacks tells whether the kernel has no such sockets.
func (p *Population) lacks(t testing.TB, protocol Protocol, address string) bool {
	if supports(protocol, parse(t, address)) {
		return false
	}
	t.Logf("this kernel has no %s socket for %s", protocol, address)
	if !slices.Contains(p.Missing, protocol) {
		p.Missing = append(p.Missing, protocol)
	}
	return true
}

// addOwners makes sockets that differ by who has them open.
func (p *Population) addOwners(t testing.TB) {
	t.Helper()
	shared := Listen(t, TCP, "127.0.0.1:0")
	for _, name := range []string{"worker-a", "worker-b", "worker-c"} {
		p.Processes = append(p.Processes, Start(t, Helper{Comm: name}, shared))
	}
	p.add("shared by three workers and this process", shared)
	for _, name := range HostileNames() {
		p.addOwned(t, Helper{Comm: name})
	}
	p.addOwned(t, Helper{Comm: "hidden", Undumpable: true})
	p.addOwned(t, Helper{Comm: "ordinary", Unprivileged: true})
	p.addOwned(t, Helper{Comm: "elsewhere", OtherNamespace: true})
	p.addOwned(t, Helper{Comm: "args", Args: []string{"\x1b[2Jcommand", "", "a b", "\xff"}})
}

// addOwned makes a listener that one helper has open, and nobody else.
func (p *Population) addOwned(t testing.TB, h Helper) {
	t.Helper()
	s := Listen(t, TCP, "127.0.0.1:0")
	p.Processes = append(p.Processes, Start(t, h, s))
	s.Close()
	p.add(fmt.Sprintf("of a process called %q", h.Comm), s)
}
