package tables

import (
	"iter"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// multicastRoute is a row of multicast_routes.
type multicastRoute struct {
	rtnetlink.MulticastRoute
	family   string
	scan     *scanState
	name     func(number int) string // the interface that a number in In and Out stands for
	fromFile bool                    // of /proc, which does not tell who made it, and when it was used
}

var (
	multicastStates = schema.NewVocabulary(schema.Word{Name: "resolved"}, schema.Word{Name: "unresolved", Level: schema.Busy})
	// multicastProtocols are RTPROT_* of linux/rtnetlink.h that multicast routing uses.
	multicastProtocols = codes{named(17, "mrouted"), named(4, "static")}
	outputParts        = []schema.Field{{Name: "interface", Type: text}, {Name: "ttl", Type: integer}}
)

// multicastRoutes declares the table of multicast routes.
func multicastRoutes() *query.Table {
	return query.Define(query.Spec[multicastRoute]{
		Doc: "A route of the kernel's multicast forwarding: what a source sends to a group comes from one interface and goes to others.",
		Examples: []string{
			"multicast_routes group in 239.0.0.0/8 | select source, group, iif, oifs, packets",
			"multicast_routes state == unresolved | select source, group",
			"multicast_routes wrong_iif > 0 | top 10 by wrong_iif",
			`multicast_routes "eth1" in oifs | stats sum(bytes) by group`,
			"multicast_routes last_used > 5m or packets == 0 | select family, source, group, last_used",
			"multicast_routes any(outputs, .ttl > 1) | select source, group, outputs",
		},
		Fields: append(multicastRouteFields(), multicastRouteCounters()...),
		Shown:  []string{"family", "source", "group", "iif", "oifs", "state", "packets", "bytes"},
		Key:    []string{"family", "table", "source", "group", "iif"},
		Scan: func(r query.Request) query.Scan[multicastRoute] {
			wanted := wantedMulticast(r)
			plan := planned(wanted, func(f multicastFamily) string { return "rtnetlink RTM_GETROUTE of multicast routing, " + f.name })
			return streamScan[multicastRoute]{plan, "multicast routes", r, func(s *scanState) iter.Seq2[*multicastRoute, error] {
				return multicastRouteRows(s, wanted)
			}}
		},
	})
}

func multicastRouteFields() []query.Field[multicastRoute] {
	type row = multicastRoute
	return []query.Field[row]{
		{Name: "family", Type: enum(families()), Doc: "The address family.", Get: func(r *row) any { return r.family }},
		{Name: "table", Type: text, Doc: "The multicast routing table, by name or number; it is default in IPv4 and main in IPv6 unless a daemon chose another.",
			Get: func(r *row) any { return r.scan.routeTable(r.Table) }},
		{Name: "source", Type: address, Doc: "Who sends; 0.0.0.0 or :: where any will do.", Get: func(r *row) any { return orNull(r.Source, r.Source.IsValid()) }},
		{Name: "group", Type: address, Doc: "The group that it is sent to.", Get: func(r *row) any { return orNull(r.Group, r.Group.IsValid()) }},
		{Name: "iif", Type: text, Doc: "The interface that it must come from; NULL while the route is unresolved.",
			Get: func(r *row) any { return orNull(r.interfaceName(r.In), r.In != 0) }},
		{Name: "oifs", Type: schema.ListOf(text), Doc: "The interfaces that it is sent to; NULL where it goes nowhere.", Get: (*row).outputNames},
		{Name: "outputs", Type: schema.ListOf(schema.Type{Kind: schema.Object, Fields: outputParts}), Get: (*row).outputRecords,
			Doc: "These interfaces, each with the TTL that a packet must exceed to be sent there."},
		{Name: "state", Type: enum(multicastStates), Get: (*row).state,
			Doc: "Whether the route is resolved; an unresolved one waits for the routing daemon, ten seconds at most, and so do its packets."},
		{Name: "protocol", Type: multicastProtocols.enum(), Doc: "Who made it: mrouted, a routing daemon, or static; NULL where /proc answers.",
			Get: func(r *row) any { return multicastProtocols.word(uint32(r.Protocol)) }},
		{Name: "offload", Type: boolean, Doc: "Whether hardware forwards for it (RTNH_F_OFFLOAD); NULL where /proc answers.",
			Get: func(r *row) any { return orNull(r.Offloaded, !r.fromFile) }},
	}
}

func multicastRouteCounters() []query.Field[multicastRoute] {
	count := func(name string, unit schema.Unit, alarm bool, doc string, get func(*rtnetlink.MulticastStats) uint64) query.Field[multicastRoute] {
		return query.Field[multicastRoute]{Name: name, Type: integer, Unit: unit, Alarm: alarm, Change: schema.Counter, Doc: doc, Get: func(r *multicastRoute) any {
			if r.Stats == nil {
				return nil
			}
			return saturate(get(r.Stats))
		}}
	}
	return []query.Field[multicastRoute]{
		count("packets", schema.Packets, false, "Packets that have matched the route; NULL while it is unresolved.", func(s *rtnetlink.MulticastStats) uint64 { return s.Packets }),
		count("bytes", schema.Bytes, false, "Their size with IP headers.", func(s *rtnetlink.MulticastStats) uint64 { return s.Bytes }),
		count("wrong_iif", schema.Packets, true, "Those of them that came from another interface than iif.", func(s *rtnetlink.MulticastStats) uint64 { return s.Wrong }),
		{Name: "last_used", Type: duration, Change: schema.Gauge, Doc: "How long ago the last packet matched; NULL where none has, and where /proc answers.",
			Get: func(r *multicastRoute) any {
				return orNull(r.Idle, !r.fromFile && r.Stats != nil && r.Stats.Packets > 0)
			}},
	}
}

func (r *multicastRoute) state() any {
	if r.Resolved {
		return "resolved"
	}
	return "unresolved"
}

func (r *multicastRoute) interfaceName(number int) string {
	if number == 0 {
		return ""
	}
	return r.name(number)
}

func (r *multicastRoute) outputNames() any {
	var names []any
	for _, o := range r.Out {
		names = append(names, r.name(o.Index))
	}
	return orNull(names, len(names) > 0)
}

func (r *multicastRoute) outputRecords() any {
	var records []any
	for _, o := range r.Out {
		records = append(records, schema.Record{Fields: outputParts, Values: []any{r.name(o.Index), o.TTL}})
	}
	return orNull(records, len(records) > 0)
}
