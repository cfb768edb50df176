package tables

import (
	"iter"
	"math"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// ethernetRow is a row of ethernet: one statistic of one interface.
type ethernetRow struct {
	device    *rtnetlink.Device
	statistic *ethernetStatistic
}

// ethernetStatistic is a line of Windows' netstat -e.
type ethernetStatistic struct {
	name           string
	received, sent func(*rtnetlink.Counters) (uint64, bool) // nil for a direction that Linux does not count
}

// ethernetStatistics are the lines of Windows' netstat -e, which are objects of RFC 2863's ifTable, made of the
// counters that Linux has.
func ethernetStatistics() []ethernetStatistic {
	return []ethernetStatistic{
		{"bytes", counterValue(rtnetlink.RxBytes), counterValue(rtnetlink.TxBytes)},
		{"unicast_packets", unicastReceived, counterValue(rtnetlink.TxPackets)},
		{"non_unicast_packets", counterValue(rtnetlink.Multicast), nil},
		{"discards", discardsReceived, counterValue(rtnetlink.TxDropped)},
		{"errors", counterValue(rtnetlink.RxErrors), counterValue(rtnetlink.TxErrors)},
		{"unknown_protocols", counterValue(rtnetlink.RxNoHandler), nil},
	}
}

// ethernetTable declares the table of the statistics that Windows' netstat -e shows.
func ethernetTable() *query.Table {
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
			choice := chooseLinks(r.Where, "", "interface")
			return streamScan[ethernetRow]{choice.request(), "interfaces", r,
				func(s *scanState) iter.Seq2[*ethernetRow, error] { return ethernetRows(choice.devices(s, true)) }}
		},
	})
}

func ethernetRows(devices iter.Seq2[*rtnetlink.Device, error]) iter.Seq2[*ethernetRow, error] {
	statistics := ethernetStatistics()
	return func(yield func(*ethernetRow, error) bool) {
		for device, err := range devices {
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

// side is the value of one direction; false where Linux does not count it.
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

// counterValue is the getter of one of the kernel's counters.
func counterValue(n rtnetlink.Counter) func(*rtnetlink.Counters) (uint64, bool) {
	return func(c *rtnetlink.Counters) (uint64, bool) { return c.Get(n) }
}

// unicastReceived is the packets received without the multicast ones. Some drivers count multicast packets that they
// then drop, so that there may be more of these than packets received.
func unicastReceived(c *rtnetlink.Counters) (uint64, bool) {
	all, ok := c.Get(rtnetlink.RxPackets)
	multicast, _ := c.Get(rtnetlink.Multicast)
	return all - min(all, multicast), ok
}

// discardsReceived is ifInDiscards, packets without an error for which there was no room: rx_dropped and
// rx_missed_errors, as /proc/net/dev adds them.
func discardsReceived(c *rtnetlink.Counters) (uint64, bool) {
	dropped, ok := c.Get(rtnetlink.RxDropped)
	missed, _ := c.Get(rtnetlink.RxMissedErrors)
	return dropped + min(missed, math.MaxUint64-dropped), ok
}
