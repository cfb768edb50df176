package tables

import (
	"iter"
	"math"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// ethernetRow is a row of ethernet.
type ethernetRow struct {
	device    *rtnetlink.Device
	statistic *ethernetStatistic
}

// ethernetStatistic is a line of Windows' netstat -e. A side that Linux does not count has no function.
type ethernetStatistic struct {
	name           string
	received, sent func(*rtnetlink.Counters) (uint64, bool)
}

// ethernetStatistics are the objects of RFC 2863's ifTable, of which Windows' lines are made, out of what Linux
// counts.
func ethernetStatistics() []ethernetStatistic {
	return []ethernetStatistic{
		{"bytes", counted(rtnetlink.RxBytes), counted(rtnetlink.TxBytes)},
		{"unicast_packets", unicastReceived, counted(rtnetlink.TxPackets)},
		{"non_unicast_packets", counted(rtnetlink.Multicast), nil},
		{"discards", discardsReceived, counted(rtnetlink.TxDropped)},
		{"errors", counted(rtnetlink.RxErrors), counted(rtnetlink.TxErrors)},
		{"unknown_protocols", counted(rtnetlink.RxNoHandler), nil},
	}
}

// ethernet declares the table of the statistics that Windows' netstat -e shows.
func ethernet() *query.Table {
	return query.Define(query.Spec[ethernetRow]{
		Doc: "One statistic of one interface, received and sent, as netstat -e shows them on Windows; what Linux " +
			"does not count is NULL. The rows count different things, so that the numbers have no unit: rate() of " +
			"bytes is in bytes a second here, and that of interfaces.rx_bytes in bits. Packets sent to many are " +
			"counted with unicast_packets, because Linux does not count them apart.",
		Examples: []string{
			"ethernet | group by statistic: received = sum(received), sent = sum(sent)",
			"ethernet statistic == bytes | sort received desc",
			"ethernet (statistic == errors or statistic == discards) and (received > 0 or sent > 0)",
		},
		Columns: []query.Column[ethernetRow]{
			query.NonZero("interface", "The interface.", func(r *ethernetRow) string { return r.device.Name }),
			query.Enum("statistic", "What is counted; discards received are rx_dropped and rx_missed_errors, "+
				"unknown_protocols are rx_nohandler, the nearest that Linux has.",
				ethernetWords(), func(r *ethernetRow) string { return r.statistic.name }),
			query.Opt("received", "How much was received; of unicast_packets, all but what the driver counts as "+
				"multicast.", func(r *ethernetRow) (uint64, bool) { return r.side(r.statistic.received) }).Counter(),
			query.Opt("sent", "How much was sent; of unicast_packets, all packets, and NULL for "+
				"non_unicast_packets and unknown_protocols.",
				func(r *ethernetRow) (uint64, bool) { return r.side(r.statistic.sent) }).Counter(),
		},
		Shown: []string{"interface", "statistic", "received", "sent"},
		Key:   []string{"interface", "statistic"},
		Scan: func(r query.Request) query.Scan[ethernetRow] {
			return streamScan[ethernetRow]{"rtnetlink RTM_GETLINK", "interfaces", r, ethernetRows}
		},
	})
}

func ethernetRows(s *scanState) iter.Seq2[*ethernetRow, error] {
	statistics := ethernetStatistics()
	return func(yield func(*ethernetRow, error) bool) {
		for device, err := range rtnetlink.Devices(s.ctx, s.system.Netlink, true) {
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range statistics {
				if !yield(&ethernetRow{device, &statistics[i]}, nil) {
					return
				}
			}
		}
	}
}

func (r *ethernetRow) side(get func(*rtnetlink.Counters) (uint64, bool)) (uint64, bool) {
	if get == nil {
		return 0, false
	}
	return get(&r.device.Counters)
}

func ethernetWords() *schema.Vocabulary {
	var names []string
	for _, s := range ethernetStatistics() {
		names = append(names, s.name)
	}
	return schema.Words(names...)
}

func counted(n rtnetlink.Counter) func(*rtnetlink.Counters) (uint64, bool) {
	return func(c *rtnetlink.Counters) (uint64, bool) { return c.Get(n) }
}

// unicastReceived is what is left of the packets without the multicast ones, which some drivers count before they drop
// them.
func unicastReceived(c *rtnetlink.Counters) (uint64, bool) {
	all, ok := c.Get(rtnetlink.RxPackets)
	multicast, _ := c.Get(rtnetlink.Multicast)
	return all - min(all, multicast), ok
}

// discardsReceived adds what /proc/net/dev adds: ifInDiscards are packets without an error for which there was no
// room.
func discardsReceived(c *rtnetlink.Counters) (uint64, bool) {
	dropped, ok := c.Get(rtnetlink.RxDropped)
	missed, _ := c.Get(rtnetlink.RxMissedErrors)
	return dropped + min(missed, math.MaxUint64-dropped), ok
}
