package rtnetlink

import (
	"encoding/binary"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// parseStats reads what is in TCA_STATS2. A 64-bit attribute is there beside the shorter one, in any order.
func (q *Qdisc) parseStats(a *netlink.Attributes) {
	var packets64 *uint64
	wide := false
	for a.Next() {
		b := a.Bytes()
		switch a.Type() {
		case uapi.TCA_STATS_BASIC:
			if len(b) >= 12 {
				q.Stats = &QdiscStats{binary.NativeEndian.Uint64(b), uint64(binary.NativeEndian.Uint32(b[8:]))}
			}
		case uapi.TCA_STATS_PKT64:
			n := a.Uint64()
			packets64 = &n
		case uapi.TCA_STATS_QUEUE:
			q.Queue = parseQueue(b)
		case uapi.TCA_STATS_RATE_EST:
			if len(b) >= 8 && !wide {
				q.Rate = &QdiscRate{uint64(binary.NativeEndian.Uint32(b)), uint64(binary.NativeEndian.Uint32(b[4:]))}
			}
		case uapi.TCA_STATS_RATE_EST64:
			if wide = len(b) >= 16; wide {
				q.Rate = &QdiscRate{binary.NativeEndian.Uint64(b), binary.NativeEndian.Uint64(b[8:])}
			}
		}
	}
	if packets64 != nil && q.Stats != nil {
		q.Stats.Packets = *packets64
	}
}

// parseQueue reads struct gnet_stats_queue.
func parseQueue(b []byte) *QdiscQueue {
	if len(b) < 20 {
		return nil
	}
	word := func(i int) uint32 { return binary.NativeEndian.Uint32(b[4*i:]) }
	return &QdiscQueue{Packets: word(0), Backlog: word(1), Drops: word(2), Requeues: word(3), Overlimits: word(4)}
}

// parseOldStats reads struct tc_stats, which is all that kernels before TCA_STATS2 have. Its rates are not used: they
// are 0 also where there is no estimator.
func (q *Qdisc) parseOldStats(b []byte) {
	if len(b) < 36 {
		return
	}
	word := func(i int) uint32 { return binary.NativeEndian.Uint32(b[4*i:]) }
	q.Stats = &QdiscStats{binary.NativeEndian.Uint64(b), uint64(word(2))}
	q.Queue = &QdiscQueue{Drops: word(3), Overlimits: word(4), Packets: word(7), Backlog: word(8)}
}
