package tables

import (
	"netql/query"
	"netql/query/schema"
	"netql/sources/procfs"
	"netql/sources/rtnetlink"
)

// routeFlags are those of a route and of its nexthop. They have the names that ip-route(8) gives them.
var routeFlags = codes{
	{rtnetlink.Dead, schema.Word{Name: "dead", Level: schema.Bad}},
	{rtnetlink.LinkDown, schema.Word{Name: "linkdown", Level: schema.Bad}},
	named(rtnetlink.Pervasive, "pervasive"),
	named(rtnetlink.Onlink, "onlink"),
	named(rtnetlink.Offload, "offload"),
	named(rtnetlink.Trap, "trap"),
	named(rtnetlink.Unresolved, "unresolved"),
	named(rtnetlink.RouteOffload, "rt_offload"),
	named(rtnetlink.RouteTrap, "rt_trap"),
	{rtnetlink.OffloadFailed, schema.Word{Name: "rt_offload_failed", Level: schema.Bad}},
	{rtnetlink.Redirected, schema.Word{Name: "redirected", Level: schema.Busy}},
}

// routeStateFields say how a route is doing.
func routeStateFields() []query.Field[route] {
	return []query.Field[route]{
		{Name: "flags", Type: routeFlags.set(), Get: (*route).flagNames,
			Doc: "The flags of the route and of the nexthop, as ip-route has them: dead where the interface is down, linkdown where it has no carrier, redirected where a router said so; NULL for none."},
		{Name: "netstat_flags", Type: text, Get: (*route).netstatFlags,
			Doc: "The letters that netstat -r shows: U up, G by a gateway, H a host, ! refused, D made and M changed by ICMP, e expires, A and D advertised by a router, n without a nexthop."},
		{Name: "cached", Type: boolean, Doc: "Whether the kernel learned it for a single destination, from a redirect or a path MTU.", Get: func(r *route) any { return r.Cached() }},
		{Name: "pref", Type: routePrefs.enum(), Doc: "The router's preference (RFC 4191); IPv6 only.", Get: func(r *route) any { return routePrefs.word(uint32(r.Pref)) }},
		{Name: "realms", Type: text, Doc: "The realms of the route, from/to or only to, by the names in iproute2's rt_realms; IPv4 only.", Get: func(r *route) any { return r.facts.realms(r.Realms | r.hop.Realms) }},
		{Name: "expires", Type: duration, Change: schema.Gauge, Doc: "When the route goes (rta_expires); NULL for never.",
			Get: func(r *route) any { return orNull(max(0, r.Cache.Expires), r.Cache.Expires != 0) }},
		{Name: "refs", Type: integer, Change: schema.Gauge, Doc: "References to an exception (rta_clntref), or to an IPv6 route (/proc/net/ipv6_route); the kernel does not tell those to others.",
			Get: func(r *route) any {
				return r.counted(r.Cache.References, func(l *procfs.IPv6Route) uint32 { return l.References })
			}},
		{Name: "use", Type: integer, Change: schema.Counter, Unit: schema.Times, Doc: "How often an exception (rta_used) or an IPv6 route was looked up (/proc/net/ipv6_route, 0 since Linux 4.18).",
			Get: func(r *route) any {
				return r.counted(r.Cache.Used, func(l *procfs.IPv6Route) uint32 { return l.Used })
			}},
		{Name: "last_use", Type: duration, Change: schema.Gauge, Doc: "How long ago an exception was used last (rta_lastuse).",
			Get: func(r *route) any { return orNull(max(0, r.Cache.LastUse), r.Cached()) }},
	}
}

// flagNames: in an exception the upper half of the flags has other meanings (RTCF_* of linux/in_route.h).
func (r *route) flagNames() any {
	const lowerHalf = 1<<16 - 1
	flags := r.Flags | uint32(r.hop.Flags)
	if r.Cached() {
		flags &= lowerHalf | rtnetlink.Redirected
	} else {
		flags &^= rtnetlink.Redirected
	}
	return routeFlags.flags(flags)
}

// counted is a number of an exception, else the one in the route's line of /proc/net/ipv6_route.
func (r *route) counted(ofException uint32, get func(*procfs.IPv6Route) uint32) any {
	if r.Cached() {
		return int(ofException)
	}
	if line := r.facts.line(r); line != nil {
		return int(get(line))
	}
	return nil
}
