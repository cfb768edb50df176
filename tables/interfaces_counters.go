package tables

import (
	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// needCounters is the bit of Request.Needs for counters: without it, the kernel is asked to leave them out.
const needCounters uint32 = 1

// counterColumns are the counters of struct rtnl_link_stats64 (linux/if_link.h); NULL for one that the kernel does not
// have. Their docs follow the kernel's (if_link.h, sysfs-class-net-statistics), from which some drivers deviate.
func counterColumns() []query.Column[link] {
	counter := func(name, doc string, counter rtnetlink.Counter) query.Column[link] {
		get := func(l *link) (uint64, bool) { return l.Counters.Get(counter) }
		return query.Opt(name, doc, get).Counter().Needs(needCounters)
	}
	total := func(name, doc string, counters ...rtnetlink.Counter) query.Column[link] {
		get := func(l *link) (uint64, bool) { return l.total(counters) }
		return query.Opt(name, doc, get).Counter().In(schema.Packets).Alarm().Needs(needCounters)
	}
	return []query.Column[link]{
		total("errors", "Bad packets in both directions: rx_errors and tx_errors.",
			rtnetlink.RxErrors, rtnetlink.TxErrors),
		total("drops", "Packets dropped in both directions: rx_dropped, rx_missed_errors and tx_dropped.",
			rtnetlink.RxDropped, rtnetlink.RxMissedErrors, rtnetlink.TxDropped),
		counter("rx_bytes", "Bytes received in good packets, with the link-layer header.",
			rtnetlink.RxBytes).In(schema.Bytes),
		counter("rx_packets", "Good packets received, multicast ones included.",
			rtnetlink.RxPackets).In(schema.Packets),
		counter("rx_errors", "Bad packets received, of every kind that has a counter of its own, and others.",
			rtnetlink.RxErrors).In(schema.Packets).Alarm(),
		counter("rx_dropped", "Packets received and not processed: no memory, or no protocol that wants them; not "+
			"those of rx_missed_errors.", rtnetlink.RxDropped).In(schema.Packets).Alarm(),
		counter("tx_bytes", "Bytes sent in good packets, with the link-layer header.",
			rtnetlink.TxBytes).In(schema.Bytes),
		counter("tx_packets", "Packets sent.", rtnetlink.TxPackets).In(schema.Packets),
		counter("tx_errors", "Packets that could not be sent, for every reason that has a counter of its own, and "+
			"others.", rtnetlink.TxErrors).In(schema.Packets).Alarm(),
		counter("tx_dropped", "Packets dropped on their way to be sent, for one because there was no room.",
			rtnetlink.TxDropped).In(schema.Packets).Alarm(),
		counter("multicast", "Multicast packets received; some drivers count broadcasts too, and virtual "+
			"interfaces often none.", rtnetlink.Multicast).In(schema.Packets),
		counter("collisions", "Collisions while sending, on half-duplex links.",
			rtnetlink.Collisions).In(schema.Times).Alarm(),
		counter("rx_length_errors", "Packets received with a wrong length; part of rx_errors.",
			rtnetlink.RxLengthErrors).In(schema.Packets).Alarm(),
		counter("rx_over_errors", "Packets lost because the receiver overflowed, or was too long, as old drivers "+
			"count it.", rtnetlink.RxOverErrors).In(schema.Packets).Alarm(),
		counter("rx_crc_errors", "Packets received with a wrong checksum, often a bad cable; part of rx_errors.",
			rtnetlink.RxCRCErrors).In(schema.Packets).Alarm(),
		counter("rx_frame_errors", "Packets received that do not end at a byte; part of rx_errors.",
			rtnetlink.RxFrameErrors).In(schema.Packets).Alarm(),
		counter("rx_fifo_errors", "Packets lost because the hardware's buffer overflowed.",
			rtnetlink.RxFIFOErrors).In(schema.Packets).Alarm(),
		counter("rx_missed_errors", "Packets that the host missed because it had no room for them; /proc/net/dev "+
			"counts them as dropped.", rtnetlink.RxMissedErrors).In(schema.Packets).Alarm(),
		counter("tx_aborted_errors", "Packets not sent because of too many collisions; part of tx_errors.",
			rtnetlink.TxAbortedErrors).In(schema.Packets).Alarm(),
		counter("tx_carrier_errors", "Packets not sent because the signal was lost; part of tx_errors.",
			rtnetlink.TxCarrierErrors).In(schema.Packets).Alarm(),
		counter("tx_fifo_errors", "Packets not sent because the hardware's buffer ran empty while sending; part of "+
			"tx_errors.", rtnetlink.TxFIFOErrors).In(schema.Packets).Alarm(),
		counter("tx_heartbeat_errors", "Packets without the heartbeat of old half-duplex Ethernet; part of tx_errors.",
			rtnetlink.TxHeartbeatErrors).In(schema.Packets).Alarm(),
		counter("tx_window_errors", "Packets not sent because of collisions that came late; part of tx_errors.",
			rtnetlink.TxWindowErrors).In(schema.Packets).Alarm(),
		counter("rx_compressed", "Compressed packets received, on links that compress, such as PPP.",
			rtnetlink.RxCompressed).In(schema.Packets),
		counter("tx_compressed", "Compressed packets sent, on links that compress, such as PPP.",
			rtnetlink.TxCompressed).In(schema.Packets),
		counter("rx_nohandler", "Packets dropped because the interface is not the one to receive, as a bond's backup.",
			rtnetlink.RxNoHandler).In(schema.Packets),
		counter("rx_otherhost_dropped", "Packets dropped because they were sent to another host's link-layer address.",
			rtnetlink.RxOtherHostDropped).In(schema.Packets),
	}
}

// total is the sum of counters; false where the kernel lacks one.
func (l *link) total(counters []rtnetlink.Counter) (sum uint64, known bool) {
	for _, counter := range counters {
		n, ok := l.Counters.Get(counter)
		if !ok {
			return 0, false
		}
		sum += n
	}
	return sum, true
}
