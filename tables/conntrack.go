package tables

import (
	"iter"
	"net/netip"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/conntrack"
)

// flow is a row of conntrack.
type flow struct{ *conntrack.Flow }

// flows declares the table of tracked flows. Its kernel part is nf_conntrack_netlink.
func flows() *query.Table {
	return query.Define(query.Spec[flow]{
		Doc: "A flow that netfilter tracks; reading them needs CAP_NET_ADMIN. The kernel tracks flows while a rule of the network namespace " +
			"asks for it, for their state or for address translation.",
		Examples: []string{
			"conntrack | count by proto, state",
			"conntrack proto == tcp and not (status contains SEEN_REPLY) | select src, dst, dport, timeout",
			"conntrack status contains DST_NAT | select src, dst, dport, reply_src, reply_sport",
			"conntrack | group by src: n = count() | top 10 by n",
			"conntrack dport == 443 and state == ESTABLISHED | extend total = bytes + reply_bytes | top 20 by total",
			"conntrack mark != 0 | count by mark",
		},
		Fields: flowFields(),
		Shown:  []string{"proto", "state", "src", "sport", "dst", "dport", "timeout", "status"},
		Key:    []string{"id", "proto", "src", "sport", "dst", "dport"},
		Scan:   planFlows,
		Events: "Flows are new, gone, or changed in their state, mark and the like; what an event leaves out is NULL.",
		Follow: followFlows,
	})
}

func flowFields() []query.Field[flow] {
	fields := []query.Field[flow]{
		{Name: "id", Type: integer, Doc: "The kernel's number for the flow, a hash of it: among hundreds of thousands some have the same.",
			Get: func(f *flow) any { return orNull(int(f.ID), f.Has(conntrack.AttrID)) }},
		{Name: "family", Type: enum(families()), Doc: "The address family of its packets.", Get: func(f *flow) any { return familyName(f.Family) }},
		{Name: "proto", Type: enum(flowProtocolWords()), Get: (*flow).protocol,
			Doc: "The protocol in its packets; NULL for one that has no name here, whose number is in proto_number."},
		{Name: "proto_number", Type: integer, Doc: "The IP protocol number.",
			Get: func(f *flow) any { return orNull(int(f.Original.Protocol), f.Has(conntrack.AttrOriginal)) }},
		{Name: "state", Type: enum(flowStates), Get: (*flow).state,
			Doc: "The state of a TCP, SCTP or DCCP connection as netfilter names it; NULL for other protocols, and while the flow is offloaded."},
	}
	for _, more := range [][]query.Field[flow]{flowAddresses(), flowICMP(), flowCounters(), flowFacts()} {
		fields = append(fields, more...)
	}
	return fields
}

// flowAddresses are what the packets of either direction carry.
func flowAddresses() []query.Field[flow] {
	addr := func(name, doc string, get func(*flow) netip.Addr) query.Field[flow] {
		return query.Field[flow]{Name: name, Type: address, Doc: doc, Get: func(f *flow) any {
			a := get(f)
			return orNull(a.Unmap(), a.IsValid())
		}}
	}
	number := func(name, doc string, get func(*flow) uint16) query.Field[flow] {
		return query.Field[flow]{Name: name, Type: port, Doc: doc, Get: func(f *flow) any { return nonZero(uint32(get(f))) }}
	}
	return []query.Field[flow]{
		addr("src", "The address that its first packet came from.", func(f *flow) netip.Addr { return f.Original.Src }),
		number("sport", "The port that its first packet came from, or GRE's key; NULL for protocols without.",
			func(f *flow) uint16 { return f.Original.SrcPort }),
		addr("dst", "The address that its first packet was sent to, before it was translated.", func(f *flow) netip.Addr { return f.Original.Dst }),
		number("dport", "The port that its first packet was sent to, before it was translated, or GRE's key; NULL for protocols without.",
			func(f *flow) uint16 { return f.Original.DstPort }),
		addr("reply_src", "The address that answers come from: dst, unless that is translated.", func(f *flow) netip.Addr { return f.Reply.Src }),
		number("reply_sport", "The port that answers come from: dport, unless that is translated.", func(f *flow) uint16 { return f.Reply.SrcPort }),
		addr("reply_dst", "The address that answers are sent to: src, unless that is translated.", func(f *flow) netip.Addr { return f.Reply.Dst }),
		number("reply_dport", "The port that answers are sent to: sport, unless that is translated.", func(f *flow) uint16 { return f.Reply.DstPort }),
	}
}

// flowICMP are what ICMP and ICMPv6 have in place of ports.
func flowICMP() []query.Field[flow] {
	field := func(name, doc string, get func(*conntrack.Tuple) int) query.Field[flow] {
		return query.Field[flow]{Name: name, Type: integer, Doc: doc + "; NULL for other protocols.", Get: func(f *flow) any {
			return orNull(get(&f.Original), f.Original.HasICMP)
		}}
	}
	return []query.Field[flow]{
		field("icmp_type", "The type of its first ICMP or ICMPv6 message", func(t *conntrack.Tuple) int { return int(t.ICMPType) }),
		field("icmp_code", "The code of its first ICMP or ICMPv6 message", func(t *conntrack.Tuple) int { return int(t.ICMPCode) }),
		field("icmp_id", "The identifier in its ICMP or ICMPv6 messages", func(t *conntrack.Tuple) int { return int(t.ICMPID) }),
	}
}

// flowCounters are there for flows that began while net.netfilter.nf_conntrack_acct was on.
func flowCounters() []query.Field[flow] {
	const unless = "; NULL unless net.netfilter.nf_conntrack_acct was on when it began."
	counter := func(name string, unit schema.Unit, doc string, get func(*flow) uint64) query.Field[flow] {
		return query.Field[flow]{Name: name, Type: integer, Unit: unit, Change: schema.Counter, Doc: doc + unless, Get: func(f *flow) any {
			return orNull(saturate(get(f)), f.Has(conntrack.AttrSent) && f.Has(conntrack.AttrAnswered))
		}}
	}
	return []query.Field[flow]{
		counter("packets", schema.Packets, "Packets in the direction of the first", func(f *flow) uint64 { return f.Sent.Packets }),
		counter("bytes", schema.Bytes, "Bytes of those packets, with their IP headers", func(f *flow) uint64 { return f.Sent.Bytes }),
		counter("reply_packets", schema.Packets, "Packets in the other direction", func(f *flow) uint64 { return f.Answered.Packets }),
		counter("reply_bytes", schema.Bytes, "Bytes of those packets, with their IP headers", func(f *flow) uint64 { return f.Answered.Bytes }),
	}
}

// flowFacts are what else netfilter keeps of a flow.
func flowFacts() []query.Field[flow] {
	return []query.Field[flow]{
		{Name: "timeout", Type: duration, Change: schema.Gauge, Doc: "When the flow is forgotten, unless another packet comes; NULL while it is offloaded.",
			Get: func(f *flow) any { return orNull(f.Timeout, f.Has(conntrack.AttrTimeout)) }},
		{Name: "status", Type: flowStatuses.set(),
			Doc: "What has happened to it: a flow without SEEN_REPLY had no answer; one that is not ASSURED goes first when the table is full.",
			Get: func(f *flow) any { return flowStatuses.flags(f.Status) }},
		{Name: "mark", Type: integer, Unit: schema.Bits, Doc: "The mark that rules gave the flow (ct mark); 0 where none did.",
			Get: func(f *flow) any { return orNull(int(f.Mark), f.Has(conntrack.AttrMark)) }},
		{Name: "zone", Type: integer, Doc: "The zone in which the flow is looked up; 0 is the default one.",
			Get: func(f *flow) any { return int(max(f.Zone, f.Original.Zone)) }},
		{Name: "reply_zone", Type: integer, Doc: "The zone in which its answers are looked up: zone, unless a rule made one for a direction alone.",
			Get: func(f *flow) any { return int(max(f.Zone, f.Reply.Zone)) }},
		{Name: "helper", Type: text, Doc: "The helper that looks into the flow, to foresee others: ftp, sip and so on.",
			Get: func(f *flow) any { return nonEmpty(f.Helper) }},
		{Name: "start", Type: schema.Of(schema.Time), Get: (*flow).start,
			Doc: "When it began; NULL unless net.netfilter.nf_conntrack_timestamp was on then."},
		{Name: "labels", Type: schema.ListOf(integer), Get: (*flow).labels,
			Doc: "The numbers of the labels that rules gave the flow (ct label), which connlabel.conf may name; NULL for none."},
		{Name: "use", Type: integer, Change: schema.Gauge, Doc: "How many references the kernel holds to it.",
			Get: func(f *flow) any { return orNull(int(f.Use), f.Has(conntrack.AttrUse)) }},
	}
}

func (f *flow) protocol() any {
	p, _ := protocolOf(f.Original.Protocol)
	return nonEmpty(p.word.Name)
}

func (f *flow) state() any {
	p, _ := protocolOf(f.Original.Protocol)
	if !f.Has(conntrack.AttrState) || int(f.State) >= len(p.states) {
		return nil
	}
	return p.states[f.State]
}

func (f *flow) start() any {
	if f.Start == 0 {
		return nil
	}
	return time.Unix(0, int64(f.Start))
}

// labels are the bits that are set, counted through the words of the machine.
func (f *flow) labels() any {
	var numbers []any
	for _, label := range f.LabelNumbers() {
		numbers = append(numbers, label)
	}
	return orNull(numbers, numbers != nil)
}

// planFlows asks only for the family that the query can want.
func planFlows(r query.Request) query.Scan[flow] {
	wanted := wantedFamilies(r.Where, nil)
	text, family := "nfnetlink IPCTNL_MSG_CT_GET", uint8(0)
	switch len(wanted) {
	case 0:
		text = "nothing: no flow can satisfy the conditions"
	case 1:
		family = wanted[0]
		text += " " + familyName(family)
	}
	return streamScan[flow]{text, "tracked flows", r, func(s *scanState) iter.Seq2[*flow, error] {
		if len(wanted) == 0 {
			return each[flow](nil, nil)
		}
		return converted(conntrack.Dump(s.ctx, s.system.Netlink, family), func(f *conntrack.Flow) *flow { return &flow{f} })
	}}
}
