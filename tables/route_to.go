package tables

import (
	"net/netip"
	"slices"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// routeTo is a row of route_to: what was asked, and the kernel's answer.
type routeTo struct {
	question query.Question
	lookup   rtnetlink.RouteLookup
	answer   *route // what is made of the route for such packets; nil where they get nowhere
	refusal  error  // why they do not
	facts    *routeFacts
	match    lazy[*route] // the route as its table has it; nil where that is unknown
}

// routeToAskedBy are the columns by which route_to is asked.
var routeToAskedBy = []string{"dst", "src", "mark", "iif", "oif", "uid", "tos", "ipproto", "sport", "dport"}

// routeToTable declares the table of the kernel's answers to which way packets go.
func routeToTable() *query.Table {
	return query.Define(query.Spec[routeTo]{
		Doc: "Which way packets to an address take, by the kernel's own answer (RTM_GETROUTE, as ip route get): by " +
			"its rules, tables, the longest prefix and what it has learned of the path. It is asked by dst == " +
			"ADDRESS, and by what else the rules may look at: src, mark, iif, oif, uid, tos, ipproto, sport and " +
			"dport. Several values, by in [...], are several questions, at most 1024; a join asks once for each " +
			"value of the rows. Packets that get nowhere have a row with the error. A capture has no kernel to ask.",
		Examples: []string{
			"route_to dst == 192.0.2.77",
			"route_to dst in [192.0.2.77, 2001:db8:113::1] | select dst, prefix, gateway, dev, src, table",
			"route_to dst == 192.0.2.77 and mark in [0, 7] | select mark, gateway, dev, table",
			"route_to dst == 192.0.2.77 and iif == \"eth0\" and src == 198.51.100.7 | select dst, src, iif, dev, " +
				"type, error",
			"route_to dst == 192.0.2.77 and sport in 40000..40007 | select sport, nexthop, nexthops, gateway, dev",
		},
		Columns: slices.Concat(query.Section("question", routeQuestionColumns()...),
			query.Section("answer", routeAnswerColumns()...),
			query.Section("metrics", query.Within((*routeTo).answered, routeMetricColumns()...)...)),
		Shown:   []string{"dst", "gateway", "dev", "src", "prefix", "type", "table", "error"},
		Spare:   []string{"type", "prefix", "table", "src"},
		Quiet:   []string{"error"},
		Key:     routeToAskedBy,
		AskedBy: routeToAskedBy,
		Scan:    planRouteTo,
	})
}

// routeQuestionColumns are the columns by which the kernel is asked. Those that were not asked by are NULL, except src.
func routeQuestionColumns() []query.Column[routeTo] {
	return []query.Column[routeTo]{
		query.Col("dst", "The destination of the packets; its zone is the interface that they leave by.",
			func(r *routeTo) netip.Addr { return askedFor[netip.Addr](r, "dst") }),
		query.Col("src", "The source address: where the query asks by one, that one, else the one that the kernel "+
			"takes for what this machine sends.", (*routeTo).source),
		askedNumber("mark", "The packets' mark (fwmark).").In(schema.Bits),
		query.NonZero("iif", "The interface that the packets come in by, where they are forwarded; NULL for those "+
			"that this machine sends.", func(r *routeTo) string { return askedFor[string](r, "iif") }),
		query.NonZero("oif", "The interface that the sending socket is bound to.",
			func(r *routeTo) string { return askedFor[string](r, "oif") }),
		askedNumber("uid", "The user id of the sending socket; where it is not asked by, the kernel takes that of who "+
			"asks."),
		askedNumber("tos", "The type of service, or traffic class.").In(schema.Bits),
		askedNumber("ipproto", "The number of the IP protocol: 6 for TCP, 17 for UDP, 1 and 58 for ICMP."),
		query.Col("sport", "The source port.",
			func(r *routeTo) query.Port { return query.Port(askedFor[int](r, "sport")) }),
		query.Col("dport", "The destination port.",
			func(r *routeTo) query.Port { return query.Port(askedFor[int](r, "dport")) }),
	}
}

// askedFor is the value of a column by which the kernel was asked; the type's zero for none.
func askedFor[V any](r *routeTo, column string) V {
	value, _ := r.question[column].(V)
	return value
}

func askedNumber(name, doc string) query.Column[routeTo] {
	return query.Opt(name, doc, func(r *routeTo) (int, bool) { n, ok := r.question[name].(int); return n, ok })
}

// routeAnswerColumns are the columns of the kernel's answer.
func routeAnswerColumns() []query.Column[routeTo] {
	answer := func(columns ...query.Column[route]) []query.Column[routeTo] {
		return query.Within((*routeTo).answered, columns...)
	}
	match := func(column query.Column[route]) query.Column[routeTo] {
		return query.Within((*routeTo).matched, column)[0].Costly()
	}
	return slices.Concat([]query.Column[routeTo]{
		query.Enum("family", "The address family.", families(),
			func(r *routeTo) string { return familyName(familyOfAddress(r.lookup.Dst)) }),
		query.NonZero("error", "Why packets get nowhere: network is unreachable (there is no route), unreachable, "+
			"prohibit, blackhole, or what is wrong with the question; NULL where they get somewhere.",
			(*routeTo).errorText),
		enumOf("type", "What becomes of the packets: unicast is sent, local received; blackhole drops, unreachable "+
			"and prohibit refuse them.", routeTypes(),
			(*routeTo).kind).When(func(r *routeTo) bool { return r.kind() != 0 }),
	}, answer(
		query.Col("gateway", "The router that packets are handed to; NULL where the destination is on the link.",
			(*route).gateway),
		query.NonZero("dev", "The interface that they leave by.",
			func(r *route) string { return r.facts.interfaceName(r.hop.Interface) }),
		query.Opt("table", "The routing table of the route: its name in iproute2's rt_tables, else its number; "+
			"NULL where there is none, and the kernel takes the destination to be on the link of oif.",
			func(r *route) (string, bool) { return r.facts.routeTable(r.Table), r.Table != 0 }),
		query.NonZero("table_id", "The number of that table.", func(r *route) uint32 { return r.Table }),
	), []query.Column[routeTo]{
		match(query.Col("prefix", "The destinations of the route that was chosen, in its table.",
			func(r *route) netip.Prefix { return r.Dst })),
		match(query.Col("protocol", "Who made the route, by the name in iproute2's rt_protos.",
			func(r *route) string { return r.facts.routeProtocol(uint32(r.Protocol)) })),
		match(query.Col("metric", "The route's metric.", func(r *route) uint32 { return r.Metric })),
		match(query.Col("nexthops", "How many nexthops the route has, of which the kernel chooses one by a hash of "+
			"the packet.", func(r *route) int { return len(r.facts.nexthops(r.Route)) })),
		query.NonZero("nexthop", "Which of them was chosen, from 1; NULL where that is not known.",
			(*routeTo).chosen).Costly(),
	}, answer(
		query.NonZero("nexthop_id", "The nexthop object that the route refers to (ip-nexthop).",
			func(r *route) uint32 { return r.NexthopID }),
		enumOf("encap", "The encapsulation that packets get on the way (RTA_ENCAP_TYPE).",
			routeEncaps(), func(r *route) uint16 { return r.hop.Encap }).When((*route).encapsulates),
	))
}

func (r *routeTo) answered() *route { return r.answer }

// source is the source address that was asked for, or the kernel's choice.
func (r *routeTo) source() netip.Addr {
	if r.lookup.Src.IsValid() || r.answer == nil {
		return askedFor[netip.Addr](r, "src")
	}
	return r.facts.zoned(r.answer.PrefSrc, r.answer.hop.Interface)
}
