package tables

import (
	"fmt"
	"iter"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// qdisc is a row of qdiscs.
type qdisc struct {
	*rtnetlink.Qdisc
	scan *scanState
}

// qdiscs declares the table of queueing disciplines.
func qdiscs() *query.Table {
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
		Fields: qdiscFields(),
		Shown:  []string{"dev", "kind", "handle", "parent", "bytes", "packets", "drops", "overlimits", "backlog", "qlen"},
		Key:    []string{"dev", "handle", "parent"},
		Scan: func(r query.Request) query.Scan[qdisc] {
			return streamScan[qdisc]{"RTM_GETQDISC", "queueing disciplines", r, func(s *scanState) iter.Seq2[*qdisc, error] {
				return converted(rtnetlink.Qdiscs(s.ctx, s.system.Netlink), func(q *rtnetlink.Qdisc) *qdisc { return &qdisc{q, s} })
			}}
		},
	})
}

func qdiscFields() []query.Field[qdisc] {
	return []query.Field[qdisc]{
		{Name: "dev", Type: text, Doc: "The interface.", Get: func(q *qdisc) any { return nonEmpty(q.scan.interfaceName(q.Index)) }},
		{Name: "kind", Type: text, Doc: "The algorithm: fq_codel, mq, noqueue, htb and so on.", Get: func(q *qdisc) any { return nonEmpty(q.Kind) }},
		{Name: "handle", Type: text, Doc: "Its name on the interface, as tc writes it; those that the kernel made are often all 0:.",
			Get: func(q *qdisc) any { return fmt.Sprintf("%x:", uint32(q.Handle)>>16) }},
		{Name: "parent", Type: text, Doc: "Where it is attached: root, ingress (tc's ffff:fff1), or a class such as 1:2; NULL where nowhere.",
			Get: func(q *qdisc) any { return parentName(q.Parent) }},
		qdiscStat("bytes", schema.Bytes, "Bytes sent, or received by an ingress one.", func(s *rtnetlink.QdiscStats) uint64 { return s.Bytes }),
		qdiscStat("packets", schema.Packets, "Packets sent, or received by an ingress one.", func(s *rtnetlink.QdiscStats) uint64 { return s.Packets }),
		alarming(qdiscQueue("drops", schema.Packets, schema.Counter, "Packets dropped, because the queue was full or a rule said so; 32 bits in the kernel.",
			func(s *rtnetlink.QdiscQueue) uint32 { return s.Drops })),
		qdiscQueue("overlimits", schema.Times, schema.Counter, "How often a packet had to wait, or was dropped, because a limit was reached; 32 bits in the kernel.",
			func(s *rtnetlink.QdiscQueue) uint32 { return s.Overlimits }),
		qdiscQueue("requeues", schema.Times, schema.Counter, "How often a packet was put back, because the device did not take it; 32 bits in the kernel.",
			func(s *rtnetlink.QdiscQueue) uint32 { return s.Requeues }),
		qdiscQueue("backlog", schema.Bytes, schema.Gauge, "Bytes that wait.", func(s *rtnetlink.QdiscQueue) uint32 { return s.Backlog }),
		qdiscQueue("qlen", schema.Packets, schema.Gauge, "Packets that wait.", func(s *rtnetlink.QdiscQueue) uint32 { return s.Packets }),
		qdiscRate("rate", schema.BitsPerSecond, "The rate of bits, as the kernel's estimator has it; NULL where tc asked for none.",
			func(r *rtnetlink.QdiscRate) int { return bitsPerSecond(r.Bytes) }),
		qdiscRate("packet_rate", schema.Packets, "Packets in a second, as the kernel's estimator has it; NULL where tc asked for none.",
			func(r *rtnetlink.QdiscRate) int { return saturate(r.Packets) }),
		{Name: "refs", Type: integer, Change: schema.Gauge, Doc: "How many users in the kernel hold it; several queues of a device may share one.",
			Get: func(q *qdisc) any { return int(q.References) }},
		{Name: "offloaded", Type: boolean, Doc: "Whether the device does the work (Linux 4.16).", Get: func(q *qdisc) any { return q.Offloaded }},
		{Name: "ingress_block", Type: integer, Doc: "The block of filters that it shares for received packets; NULL for none.",
			Get: func(q *qdisc) any { return nonZero(q.IngressBlock) }},
		{Name: "egress_block", Type: integer, Doc: "The block of filters that it shares for sent packets; NULL for none.",
			Get: func(q *qdisc) any { return nonZero(q.EgressBlock) }},
	}
}

func qdiscStat(name string, unit schema.Unit, doc string, get func(*rtnetlink.QdiscStats) uint64) query.Field[qdisc] {
	return query.Field[qdisc]{Name: name, Type: integer, Unit: unit, Change: schema.Counter, Doc: doc, Get: func(q *qdisc) any {
		if q.Stats == nil {
			return nil
		}
		return saturate(get(q.Stats))
	}}
}

func qdiscQueue(name string, unit schema.Unit, change schema.Change, doc string, get func(*rtnetlink.QdiscQueue) uint32) query.Field[qdisc] {
	return query.Field[qdisc]{Name: name, Type: integer, Unit: unit, Change: change, Doc: doc, Get: func(q *qdisc) any {
		if q.Queue == nil {
			return nil
		}
		return int(get(q.Queue))
	}}
}

func qdiscRate(name string, unit schema.Unit, doc string, get func(*rtnetlink.QdiscRate) int) query.Field[qdisc] {
	return query.Field[qdisc]{Name: name, Type: integer, Unit: unit, Change: schema.Gauge, Doc: doc, Get: func(q *qdisc) any {
		if q.Rate == nil {
			return nil
		}
		return get(q.Rate)
	}}
}

// alarming makes a value above zero a sign of trouble.
func alarming(f query.Field[qdisc]) query.Field[qdisc] {
	f.Alarm = true
	return f
}

// bitsPerSecond is a rate of bytes as the language counts rates.
func bitsPerSecond(bytes uint64) int { return saturate(min(bytes, 1<<60) * 8) }

// parentName writes the place as tc does, which leaves zeroes out.
func parentName(h rtnetlink.Handle) any {
	major, minor := uint32(h)>>16, uint32(h)&0xffff
	switch {
	case h == rtnetlink.HandleNone:
		return nil
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
