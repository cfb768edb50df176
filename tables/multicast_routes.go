package tables

import (
	"iter"
	"net/netip"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// multicastRoute is a row of multicast_routes.
type multicastRoute struct {
	rtnetlink.MulticastRoute
	family   string
	scan     *scanState
	name     func(number int) string // the name of the interface for a number in In and Out
	fromFile bool                    // it is from a file of /proc, which lacks protocol, offload and time of use
}

// multicastStates are the states of routes.
func multicastStates() *schema.Vocabulary {
	return schema.NewVocabulary(schema.Word{Name: "resolved"}, schema.Word{Name: "unresolved", Level: schema.Busy})
}

// multicastProtocols are RTPROT_* of linux/rtnetlink.h that multicast routing uses.
func multicastProtocols() codes { return codes{named(17, "mrouted"), named(4, "static")} }

// multicastRoutesTable declares the table of multicast routes.
func multicastRoutesTable() *query.Table {
	return query.Define(query.Spec[multicastRoute]{
		Doc: "A route of the kernel's multicast forwarding: what a source sends to a group comes from one " +
			"interface and goes to others.",
		Examples: []string{
			"multicast_routes group in 239.0.0.0/8 | select source, group, iif, oifs, packets",
			"multicast_routes state == unresolved | select source, group",
			"multicast_routes wrong_iif > 0 | top 10 by wrong_iif",
			`multicast_routes "eth1" in oifs | stats sum(bytes) by group`,
			"multicast_routes last_used > 5m or packets == 0 | select family, source, group, last_used",
			"multicast_routes any(outputs, .ttl > 1) | select source, group, outputs",
		},
		Columns: slices.Concat(multicastRouteColumns(), multicastRouteCounters()),
		Shown:   []string{"family", "source", "group", "iif", "oifs", "state", "packets", "bytes"},
		Key:     []string{"family", "table", "source", "group", "iif"},
		Scan: func(r query.Request) query.Scan[multicastRoute] {
			wanted := wantedMulticast(r)
			plan := planText(wanted, func(f multicastFamily) string {
				return "rtnetlink RTM_GETROUTE of multicast routing, " + f.name
			})
			return streamScan[multicastRoute]{plan, "multicast routes", r,
				func(s *scanState) iter.Seq2[*multicastRoute, error] { return multicastRouteRows(s, wanted) }}
		},
	})
}

func multicastRouteColumns() []query.Column[multicastRoute] {
	type row = multicastRoute
	return []query.Column[row]{
		query.Enum("family", "The address family.", families(), func(r *row) string { return r.family }),
		query.Col("table", "The multicast routing table, by name or number; it is default in IPv4 and main in IPv6 "+
			"unless a daemon chose another.", func(r *row) string { return r.scan.routeTable(r.Table) }),
		query.Col("source", "Who sends; 0.0.0.0 or :: where any will do.",
			func(r *row) netip.Addr { return r.Source }),
		query.Col("group", "The group that it is sent to.", func(r *row) netip.Addr { return r.Group }),
		query.Opt("iif", "The interface that it must come from; NULL while the route is unresolved.",
			(*row).inputName),
		query.List("oifs", "The interfaces that it is sent to; NULL where it goes nowhere.", (*row).outputNames),
		query.Records("outputs", "These interfaces, each with the TTL that a packet must exceed to be sent there.",
			multicastOutputParts(), (*row).outputs),
		query.Enum("state", "Whether the route is resolved; an unresolved one waits for the routing daemon, ten "+
			"seconds at most, and so do its packets.", multicastStates(), (*row).state),
		enumOf("protocol", "Who made it: mrouted, a routing daemon, or static; NULL where /proc answers.",
			multicastProtocols(), func(r *row) uint8 { return r.Protocol }),
		query.Opt("offload", "Whether hardware forwards for it (RTNH_F_OFFLOAD); NULL where /proc answers.",
			func(r *row) (bool, bool) { return r.Offloaded, !r.fromFile }),
	}
}

// multicastOutput is an interface that a route leads to, by its name, and the TTL that packets must exceed.
type multicastOutput struct {
	name string
	ttl  int
}

// multicastOutputParts are the parts of one element of outputs.
func multicastOutputParts() []query.Column[multicastOutput] {
	return []query.Column[multicastOutput]{
		query.Col("interface", "", func(o *multicastOutput) string { return o.name }),
		query.Col("ttl", "", func(o *multicastOutput) int { return o.ttl }),
	}
}

// multicastRouteCounters are the columns of the packets that matched a route.
func multicastRouteCounters() []query.Column[multicastRoute] {
	type stats = rtnetlink.MulticastStats
	return append(query.Within(func(r *multicastRoute) *stats { return r.Stats },
		query.Col("packets", "Packets that have matched the route; NULL while it is unresolved.",
			func(s *stats) uint64 { return s.Packets }).In(schema.Packets).Counter(),
		query.Col("bytes", "Their size with IP headers.",
			func(s *stats) uint64 { return s.Bytes }).In(schema.Bytes).Counter(),
		query.Col("wrong_iif", "Those of them that came from another interface than iif.",
			func(s *stats) uint64 { return s.Wrong }).In(schema.Packets).Counter().Alarm(),
	),
		query.Opt("last_used", "How long ago the last packet matched; NULL where none has, and where /proc answers.",
			(*multicastRoute).lastUsed).Gauge(),
	)
}

// state says whether the routing daemon has resolved the route.
func (r *multicastRoute) state() string {
	if r.Resolved {
		return "resolved"
	}
	return "unresolved"
}

// lastUsed is how long ago the last packet matched; false where none has, or that is unknown.
func (r *multicastRoute) lastUsed() (time.Duration, bool) {
	return r.Idle, !r.fromFile && r.Stats != nil && r.Stats.Packets > 0
}

func (r *multicastRoute) inputName() (string, bool) {
	if r.In == 0 {
		return "", false
	}
	return r.name(r.In), true
}

func (r *multicastRoute) outputNames() []string {
	names := make([]string, len(r.Out))
	for i, o := range r.Out {
		names[i] = r.name(o.Index)
	}
	return names
}

func (r *multicastRoute) outputs() []multicastOutput {
	outputs := make([]multicastOutput, len(r.Out))
	for i, o := range r.Out {
		outputs[i] = multicastOutput{r.name(o.Index), o.TTL}
	}
	return outputs
}
