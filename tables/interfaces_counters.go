package tables

import (
	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// linkCounter is a column that is a counter of struct rtnl_link_stats64 (linux/if_link.h).
type linkCounter struct {
	name    string
	counter rtnetlink.Counter
	unit    schema.Unit
	alarm   bool
	doc     string
}

// linkCounters say what the kernel's documentation (if_link.h, sysfs-class-net-statistics) says; drivers take some
// freedom.
var linkCounters = []linkCounter{
	{"rx_bytes", rtnetlink.RxBytes, schema.Bytes, false, "Bytes received in good packets, with the link-layer header."},
	{"rx_packets", rtnetlink.RxPackets, schema.Packets, false, "Good packets received, multicast ones included."},
	{"rx_errors", rtnetlink.RxErrors, schema.Packets, true, "Bad packets received, of every kind that has a counter of its own, and others."},
	{"rx_dropped", rtnetlink.RxDropped, schema.Packets, true, "Packets received and not processed: no memory, or no protocol that wants them; not those of rx_missed_errors."},
	{"tx_bytes", rtnetlink.TxBytes, schema.Bytes, false, "Bytes sent in good packets, with the link-layer header."},
	{"tx_packets", rtnetlink.TxPackets, schema.Packets, false, "Packets sent."},
	{"tx_errors", rtnetlink.TxErrors, schema.Packets, true, "Packets that could not be sent, for every reason that has a counter of its own, and others."},
	{"tx_dropped", rtnetlink.TxDropped, schema.Packets, true, "Packets dropped on their way to be sent, for one because there was no room."},
	{"multicast", rtnetlink.Multicast, schema.Packets, false, "Multicast packets received; some drivers count broadcasts too, and virtual interfaces often none."},
	{"collisions", rtnetlink.Collisions, schema.Times, true, "Collisions while sending, on half-duplex links."},
	{"rx_length_errors", rtnetlink.RxLengthErrors, schema.Packets, true, "Packets received with a wrong length; part of rx_errors."},
	{"rx_over_errors", rtnetlink.RxOverErrors, schema.Packets, true, "Packets lost because the receiver overflowed, or was too long, as old drivers count it."},
	{"rx_crc_errors", rtnetlink.RxCRCErrors, schema.Packets, true, "Packets received with a wrong checksum, often a bad cable; part of rx_errors."},
	{"rx_frame_errors", rtnetlink.RxFrameErrors, schema.Packets, true, "Packets received that do not end at a byte; part of rx_errors."},
	{"rx_fifo_errors", rtnetlink.RxFIFOErrors, schema.Packets, true, "Packets lost because the hardware's buffer overflowed."},
	{"rx_missed_errors", rtnetlink.RxMissedErrors, schema.Packets, true, "Packets that the host missed because it had no room for them; /proc/net/dev counts them as dropped."},
	{"tx_aborted_errors", rtnetlink.TxAbortedErrors, schema.Packets, true, "Packets not sent because of too many collisions; part of tx_errors."},
	{"tx_carrier_errors", rtnetlink.TxCarrierErrors, schema.Packets, true, "Packets not sent because the signal was lost; part of tx_errors."},
	{"tx_fifo_errors", rtnetlink.TxFIFOErrors, schema.Packets, true, "Packets not sent because the hardware's buffer ran empty while sending; part of tx_errors."},
	{"tx_heartbeat_errors", rtnetlink.TxHeartbeatErrors, schema.Packets, true, "Packets without the heartbeat of old half-duplex Ethernet; part of tx_errors."},
	{"tx_window_errors", rtnetlink.TxWindowErrors, schema.Packets, true, "Packets not sent because of collisions that came late; part of tx_errors."},
	{"rx_compressed", rtnetlink.RxCompressed, schema.Packets, false, "Compressed packets received, on links that compress, such as PPP."},
	{"tx_compressed", rtnetlink.TxCompressed, schema.Packets, false, "Compressed packets sent, on links that compress, such as PPP."},
	{"rx_nohandler", rtnetlink.RxNoHandler, schema.Packets, false, "Packets dropped because the interface is not the one to receive, as a bond's backup."},
	{"rx_otherhost_dropped", rtnetlink.RxOtherHostDropped, schema.Packets, false, "Packets dropped because they were sent to another host's link-layer address."},
}

// counterFields are the counters. A counter that the kernel does not have is NULL.
func counterFields() []query.Field[link] {
	fields := make([]query.Field[link], len(linkCounters))
	for i, c := range linkCounters {
		fields[i] = query.Field[link]{Name: c.name, Type: integer, Unit: c.unit, Alarm: c.alarm, Change: schema.Counter, Doc: c.doc,
			Get: func(l *link) any { return count(&l.Counters, c.counter) }}
	}
	return fields
}

// count is a counter; NULL where the kernel does not have it.
func count(c *rtnetlink.Counters, n rtnetlink.Counter) any {
	value, ok := c.Get(n)
	return orNull(saturate(value), ok)
}
