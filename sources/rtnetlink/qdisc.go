package rtnetlink

import (
	"context"
	"encoding/binary"
	"iter"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A Qdisc is a queueing discipline of an interface.
type Qdisc struct {
	Index        uint32 // of the interface
	Handle       Handle
	Parent       Handle
	References   uint32 // tcm_info
	Kind         string
	Offloaded    bool        // by the device: TCA_HW_OFFLOAD, Linux 4.16
	IngressBlock uint32      // of shared filters, 0 for none, Linux 4.16
	EgressBlock  uint32      // the same of what is sent
	Stats        *QdiscStats // nil if the kernel sent none
	Queue        *QdiscQueue // nil if the kernel sent none
	Rate         *QdiscRate  // nil if it has no rate estimator
	Limit        *QdiscLimit // nil if the kind has none in its options
}

// A Handle names a queueing discipline or a class: a major and a minor number of 16 bits (linux/pkt_sched.h).
type Handle uint32

// The handles with a meaning of their own.
const (
	HandleNone    Handle = 0
	HandleRoot    Handle = 0xFFFFFFFF
	HandleIngress Handle = 0xFFFFFFF1 // of ingress and clsact
)

// QdiscStats counts what has been sent: TCA_STATS_BASIC and TCA_STATS_PKT64.
type QdiscStats struct{ Bytes, Packets uint64 }

// QdiscQueue is struct gnet_stats_queue. Drops, requeues and overlimits have 32 bits in the kernel, and wrap.
type QdiscQueue struct {
	Packets    uint32 // waiting now
	Backlog    uint32 // bytes waiting now
	Drops      uint32
	Requeues   uint32
	Overlimits uint32
}

// QdiscRate is an estimate: TCA_STATS_RATE_EST64, or the older TCA_STATS_RATE_EST.
type QdiscRate struct{ Bytes, Packets uint64 } // per second

// qdiscMessage is struct tcmsg and the TCA_* of linux/rtnetlink.h.
var qdiscMessage = netlink.MessageKind{
	What: "a queueing discipline", Protocol: unix.NETLINK_ROUTE, Types: []uint16{unix.RTM_NEWQDISC}, Header: 20,
	Attributes: []netlink.AttributeGroup{{Class: netlink.Keep, Types: []uint16{
		unix.TCA_KIND, unix.TCA_OPTIONS, unix.TCA_STATS, unix.TCA_XSTATS, unix.TCA_RATE, unix.TCA_FCNT,
		unix.TCA_STATS2, unix.TCA_STAB, unix.TCA_CHAIN, unix.TCA_HW_OFFLOAD, unix.TCA_INGRESS_BLOCK,
		unix.TCA_EGRESS_BLOCK,
	}}},
	Requests: []netlink.RequestKind{{
		Type: unix.RTM_GETQDISC, Header: 20,
		Fields: []netlink.Field{{Offset: 4, Size: 4}}, // tcm_ifindex
	}},
}

// Qdiscs lists the queueing disciplines of all interfaces, and reads them again if they change meanwhile. Like tc(8)
// it leaves out those that the kernel made for classes without being asked. An error is the last item.
func Qdiscs(ctx context.Context, transport netlink.Transport) iter.Seq2[*Qdisc, error] {
	r := request(unix.RTM_GETQDISC, unix.AF_UNSPEC, qdiscMessage.Header)
	return list[*Qdisc]{what: "queueing disciplines", request: r, parse: parseQdisc}.consistent(ctx, transport)
}

// parseQdisc reads struct tcmsg and the attributes behind it.
func parseQdisc(b []byte) (*Qdisc, error) {
	attributes, err := qdiscMessage.Decode(b)
	if err != nil {
		return nil, err
	}
	word := func(i int) uint32 { return binary.NativeEndian.Uint32(b[i:]) }
	q := &Qdisc{Index: word(4), Handle: Handle(word(8)), Parent: Handle(word(12)), References: word(16)}
	var old, options []byte
	for attributes.Next() {
		switch attributes.Type() {
		case unix.TCA_KIND:
			q.Kind = attributes.String()
		case unix.TCA_OPTIONS:
			options = attributes.Bytes()
		case unix.TCA_STATS:
			old = attributes.Bytes()
		case unix.TCA_STATS2:
			attributes.Nested(q.parseStats)
		case unix.TCA_HW_OFFLOAD:
			q.Offloaded = attributes.Uint8() != 0
		case unix.TCA_INGRESS_BLOCK:
			q.IngressBlock = attributes.Uint32()
		case unix.TCA_EGRESS_BLOCK:
			q.EgressBlock = attributes.Uint32()
		}
	}
	if q.Stats == nil && q.Queue == nil {
		q.parseOldStats(old)
	}
	q.Limit = parseQdiscLimit(q.Kind, options)
	return q, attributes.Err()
}
