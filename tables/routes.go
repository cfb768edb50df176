package tables

import (
	"net/netip"
	"slices"

	"netql/query"
	"netql/sources/rtnetlink"
)

// route is a row of routes: one nexthop of a route.
type route struct {
	*rtnetlink.Route
	hop      *rtnetlink.Nexthop
	facts    *routeFacts
	nexthop  int32 // which of the route's nexthops it is, from 1
	position int32 // among routes with the same routeKey, from 1; 0 for an exception and in events
}

// routeTypes are RTN_* of linux/rtnetlink.h.
func routeTypes() codes {
	return numbered("unspec", "unicast", "local", "broadcast", "anycast", "multicast", "blackhole", "unreachable",
		"prohibit", "throw", "nat", "xresolve")
}

// routeEncaps are LWTUNNEL_ENCAP_* of linux/lwtunnel.h.
func routeEncaps() codes {
	return numbered("none", "mpls", "ip", "ila", "ip6", "seg6", "bpf", "seg6local", "rpl", "ioam6", "xfrm")
}

// routesTable declares the table of routes.
func routesTable() *query.Table {
	return query.Define(query.Spec[route]{
		Doc: "A nexthop of a route of IPv4 or IPv6, in any routing table; most routes have one. Redirects and path " +
			"MTUs that the kernel learned for single destinations are rows too, in which cached is true. The local " +
			"table, which the kernel fills with the machine's own addresses and broadcasts, is there only where the " +
			"query names table, table_id, type or scope, or has a condition on dst, which may find an address there; " +
			"events and differences always have it. Which route packets to an address take route_to tells.",
		Examples: []string{
			`routes table == "main" | select dst, gateway, dev, src, metric`,
			"routes dst == 0.0.0.0/0 or dst == ::/0 | sort metric | select table, gateway, dev, metric",
			"routes type in [blackhole, unreachable, prohibit, throw] | select table, dst, type, metric",
			"routes dst contains 192.0.2.77 | select table, dst, gateway, dev, metric",
			"routes weight != nil | select dst, nexthop, gateway, dev, weight",
			"routes cached | select dst, gateway, dev, mtu, expires, flags",
			"routes linkdown in flags or dead in flags",
			"routes | count by family, table, protocol",
			"routes mtu != nil or advmss != nil or congestion != nil | select dst, dev, mtu, advmss, congestion",
		},
		Columns: slices.Concat(query.Section("route", routeColumns()...),
			query.Section("state", routeStateColumns()...),
			query.Section("metrics", routeMetricColumns()...)),
		Shown: []string{"dst", "gateway", "dev", "src", "metric", "type", "table", "protocol"},
		Spare: []string{"protocol", "src", "metric", "table"},
		Key: []string{
			"family", "table_id", "dst", "from", "tos", "metric", "cached", "position", "nexthop", "gateway", "dev",
		},
		Named: []string{"table", "table_id", "type", "scope"}, // which tell routes of the local table from others
		Scan:  planRoutes,
		Events: "Routes are new, gone, or changed, which is that they took another's place or got more nexthops; " +
			"IPv4 routes that go with their interface or its address go without a word.",
		Follow: followRoutes,
	})
}

// routeColumns are the columns of where a route leads.
func routeColumns() []query.Column[route] {
	return []query.Column[route]{
		query.Enum("family", "The address family of the destination.",
			families(), func(r *route) string { return familyName(r.Family) }),
		query.Col("table", "The routing table: its name in iproute2's rt_tables, else its number.",
			func(r *route) string { return r.facts.routeTable(r.Table) }),
		query.Col("table_id", "The number of the routing table (RTA_TABLE).",
			func(r *route) uint32 { return r.Table }),
		query.Col("dst", "The destinations; 0.0.0.0/0 or ::/0 for a default route.",
			func(r *route) netip.Prefix { return r.Dst }),
		query.NonZero("network", "The name of the destination in /etc/networks, which has networks of IPv4; NULL "+
			"where it has none.", func(r *route) string { return r.facts.networkNames()[r.Dst.Addr()] }),
		query.Col("from", "The sources that an IPv6 route is for; NULL for all.",
			func(r *route) netip.Prefix { return r.Src }),
		query.Col("gateway", "The router, for IPv4 routes possibly an IPv6 one; NULL where the destination is on "+
			"the link, or nowhere.", (*route).gateway),
		query.NonZero("dev", "The interface; NULL for an IPv4 route that leads nowhere. The kernel has lo for an "+
			"IPv6 one.", func(r *route) string { return r.facts.interfaceName(r.hop.Interface) }),
		query.Col("src", "The source address that is preferred for packets to there (RTA_PREFSRC).",
			func(r *route) netip.Addr { return r.PrefSrc }),
		enumOf("type", "What becomes of a packet: unicast is sent, local received, blackhole dropped, unreachable "+
			"and prohibit refused with an ICMP message; throw ends the search in this table.",
			routeTypes(), func(r *route) uint8 { return r.Type }),
		query.Col("scope", "How far the destination is, by the name in iproute2's rt_scopes; IPv6 has global alone.",
			func(r *route) string { return r.facts.routeScope(uint32(r.Scope)) }),
		query.Col("protocol", "Who made the route, by the name in iproute2's rt_protos: kernel, boot, static, ra, "+
			"dhcp, bgp and so on.", func(r *route) string { return r.facts.routeProtocol(uint32(r.Protocol)) }),
		query.Opt("metric", "The metric: of routes to the same destination the one with the smallest is used; NULL "+
			"for an exception of IPv4, whose route is not told.",
			func(r *route) (uint32, bool) { return r.Metric, r.HasMetric || !r.Cached() }),
		query.NonZero("tos", "The type of service that an IPv4 route is for; NULL for any.",
			func(r *route) uint8 { return r.TOS }),
		query.NonZero("position", "Which one it is of routes that agree in table, destination, source, tos and "+
			"metric, from 1, in the kernel's order; NULL in events.",
			func(r *route) int32 { return r.position }),
		query.Col("nexthop", "Which one it is of the route's nexthops, from 1.",
			func(r *route) int32 { return r.nexthop }),
		query.NonZero("weight", "The nexthop's share of the packets, among several; NULL where there is only one.",
			func(r *route) uint32 { return r.hop.Weight }),
		query.NonZero("nexthop_id", "The nexthop object that the route refers to (ip-nexthop).",
			func(r *route) uint32 { return r.NexthopID }),
		enumOf("encap", "The encapsulation that packets get on the way (RTA_ENCAP_TYPE).",
			routeEncaps(), func(r *route) uint16 { return r.hop.Encap }).When((*route).encapsulates),
	}
}

func (r *route) encapsulates() bool { return r.hop.Encap != 0 }

// gateway is the router's address, with the interface as its zone where it is link-local; the zero address where the
// nexthop has none. A router of ::ffff:0:0/96 is an IPv4 one.
func (r *route) gateway() netip.Addr {
	if !r.hop.Gateway.IsValid() || r.hop.Gateway == netip.IPv4Unspecified() {
		return netip.Addr{}
	}
	return r.facts.zoned(r.hop.Gateway, r.hop.Interface)
}
