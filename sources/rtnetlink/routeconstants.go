package rtnetlink

import "golang.org/x/sys/unix"

// Types of routes that are treated specially, of Route.Type.
const (
	Local       = unix.RTN_LOCAL
	Anycast     = unix.RTN_ANYCAST
	Blackhole   = unix.RTN_BLACKHOLE
	Unreachable = unix.RTN_UNREACHABLE
	Prohibit    = unix.RTN_PROHIBIT
	Throw       = unix.RTN_THROW
)

// ProtocolRA marks routes that a router advertised, in Route.Protocol.
const ProtocolRA = unix.RTPROT_RA

// Flags of routes and nexthops, in Route.Flags.
const (
	Dead          = unix.RTNH_F_DEAD       // the interface is down
	Pervasive     = unix.RTNH_F_PERVASIVE  // the gateway is found by another route
	Onlink        = unix.RTNH_F_ONLINK     // the gateway is taken to be on the link
	Offload       = unix.RTNH_F_OFFLOAD    // hardware knows the nexthop
	LinkDown      = unix.RTNH_F_LINKDOWN   // the interface has no carrier
	Unresolved    = unix.RTNH_F_UNRESOLVED // a multicast route that waits for the router daemon
	Trap          = unix.RTNH_F_TRAP       // hardware leaves the nexthop's packets to the kernel
	RouteOffload  = unix.RTM_F_OFFLOAD     // hardware knows the route
	RouteTrap     = unix.RTM_F_TRAP        // hardware leaves the route's packets to the kernel
	OffloadFailed = unix.RTM_F_OFFLOAD_FAILED

	// Of exceptions of IPv4 alone: RTCF_REDIRECTED of linux/in_route.h.
	Redirected = 0x40000
)
