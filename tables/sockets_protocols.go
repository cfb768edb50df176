package tables

import (
	"syscall"

	"netql/query/schema"
	"netql/sources/inetdiag"
	"netql/sources/procfs"
)

// The families of addresses.
const (
	inet  = syscall.AF_INET
	inet6 = syscall.AF_INET6
)

// icmp is the protocol number of ping sockets, which no module of socket diagnostics lists.
const icmp = syscall.IPPROTO_ICMP

// protocol is a transport protocol: where its sockets are listed, and which states they have.
type protocol struct {
	name    string
	number  int      // IPPROTO_*
	diag    bool     // socket diagnostics list its sockets, if the kernel has the module
	files   []string // the files of /proc/net that list them otherwise, for IPv4 and IPv6; nil for none
	present string   // a path that exists if the kernel has the protocol; "" for one that every kernel has
	counted string   // its name in /proc/net/protocols, for a protocol without files

	sockstat []procfs.Counter // what /proc/net/sockstat and sockstat6 say where it has no sockets; nil for nothing

	copies  bool // the kernel copies a listener's cookie to the connections that it accepts
	filters bool // the kernel tests the ports and addresses that the columns show
	states  inetdiag.StateSet
}

// datagramStates are those of sockets without connections: with a peer, and without one.
const datagramStates = 1<<inetdiag.Established | 1<<inetdiag.Closed

// tcp and udp are where these are in protocols.
const tcp, udp = 0, 1

// protocols are all, in the order in which their sockets are listed.
var protocols = []protocol{
	{name: "tcp", number: inetdiag.TCP, diag: true, filters: true, files: []string{"tcp", "tcp6"},
		states: inetdiag.AllStates | 1<<inetdiag.BoundInactive,
		sockstat: []procfs.Counter{{Group: "TCP", Name: "inuse"}, {Group: "TCP", Name: "tw"},
			{Group: "TCP6", Name: "inuse"}}},
	{name: "udp", number: inetdiag.UDP, diag: true, filters: true, files: []string{"udp", "udp6"},
		states:   datagramStates,
		sockstat: []procfs.Counter{{Group: "UDP", Name: "inuse"}, {Group: "UDP6", Name: "inuse"}}},
	{name: "udplite", number: inetdiag.UDPLite, diag: true, filters: true,
		files: []string{"udplite", "udplite6"}, present: "/proc/net/udplite", states: datagramStates,
		sockstat: []procfs.Counter{{Group: "UDPLITE", Name: "inuse"}, {Group: "UDPLITE6", Name: "inuse"}}},
	{name: "raw", number: inetdiag.Raw, diag: true, files: []string{"raw", "raw6"}, states: datagramStates},
	{name: "icmp", number: icmp, files: []string{"icmp", "icmp6"}, states: datagramStates},
	{name: "mptcp", number: inetdiag.MPTCP, diag: true, present: "/proc/sys/net/mptcp", counted: "MPTCP",
		copies: true, states: inetdiag.AllStates}, // mptcp_sk_clone_init of net/mptcp/protocol.c
	{name: "sctp", number: inetdiag.SCTP, diag: true, present: "/proc/net/sctp", counted: "SCTP",
		states: inetdiag.AllStates},
}

// protocolWords are the names of the protocols.
func protocolWords() *schema.Vocabulary {
	var names []string
	for _, p := range protocols {
		names = append(names, p.name)
	}
	return schema.Words(names...)
}

// datagram says whether a protocol has no connections, so that the kernel's state closed means not connected.
func datagram(protocol int) bool {
	switch protocol {
	case inetdiag.UDP, inetdiag.UDPLite, inetdiag.Raw, icmp:
		return true
	}
	return false
}
