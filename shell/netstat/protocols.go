package netstat

import (
	"slices"
	"strings"
)

// Protocols gives the official name of a protocol in /etc/protocols, by that name or an alias; false for a name that is
// not there.
type Protocols func(name string) (string, bool)

// protocol is a protocol that -p takes.
type protocol struct {
	names     []string // in lower case; an alias is found by its official name in /etc/protocols, which is among them
	transport string   // the proto of its connections, as Windows shows them; "" if it has none
	sockets   string   // the proto of its sockets; "" if it has no sockets here
	family    string   // the address family of its sockets and counters; "" for both
	counters  []string // the protocols of proto_stats that count it
	windows   bool     // Windows' netstat takes it
}

// counted are the protocols that have sockets or counters. What Windows calls tcpv6 is TCP over IPv6, whose counters
// Linux does not tell from those over IPv4.
var counted = []protocol{
	{[]string{"tcp"}, "tcp", "tcp", "inet", []string{"tcp", "tcp_ext"}, true},
	{[]string{"udp"}, "udp", "udp", "inet", []string{"udp"}, true},
	{[]string{"tcpv6", "tcp6"}, "tcp", "tcp", "inet6", []string{"tcp", "tcp_ext"}, true},
	{[]string{"udpv6", "udp6"}, "udp", "udp", "inet6", []string{"udp6"}, true},
	{[]string{"ip"}, "", "", "inet", []string{"ip", "ip_ext"}, true},
	{[]string{"icmp"}, "", "icmp", "inet", []string{"icmp", "icmpmsg"}, true},
	{[]string{"ipv6", "ip6"}, "", "", "inet6", []string{"ip6"}, true},
	{[]string{"ipv6-icmp", "icmpv6", "icmp6"}, "", "icmp", "inet6", []string{"icmp6"}, true},
	{[]string{"udplite"}, "", "udplite", "", []string{"udplite", "udplite6"}, false},
	{[]string{"sctp"}, "", "sctp", "", []string{"sctp"}, false},
	{[]string{"mptcp"}, "", "mptcp", "", []string{"mptcp_ext"}, false},
}

// windowsOnly are names that no other system has.
var windowsOnly = []string{"tcpv6", "udpv6", "icmpv6"}

// find is the protocol by any of its names. ok says that there is a protocol of the name; found is nil if it has no
// counters.
func (p Protocols) find(name string) (found *protocol, ok bool) {
	name = strings.ToLower(name)
	canonical, listed := name, false
	if p != nil {
		if first, there := p(name); there {
			canonical, listed = strings.ToLower(first), true
		}
	}
	for i := range counted {
		if slices.Contains(counted[i].names, name) || slices.Contains(counted[i].names, canonical) {
			return &counted[i], true
		}
	}
	return nil, listed
}

func (p Protocols) known(name string) bool {
	_, ok := p.find(name)
	return ok
}
