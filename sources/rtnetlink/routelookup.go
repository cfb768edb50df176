package rtnetlink

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// Flags of a lookup, of linux/rtnetlink.h: the answer has the number of the routing table, and is the route as that
// table has it (Linux 4.13, of IPv6 4.17), not what was made of it for the destination.
const (
	rtmLookupTable = 0x1000 // RTM_F_LOOKUP_TABLE
	rtmFIBMatch    = 0x2000 // RTM_F_FIB_MATCH
)

// refusedBy are the types of routes that lead nowhere, by the errors that the kernel answers a lookup with: fib_props
// of net/ipv4/fib_semantics.c, ip6_rt_type_to_error of net/ipv6/route.c.
var refusedBy = map[unix.Errno]uint8{
	unix.EINVAL: unix.RTN_BLACKHOLE, unix.EHOSTUNREACH: unix.RTN_UNREACHABLE, unix.EACCES: unix.RTN_PROHIBIT,
}

// LookUpRoute asks which route a packet that this machine sends to an address takes, by its rules and tables (ip route
// get). oif is the interface of a link-local address, else 0. The route is nil where there is none. Of a route that
// leads nowhere the kernel tells the type alone; the destination is the address then, and the table 0.
func LookUpRoute(ctx context.Context, transport netlink.Transport, to netip.Addr, oif uint32) (*Route, error) {
	var found *Route
	for message, err := range transport.Dump(ctx, lookup(to, oif)) {
		if err == nil {
			found, err = parseRoute(message.Data)
		}
		if errors.Is(err, unix.ENETUNREACH) {
			return nil, nil
		}
		var errno unix.Errno
		errors.As(err, &errno)
		if kind, refused := refusedBy[errno]; refused {
			return nowhere(to, kind), nil
		}
		if err != nil {
			return nil, fmt.Errorf("look the route to %v up: %w", to, err)
		}
	}
	return found, nil
}

// nowhere is a route that refuses packets to an address.
func nowhere(to netip.Addr, kind uint8) *Route {
	r := &Route{Family: familyOf(to), Type: kind, Dst: netip.PrefixFrom(to, to.BitLen()), Pref: NoPreference}
	r.Nexthops = r.own[:]
	return r
}

func lookup(to netip.Addr, oif uint32) netlink.Request {
	r := request(unix.RTM_GETROUTE, familyOf(to), unix.SizeofRtMsg)
	r.Single = true
	r.Payload[1] = uint8(to.BitLen()) // rtm_dst_len
	binary.NativeEndian.PutUint32(r.Payload[8:], rtmLookupTable|rtmFIBMatch)
	r.Payload = netlink.AppendAttribute(r.Payload, unix.RTA_DST, to.AsSlice())
	if oif != 0 {
		r.Payload = netlink.AppendAttribute(r.Payload, unix.RTA_OIF, binary.NativeEndian.AppendUint32(nil, oif))
	}
	return r
}

func familyOf(a netip.Addr) uint8 {
	if a.Is4() {
		return unix.AF_INET
	}
	return unix.AF_INET6
}
