package tables

import (
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// routeFlags are RTM_F_*, RTCF_* and RTNH_F_* of linux/rtnetlink.h and linux/in_route.h, in ip-route(8)'s words.
func routeFlags() codes {
	return codes{
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
}

// routePrefs are the words of rtnetlink.Preference, in its order: ICMPV6_ROUTER_PREF_* of linux/icmpv6.h.
func routePrefs() codes { return numbered("medium", "high", "invalid", "low") }

// routeStateColumns are the columns of a route's state and use.
func routeStateColumns() []query.Column[route] {
	return []query.Column[route]{
		flagsOf("flags", "The flags of the route and of the nexthop, as ip-route has them: dead where the "+
			"interface is down, linkdown where it has no carrier, redirected where a router said so; NULL for none.",
			routeFlags(), (*route).allFlags),
		query.Col("netstat_flags", "The letters that netstat -r shows: U up, G by a gateway, H a host, ! refused, "+
			"D made and M changed by ICMP, e expires, A and D advertised by a router, n without a nexthop.",
			(*route).netstatFlags),
		query.Col("cached", "Whether the kernel learned it for a single destination, from a redirect or a path MTU.",
			func(r *route) bool { return r.Cached() }),
		enumOf("pref", "The router's preference (RFC 4191); IPv6 only.",
			routePrefs(), func(r *route) rtnetlink.Preference { return r.Pref }),
		query.NonZero("realms", "The realms of the route, from/to or only to, by the names in iproute2's "+
			"rt_realms; IPv4 only.", func(r *route) string { return r.facts.realms(r.Realms | r.hop.Realms) }),
		query.Opt("expires", "When the route goes (rta_expires); NULL for never.",
			func(r *route) (time.Duration, bool) { return max(0, r.Cache.Expires), r.Cache.Expires != 0 }).Gauge(),
		query.Opt("refs", "References to an exception (rta_clntref), or to an IPv6 route (/proc/net/ipv6_route); "+
			"the kernel does not tell those to others.",
			func(r *route) (uint32, bool) { references, _, known := r.usage(); return references, known }).Gauge(),
		query.Opt("use", "How often an exception (rta_used) or an IPv6 route was looked up (/proc/net/ipv6_route, "+
			"0 since Linux 4.18).",
			func(r *route) (uint32, bool) { _, used, known := r.usage(); return used, known },
		).In(schema.Times).Counter(),
		query.Opt("last_use", "How long ago an exception was used last (rta_lastuse).",
			func(r *route) (time.Duration, bool) { return max(0, r.Cache.LastUse), r.Cached() }).Gauge(),
	}
}

// allFlags are the flags of the route and of its nexthop. In an exception the upper half has other meanings (RTCF_* of
// linux/in_route.h), of which only redirected is kept.
func (r *route) allFlags() uint32 {
	const lowerHalf = 1<<16 - 1
	flags := r.Flags | uint32(r.hop.Flags)
	if r.Cached() {
		return flags & (lowerHalf | rtnetlink.Redirected)
	}
	return flags &^ rtnetlink.Redirected
}

// usage is the references to a route and how often it was used: for an exception by its message, for an IPv6 route by
// its line of /proc/net/ipv6_route; false where these are unknown.
func (r *route) usage() (references, used uint32, known bool) {
	if r.Cached() {
		return r.Cache.References, r.Cache.Used, true
	}
	if line := r.facts.line(r); line != nil {
		return line.References, line.Used, true
	}
	return 0, 0, false
}
