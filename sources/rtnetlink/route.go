package rtnetlink

import (
	"encoding/binary"
	"net/netip"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// A Route is a route of one of the kernel's routing tables, or an exception that the kernel remembers for one
// destination of a route: a redirect, or a smaller path MTU.
type Route struct {
	Family, Type, Scope, Protocol, TOS uint8 // AF_*, RTN_*, RT_SCOPE_*, RTPROT_*
	Pref                               Preference
	HasMetric                          bool
	Metric                             uint32
	Flags                              uint32       // RTM_F_*, RTCF_*, and of a route with one nexthop its RTNH_F_*
	Table                              uint32       // RT_TABLE_*
	Realms                             uint32       // from << 16 | to, of IPv4 routes
	NexthopID                          uint32       // the nexthop object that it refers to, 0 for none
	Dst, Src                           netip.Prefix // Src only of IPv6 routes that look at the source; else invalid
	PrefSrc                            netip.Addr   // the source address for what we send; invalid for none
	Metrics                            *Metrics     // nil for none
	Cache                              CacheInfo    // of exceptions; of other IPv6 routes Expires alone
	Nexthops                           []Nexthop    // one or more

	own [1]Nexthop // what Nexthops is for most routes
}

// A Nexthop is a gateway, or an interface, to which a route sends packets.
type Nexthop struct {
	Gateway   netip.Addr // of either family; invalid for a destination on the link, and for a route that leads nowhere
	Interface uint32     // index, 0 for none
	Weight    uint32     // 0 where the route has no other nexthop
	Realms    uint32
	Encap     uint16 // LWTUNNEL_ENCAP_* of linux/lwtunnel.h, 0 for none
	Flags     uint8  // RTNH_F_*
}

// Preference is the preference of a router (RFC 4191): ICMPV6_ROUTER_PREF_* of linux/icmpv6.h, which are 0 for
// medium, 1 for high, 2 for invalid and 3 for low, or one more.
type Preference uint8

// NoPreference is that of IPv4 routes.
const NoPreference Preference = 4

// CacheInfo is struct rta_cacheinfo (linux/rtnetlink.h).
type CacheInfo struct {
	References, Used uint32
	LastUse          time.Duration // ago
	Expires          time.Duration // from now; 0 for never
}

// Cached says that the route is an exception to another one.
func (r *Route) Cached() bool { return r.Flags&unix.RTM_F_CLONED != 0 }

// parseRoute reads struct rtmsg and the attributes behind it.
func parseRoute(b []byte) (*Route, error) {
	r := new(Route)
	if err := r.parse(b); err != nil {
		return nil, err
	}
	return r, nil
}

// parse is parseRoute for a route that is zero.
func (r *Route) parse(b []byte) error {
	attributes, err := routeMessage.Decode(b)
	if err != nil {
		return err
	}
	r.Family, r.TOS, r.Table, r.Protocol, r.Scope, r.Type = b[0], b[3], uint32(b[4]), b[routeProtocol], b[6],
		b[routeType]
	r.Flags, r.Pref = binary.NativeEndian.Uint32(b[8:]), NoPreference
	r.own[0].Flags = uint8(r.Flags)
	r.Nexthops = r.own[:]
	var dst, src []byte
	for attributes.Next() {
		switch attributes.Type() {
		case unix.RTA_DST:
			dst = attributes.Bytes()
		case unix.RTA_SRC:
			src = attributes.Bytes()
		default:
			r.attribute(&attributes)
		}
	}
	if err := attributes.Err(); err != nil {
		return err
	}
	if r.Dst, err = prefix(r.Family, dst, b[1]); err == nil && b[2] > 0 {
		r.Src, err = prefix(r.Family, src, b[2])
	}
	return err
}

// parseDestination reads a route's destination alone, without looking at what comes behind it.
func parseDestination(b []byte) (netip.Prefix, error) {
	attributes, err := routeMessage.Decode(b)
	if err != nil {
		return netip.Prefix{}, err
	}
	var dst []byte
	for dst == nil && attributes.Next() {
		if attributes.Type() == unix.RTA_DST {
			dst = attributes.Bytes()
		}
	}
	if err := attributes.Err(); err != nil {
		return netip.Prefix{}, err
	}
	return prefix(b[0], dst, b[1])
}

func (r *Route) attribute(a *netlink.Attributes) {
	switch a.Type() {
	case unix.RTA_TABLE:
		r.Table = a.Uint32()
	case unix.RTA_PRIORITY:
		r.Metric, r.HasMetric = a.Uint32(), true
	case unix.RTA_PREFSRC:
		r.PrefSrc = address(a.Bytes())
	case unix.RTA_METRICS:
		r.Metrics = parseMetrics(a)
	case unix.RTA_CACHEINFO:
		r.Cache = parseCacheInfo(a.Bytes())
	case unix.RTA_PREF:
		r.Pref = Preference(a.Uint8())
	case uapi.RTA_NH_ID:
		r.NexthopID = a.Uint32()
	case unix.RTA_MULTIPATH:
		if err := r.multipath(a.Bytes()); err != nil {
			a.Fail(err)
		}
	case unix.RTA_FLOW:
		r.Realms = a.Uint32()
	case unix.RTA_OIF:
		r.own[0].Interface = a.Uint32()
	default:
		r.own[0].attribute(a)
	}
}

// attribute reads the attributes that a route's only nexthop and one of RTA_MULTIPATH share.
func (n *Nexthop) attribute(a *netlink.Attributes) {
	switch a.Type() {
	case unix.RTA_GATEWAY:
		n.Gateway = address(a.Bytes())
	case unix.RTA_VIA: // struct rtvia: a family and an address of it
		if b := a.Bytes(); len(b) > viaAddress {
			n.Gateway = address(b[viaAddress:])
		}
	case unix.RTA_FLOW:
		n.Realms = a.Uint32()
	case unix.RTA_ENCAP_TYPE:
		n.Encap = a.Uint16()
	}
}

// parseCacheInfo reads struct rta_cacheinfo: references, last use, expiry, error, use, and more. What is cut off is 0.
func parseCacheInfo(b []byte) CacheInfo {
	var raw [5]uint32
	for i := range raw {
		if len(b) >= 4*(i+1) {
			raw[i] = binary.NativeEndian.Uint32(b[4*i:])
		}
	}
	return CacheInfo{
		References: raw[0], LastUse: ticks(raw[1]), Used: raw[4],
		Expires: max(0, ticks(raw[2])),
	}
}
