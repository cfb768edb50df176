package lab

import (
	"errors"
	"net/netip"
	"slices"

	"golang.org/x/sys/unix"
)

// A Protocol is a socket's protocol, by its name in the sockets table.
type Protocol string

// The protocols. A raw socket has an IP protocol number besides.
const (
	TCP     Protocol = "tcp"
	MPTCP   Protocol = "mptcp"
	SCTP    Protocol = "sctp"
	UDP     Protocol = "udp"
	UDPLite Protocol = "udplite"
	Ping    Protocol = "icmp"
	Raw     Protocol = "raw"
)

// kinds are the arguments of socket(2): type, protocol for IPv4 and for IPv6.
var kinds = map[Protocol]struct{ kind, v4, v6 int }{
	TCP:     {unix.SOCK_STREAM, unix.IPPROTO_TCP, unix.IPPROTO_TCP},
	MPTCP:   {unix.SOCK_STREAM, unix.IPPROTO_MPTCP, unix.IPPROTO_MPTCP},
	SCTP:    {unix.SOCK_STREAM, unix.IPPROTO_SCTP, unix.IPPROTO_SCTP},
	UDP:     {unix.SOCK_DGRAM, unix.IPPROTO_UDP, unix.IPPROTO_UDP},
	UDPLite: {unix.SOCK_DGRAM, unix.IPPROTO_UDPLITE, unix.IPPROTO_UDPLITE},
	Ping:    {unix.SOCK_DGRAM, unix.IPPROTO_ICMP, unix.IPPROTO_ICMPV6},
	Raw:     {kind: unix.SOCK_RAW}, // its address says which
}

// socket makes a socket of the family of an address. A raw socket's port is its IP protocol.
func (p Protocol) socket(like netip.AddrPort) (int, error) {
	k, family := kinds[p], unix.AF_INET6
	number := k.v6
	if like.Addr().Is4() {
		family, number = unix.AF_INET, k.v4
	}
	if p == Raw {
		number = int(like.Port())
	}
	return unix.Socket(family, k.kind|unix.SOCK_CLOEXEC, number)
}

// supports tells whether the kernel has the protocol for an address.
func supports(p Protocol, like netip.AddrPort) bool {
	fd, err := p.socket(like)
	if err == nil {
		unix.Close(fd)
	}
	return !isAbsent(err)
}

// isAbsent recognises the answers of a kernel that does not have a protocol, a family or an algorithm.
func isAbsent(err error) bool {
	answers := []error{unix.EPROTONOSUPPORT, unix.ESOCKTNOSUPPORT, unix.EAFNOSUPPORT, unix.ENOPROTOOPT}
	return slices.ContainsFunc(answers, func(e error) bool { return errors.Is(err, e) })
}
