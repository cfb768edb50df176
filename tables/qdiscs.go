package tables

import (
	"fmt"
	"iter"
	"slices"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// qdisc is a row of qdiscs.
type qdisc struct {
	*rtnetlink.Qdisc
	scan *scanState
}

// qdiscsTable declares the table of queueing disciplines.
func qdiscsTable() *query.Table {
	return query.Define(query.Spec[qdisc]{
		Doc: "A queueing discipline: what decides which packet of an interface is sent next, and which is dropped. " +
			"Those that the kernel makes for classes by itself are not here, nor in tc's list.",
		Examples: []string{
			"qdiscs",
			"qdiscs drops > 0 or backlog > 0 | select dev, kind, handle, parent, drops, backlog, qlen",
			"qdiscs | group by kind: n = count(), sum(bytes), sum(drops) | sort n desc",
			"qdiscs dev == \"eth0\" | select kind, handle, parent, overlimits, requeues",
			"qdiscs | extend loss = drops / packets | where loss > 0.001",
		},
		Columns: qdiscColumns(),
		Shown: []string{"dev", "kind", "handle", "parent", "bytes", "packets", "drops", "overlimits", "backlog",
			"qlen"},
		Quiet: []string{"overlimits", "backlog", "qlen"},
		Spare: []string{"overlimits", "packets", "handle", "qlen"},
		Key:   []string{"dev", "handle", "parent"},
		Scan: func(r query.Request) query.Scan[qdisc] {
			return streamScan[qdisc]{"RTM_GETQDISC", "queueing disciplines", r,
				func(s *scanState) iter.Seq2[*qdisc, error] {
					return converted(rtnetlink.Qdiscs(s.ctx, s.system.Netlink),
						func(q *rtnetlink.Qdisc) *qdisc { return &qdisc{q, s} })
				}}
		},
	})
}

func qdiscColumns() []query.Column[qdisc] {
	return slices.Concat([]query.Column[qdisc]{
		query.NonZero("dev", "The interface.", func(q *qdisc) string { return q.scan.interfaceName(q.Index) }),
		query.NonZero("kind", "The algorithm: fq_codel, mq, noqueue, htb and so on.",
			func(q *qdisc) string { return q.Kind }),
		query.Col("handle", "Its name on the interface, as tc writes it; those that the kernel made are often all 0:.",
			func(q *qdisc) string { return fmt.Sprintf("%x:", uint32(q.Handle)>>16) }),
		query.NonZero("parent", "Where it is attached: root, ingress (tc's ffff:fff1), or a class such as 1:2; "+
			"NULL where nowhere.", func(q *qdisc) string { return parentName(q.Parent) }),
	}, query.Within(func(q *qdisc) *rtnetlink.QdiscStats { return q.Stats },
		query.Col("bytes", "Bytes sent, or received by an ingress one.",
			func(s *rtnetlink.QdiscStats) uint64 { return s.Bytes }).In(schema.Bytes).Counter(),
		query.Col("packets", "Packets sent, or received by an ingress one.",
			func(s *rtnetlink.QdiscStats) uint64 { return s.Packets }).In(schema.Packets).Counter(),
	), query.Within(func(q *qdisc) *rtnetlink.QdiscQueue { return q.Queue },
		query.Col("drops", "Packets dropped, because the queue was full or a rule said so; 32 bits in the kernel.",
			func(s *rtnetlink.QdiscQueue) uint32 { return s.Drops }).In(schema.Packets).Counter().Alarm(),
		query.Col("overlimits", "How often a packet had to wait, or was dropped, because a limit was reached; 32 "+
			"bits in the kernel.",
			func(s *rtnetlink.QdiscQueue) uint32 { return s.Overlimits }).In(schema.Times).Counter(),
		query.Col("requeues", "How often a packet was put back, because the device did not take it; 32 bits in the "+
			"kernel.", func(s *rtnetlink.QdiscQueue) uint32 { return s.Requeues }).In(schema.Times).Counter(),
		query.Col("backlog", "Bytes that wait.",
			func(s *rtnetlink.QdiscQueue) uint32 { return s.Backlog }).In(schema.Bytes).Gauge(),
		query.Col("qlen", "Packets that wait.",
			func(s *rtnetlink.QdiscQueue) uint32 { return s.Packets }).In(schema.Packets).Gauge(),
	), query.Within(func(q *qdisc) *rtnetlink.QdiscRate { return q.Rate },
		query.Col("rate", "The rate of bits, as the kernel's estimator has it; NULL where tc asked for none.",
			func(r *rtnetlink.QdiscRate) uint64 { return scaled(r.Bytes, 8) }).In(schema.BitsPerSecond).Gauge(),
		query.Col("packet_rate", "Packets in a second, as the kernel's estimator has it; NULL where tc asked for "+
			"none.", func(r *rtnetlink.QdiscRate) uint64 { return r.Packets }).In(schema.Packets).Gauge(),
	), []query.Column[qdisc]{
		query.Col("refs", "How many users in the kernel hold it; several queues of a device may share one.",
			func(q *qdisc) uint32 { return q.References }).Gauge(),
		query.Col("offloaded", "Whether the device does the work (Linux 4.16).",
			func(q *qdisc) bool { return q.Offloaded }),
		query.NonZero("ingress_block", "The block of filters that it shares for received packets; NULL for none.",
			func(q *qdisc) uint32 { return q.IngressBlock }),
		query.NonZero("egress_block", "The block of filters that it shares for sent packets; NULL for none.",
			func(q *qdisc) uint32 { return q.EgressBlock }),
	})
}

// parentName is a parent as tc writes it, without the zero half of a handle; "" for none.
func parentName(h rtnetlink.Handle) string {
	major, minor := uint32(h)>>16, uint32(h)&0xffff
	switch {
	case h == rtnetlink.HandleNone:
		return ""
	case h == rtnetlink.HandleRoot:
		return "root"
	case h == rtnetlink.HandleIngress:
		return "ingress"
	case major == 0:
		return fmt.Sprintf(":%x", minor)
	case minor == 0:
		return fmt.Sprintf("%x:", major)
	}
	return fmt.Sprintf("%x:%x", major, minor)
}
