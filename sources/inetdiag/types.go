// Package inetdiag lists IP sockets as the kernel's socket diagnostics see them (linux/inet_diag.h,
// net/ipv4/inet_diag.c).
package inetdiag

import (
	"net/netip"
	"time"

	"netql/sources/netlink"
	"netql/sources/sockdiag"
)

// A Socket is one IP socket: struct inet_diag_msg and the attributes behind it. It owns its memory.
//
// Values are the kernel's own. A v4-mapped address stays mapped, the peer of a listener is the unspecified address
// and port 0, a raw socket's local port is its IP protocol number. TIME_WAIT and SYN_RECEIVED sockets belong to
// nobody: their UID and Inode are 0 because the kernel no longer, or not yet, has a socket for them.
type Socket struct {
	Protocol      int   // what was asked for: TCP, UDP ...
	Family        uint8 // AF_INET or AF_INET6
	State         State
	Timer         Timer
	Retransmits   uint8         // of the pending timer: retransmissions, or probes of the keepalive and probe timers
	Expires       time.Duration // until the timer fires, in milliseconds' precision
	Local, Remote netip.AddrPort
	Interface     uint32 // index of the device the socket is bound to, 0 if to none
	Cookie        uint64 // identifies the socket as long as the system runs
	RecvQueue     uint32 // bytes received and not yet read; of a listener: connections waiting for accept
	SendQueue     uint32 // bytes written and not yet acknowledged; of a listener: how many may wait for accept
	UID           uint32
	Inode         uint32

	// The fields below are valid only if Has is true for their attributes.

	TOS        uint8 // the IPv4 type of service sent
	TClass     uint8 // the IPv6 traffic class sent
	V6Only     bool
	Shutdown   uint8 // bit 0: no more is received, bit 1: no more is sent (shutdown(2))
	Mark       uint32
	CgroupID   uint64           // the inode number of the socket's cgroup v2 directory
	Congestion string           // the congestion control algorithm
	ULP        string           // the upper layer protocol on TCP, such as "tls" or "mptcp"
	Memory     *sockdiag.Memory // nil if absent
	Info       TCPInfo          // empty if absent
	BBR        *BBR             // nil if absent

	netlink.Present[Attribute]
}
