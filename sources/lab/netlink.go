package lab

import (
	"testing"

	"golang.org/x/sys/unix"
)

// Netlink makes a netlink socket of a protocol, unix.NETLINK_ROUTE and so on, with an address of the kernel's choice,
// in some multicast groups.
func Netlink(t testing.TB, protocol int, groups ...int) *Socket {
	t.Helper()
	s := ofFamily(t, netlinkFamily, unix.AF_NETLINK, unix.SOCK_RAW, protocol)
	s.must("bind", unix.Bind(s.fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}))
	for _, group := range groups {
		s.must("NETLINK_ADD_MEMBERSHIP", unix.SetsockoptInt(s.fd, unix.SOL_NETLINK, unix.NETLINK_ADD_MEMBERSHIP, group))
	}
	return s
}

// NetlinkPort is the address of a netlink socket.
func NetlinkPort(s *Socket) uint32 {
	s.t.Helper()
	address, err := unix.Getsockname(s.fd)
	s.must("getsockname", err)
	return address.(*unix.SockaddrNetlink).Pid
}
