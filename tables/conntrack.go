package tables

import (
	"iter"
	"net/netip"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/conntrack"
)

// flow is a row of conntrack.
type flow struct{ *conntrack.Flow }

// conntrackTable declares the table of tracked flows, which the kernel's module nf_conntrack_netlink lists.
func conntrackTable() *query.Table {
	return query.Define(query.Spec[flow]{
		Doc: "A flow that netfilter tracks; reading them needs CAP_NET_ADMIN. The kernel tracks flows while a rule " +
			"of the network namespace asks for it, for their state or for address translation.",
		Examples: []string{
			"conntrack | count by proto, state",
			"conntrack proto == tcp and not (status contains SEEN_REPLY) | select src, dst, dport, timeout",
			"conntrack status contains DST_NAT | select src, dst, dport, reply_src, reply_sport",
			"conntrack | group by src: n = count() | top 10 by n",
			"conntrack dport == 443 and state == ESTABLISHED | extend total = bytes + reply_bytes | top 20 by total",
			"conntrack mark != 0 | count by mark",
		},
		Columns: flowColumns(),
		Shown:   []string{"proto", "state", "src", "sport", "dst", "dport", "timeout", "status"},
		Spare:   []string{"status", "timeout", "proto"},
		Key:     []string{"id", "proto", "src", "sport", "dst", "dport"},
		Scan:    planConntrack,
		Events: "Flows are new, gone, or changed in their state, mark and the like; what an event leaves out is " +
			"NULL.",
		Follow: followConntrack,
	})
}

func flowColumns() []query.Column[flow] {
	return slices.Concat([]query.Column[flow]{
		query.Opt("id", "The kernel's number for the flow, a hash of it: among hundreds of thousands some have the "+
			"same.", func(f *flow) (uint32, bool) { return f.ID, f.Has(conntrack.AttrID) }),
		query.Enum("family", "The address family of its packets.",
			families(), func(f *flow) string { return familyName(f.Family) }),
		query.Enum("proto", "The protocol in its packets; NULL for one that has no name here, whose number is in "+
			"proto_number.", flowProtocolWords(), (*flow).protocol),
		query.Opt("proto_number", "The IP protocol number.",
			func(f *flow) (uint8, bool) { return f.Original.Protocol, f.Has(conntrack.AttrOriginal) }),
		query.Enum("state", "The state of a TCP, SCTP or DCCP connection as netfilter names it; NULL for other "+
			"protocols, and while the flow is offloaded.", flowStates(), (*flow).state),
	}, flowAddresses(), flowICMP(), flowCounters(), flowFacts())
}

// flowAddresses are the columns of the addresses and ports in the packets of both directions.
func flowAddresses() []query.Column[flow] {
	return []query.Column[flow]{
		query.Col("src", "The address that its first packet came from.",
			func(f *flow) netip.Addr { return f.Original.Src }),
		query.Col("sport", "The port that its first packet came from, or GRE's key; NULL for protocols without.",
			func(f *flow) query.Port { return query.Port(f.Original.SrcPort) }),
		query.Col("dst", "The address that its first packet was sent to, before it was translated.",
			func(f *flow) netip.Addr { return f.Original.Dst }),
		query.Col("dport", "The port that its first packet was sent to, before it was translated, or GRE's key; "+
			"NULL for protocols without.", func(f *flow) query.Port { return query.Port(f.Original.DstPort) }),
		query.Col("reply_src", "The address that answers come from: dst, unless that is translated.",
			func(f *flow) netip.Addr { return f.Reply.Src }),
		query.Col("reply_sport", "The port that answers come from: dport, unless that is translated.",
			func(f *flow) query.Port { return query.Port(f.Reply.SrcPort) }),
		query.Col("reply_dst", "The address that answers are sent to: src, unless that is translated.",
			func(f *flow) netip.Addr { return f.Reply.Dst }),
		query.Col("reply_dport", "The port that answers are sent to: sport, unless that is translated.",
			func(f *flow) query.Port { return query.Port(f.Reply.DstPort) }),
	}
}

// flowICMP are the columns of what ICMP and ICMPv6 have in place of ports.
func flowICMP() []query.Column[flow] {
	return query.Within((*flow).icmp,
		query.Col("icmp_type", "The type of its first ICMP or ICMPv6 message; NULL for other protocols.",
			func(t *conntrack.Tuple) uint8 { return t.ICMPType }),
		query.Col("icmp_code", "The code of its first ICMP or ICMPv6 message; NULL for other protocols.",
			func(t *conntrack.Tuple) uint8 { return t.ICMPCode }),
		query.Col("icmp_id", "The identifier in its ICMP or ICMPv6 messages; NULL for other protocols.",
			func(t *conntrack.Tuple) uint16 { return t.ICMPID }),
	)
}

// flowCounters are the columns of packets and bytes, which the kernel counts for flows that began while
// net.netfilter.nf_conntrack_acct was on.
func flowCounters() []query.Column[flow] {
	const unless = "; NULL unless net.netfilter.nf_conntrack_acct was on when it began."
	return query.Within((*flow).counted,
		query.Col("packets", "Packets in the direction of the first"+unless,
			func(f *flow) uint64 { return f.Sent.Packets }).In(schema.Packets).Counter(),
		query.Col("bytes", "Bytes of those packets, with their IP headers"+unless,
			func(f *flow) uint64 { return f.Sent.Bytes }).In(schema.Bytes).Counter(),
		query.Col("reply_packets", "Packets in the other direction"+unless,
			func(f *flow) uint64 { return f.Answered.Packets }).In(schema.Packets).Counter(),
		query.Col("reply_bytes", "Bytes of those packets, with their IP headers"+unless,
			func(f *flow) uint64 { return f.Answered.Bytes }).In(schema.Bytes).Counter(),
	)
}

// flowFacts are the columns of everything else that netfilter keeps of a flow.
func flowFacts() []query.Column[flow] {
	return []query.Column[flow]{
		query.Opt("timeout", "When the flow is forgotten, unless another packet comes; NULL while it is offloaded.",
			func(f *flow) (time.Duration, bool) { return f.Timeout, f.Has(conntrack.AttrTimeout) }).Gauge(),
		flagsOf("status", "What has happened to it: a flow without SEEN_REPLY had no answer; one that is not "+
			"ASSURED goes first when the table is full.", flowStatuses(), func(f *flow) uint32 { return f.Status }),
		query.Opt("mark", "The mark that rules gave the flow (ct mark); 0 where none did.",
			func(f *flow) (uint32, bool) { return f.Mark, f.Has(conntrack.AttrMark) }).In(schema.Bits),
		query.Col("zone", "The zone in which the flow is looked up; 0 is the default one.",
			func(f *flow) uint16 { return max(f.Zone, f.Original.Zone) }),
		query.Col("reply_zone", "The zone in which its answers are looked up: zone, unless a rule made one for a "+
			"direction alone.", func(f *flow) uint16 { return max(f.Zone, f.Reply.Zone) }),
		query.NonZero("helper", "The helper that looks into the flow, to foresee others: ftp, sip and so on.",
			func(f *flow) string { return f.Helper }),
		query.Opt("start", "When it began; NULL unless net.netfilter.nf_conntrack_timestamp was on then.",
			func(f *flow) (time.Time, bool) { return time.Unix(0, int64(f.Start)), f.Start != 0 }),
		query.List("labels", "The numbers of the labels that rules gave the flow (ct label), which connlabel.conf "+
			"may name; NULL for none.", func(f *flow) []int { return f.LabelNumbers() }),
		query.Opt("use", "How many references the kernel holds to it.",
			func(f *flow) (uint32, bool) { return f.Use, f.Has(conntrack.AttrUse) }).Gauge(),
	}
}

// icmp is the original direction of a flow of ICMP or ICMPv6; nil for other protocols.
func (f *flow) icmp() *conntrack.Tuple {
	if !f.Original.HasICMP {
		return nil
	}
	return &f.Original
}

// counted is the flow; nil where the kernel did not count its packets.
func (f *flow) counted() *flow {
	if !f.Has(conntrack.AttrSent) || !f.Has(conntrack.AttrAnswered) {
		return nil
	}
	return f
}

// protocol is the name of the flow's protocol; "" for one without a name.
func (f *flow) protocol() string { return protocolOf(f.Original.Protocol).word.Name }

// state is the state of the connection; "" for protocols without states, and while the flow is offloaded.
func (f *flow) state() string {
	p := protocolOf(f.Original.Protocol)
	if !f.Has(conntrack.AttrState) || int(f.State) >= len(p.states) {
		return ""
	}
	return p.states[f.State]
}

// planConntrack lists flows of the address families that the conditions allow.
func planConntrack(r query.Request) query.Scan[flow] {
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
		return converted(conntrack.Dump(s.ctx, s.system.Netlink, family),
			func(f *conntrack.Flow) *flow { return &flow{f} })
	}}
}
