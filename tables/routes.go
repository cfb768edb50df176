package tables

import (
	"net/netip"

	"netql/query"
	"netql/sources/rtnetlink"
)

// route is a row of routes: a nexthop of a route.
type route struct {
	*rtnetlink.Route
	hop      *rtnetlink.Nexthop
	facts    *routeFacts
	nexthop  int // which of the route's, from 1
	position int // among routes for the same; 0 for an exception
}

// Words that the kernel has numbers for.
var (
	// routeTypes are RTN_* of linux/rtnetlink.h.
	routeTypes = numbered("unspec", "unicast", "local", "broadcast", "anycast", "multicast",
		"blackhole", "unreachable", "prohibit", "throw", "nat", "xresolve")
	// routePrefs are in the order of rtnetlink.Preference.
	routePrefs = numbered("medium", "high", "invalid", "low")
	// routeEncaps are LWTUNNEL_ENCAP_* of linux/lwtunnel.h; the first is for none.
	routeEncaps = numbered("none", "mpls", "ip", "ila", "ip6", "seg6", "bpf", "seg6local", "rpl", "ioam6", "xfrm")
)

// routes declares the table of routes.
func routes() *query.Table {
	return query.Define(query.Spec[route]{
		Doc: "A nexthop of a route of IPv4 or IPv6, in any routing table; most routes have one. " +
			"Redirects and path MTUs that the kernel learned for single destinations are rows too, in which cached is true.",
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
		Fields: append(append(routeFields(), routeStateFields()...), routeMetricFields()...),
		Shown:  []string{"dst", "gateway", "dev", "src", "type", "protocol", "metric", "table"},
		Key:    []string{"family", "table_id", "dst", "from", "tos", "metric", "cached", "position", "nexthop", "gateway", "dev"},
		Scan:   planRoutes,
		Events: "Routes are new, gone, or changed, which is that they took another's place or got more nexthops; IPv4 routes that go with their interface or its address go without a word.",
		Follow: followRoutes,
	})
}

// routeFields say where a route leads.
func routeFields() []query.Field[route] {
	return []query.Field[route]{
		{Name: "family", Type: enum(families()), Doc: "The address family of the destination.", Get: func(r *route) any { return familyName(r.Family) }},
		{Name: "table", Type: text, Doc: "The routing table: its name in iproute2's rt_tables, else its number.",
			Get: func(r *route) any { return r.facts.routeTable(r.Table) }},
		{Name: "table_id", Type: integer, Doc: "The number of the routing table (RTA_TABLE).", Get: func(r *route) any { return int(r.Table) }},
		{Name: "dst", Type: prefix, Doc: "The destinations; 0.0.0.0/0 or ::/0 for a default route.", Get: func(r *route) any { return r.Dst }},
		{Name: "network", Type: text, Doc: "The name of the destination in /etc/networks, which has networks of IPv4; NULL where it has none.",
			Get: func(r *route) any { return nonEmpty(r.facts.networkNames()[r.Dst.Addr()]) }},
		{Name: "from", Type: prefix, Doc: "The sources that an IPv6 route is for; NULL for all.", Get: func(r *route) any { return orNull(r.Src, r.Src.IsValid()) }},
		{Name: "gateway", Type: address, Doc: "The router, for IPv4 routes possibly an IPv6 one; NULL where the destination is on the link, or nowhere.", Get: (*route).gateway},
		{Name: "dev", Type: text, Doc: "The interface; NULL for an IPv4 route that leads nowhere. The kernel has lo for an IPv6 one.",
			Get: func(r *route) any { return nonEmpty(r.facts.interfaceName(r.hop.Interface)) }},
		{Name: "src", Type: address, Doc: "The source address that is preferred for packets to there (RTA_PREFSRC).",
			Get: func(r *route) any { return orNull(r.PrefSrc.Unmap(), r.PrefSrc.IsValid()) }},
		{Name: "type", Type: routeTypes.enum(), Doc: "What becomes of a packet: unicast is sent, local received, blackhole dropped, unreachable and prohibit " +
			"refused with an ICMP message; throw ends the search in this table.", Get: func(r *route) any { return routeTypes.word(uint32(r.Type)) }},
		{Name: "scope", Type: text, Doc: "How far the destination is, by the name in iproute2's rt_scopes; IPv6 has global alone.",
			Get: func(r *route) any { return r.facts.routeScope(uint32(r.Scope)) }},
		{Name: "protocol", Type: text, Doc: "Who made the route, by the name in iproute2's rt_protos: kernel, boot, static, ra, dhcp, bgp and so on.",
			Get: func(r *route) any { return r.facts.routeProtocol(uint32(r.Protocol)) }},
		{Name: "metric", Type: integer, Doc: "The metric: of routes to the same destination the one with the smallest is used; NULL for an exception of IPv4, whose route is not told.",
			Get: func(r *route) any { return orNull(int(r.Metric), r.HasMetric || !r.Cached()) }},
		{Name: "tos", Type: integer, Doc: "The type of service that an IPv4 route is for; NULL for any.", Get: func(r *route) any { return nonZero(uint32(r.TOS)) }},
		{Name: "position", Type: integer, Doc: "Which one it is of routes that agree in table, destination, source, tos and metric, from 1, in the kernel's order; NULL in events.",
			Get: func(r *route) any { return nonZero(r.position) }},
		{Name: "nexthop", Type: integer, Doc: "Which one it is of the route's nexthops, from 1.", Get: func(r *route) any { return r.nexthop }},
		{Name: "weight", Type: integer, Doc: "The nexthop's share of the packets, among several; NULL where there is only one.",
			Get: func(r *route) any { return nonZero(r.hop.Weight) }},
		{Name: "nexthop_id", Type: integer, Doc: "The nexthop object that the route refers to (ip-nexthop).", Get: func(r *route) any { return nonZero(r.NexthopID) }},
		{Name: "encap", Type: routeEncaps.enum(), Doc: "The encapsulation that packets get on the way (RTA_ENCAP_TYPE).",
			Get: func(r *route) any { return orNull(routeEncaps.word(uint32(r.hop.Encap)), r.hop.Encap != 0) }},
	}
}

// gateway has the interface of a link-local router in its zone. A router of ::ffff:0:0/96 is an IPv4 one.
func (r *route) gateway() any {
	if !r.hop.Gateway.IsValid() || r.hop.Gateway == netip.IPv4Unspecified() {
		return nil
	}
	return r.facts.zoned(r.hop.Gateway, r.hop.Interface)
}
