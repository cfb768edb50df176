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
	received, sent func(*rtnetlink.Counters) any
}

// ethernetStatistics are the objects of RFC 2863's ifTable, of which Windows' lines are made, out of what Linux
// counts.
var ethernetStatistics = []ethernetStatistic{
	{"bytes", counted(rtnetlink.RxBytes), counted(rtnetlink.TxBytes)},
	{"unicast_packets", unicastReceived, counted(rtnetlink.TxPackets)},
	{"non_unicast_packets", counted(rtnetlink.Multicast), nil},
	{"discards", discardsReceived, counted(rtnetlink.TxDropped)},
	{"errors", counted(rtnetlink.RxErrors), counted(rtnetlink.TxErrors)},
	{"unknown_protocols", counted(rtnetlink.RxNoHandler), nil},
}

// ethernet declares the table of the statistics that Windows' netstat -e shows.
func ethernet() *query.Table {
	return query.Define(query.Spec[ethernetRow]{
		Doc: "One statistic of one interface, received and sent, as netstat -e shows them on Windows; what Linux does not count is NULL. " +
			"Packets sent to many are counted with unicast_packets, because Linux does not count them apart.",
		Examples: []string{
			"ethernet | group by statistic: received = sum(received), sent = sum(sent)",
			"ethernet statistic == bytes | sort received desc",
			"ethernet (statistic == errors or statistic == discards) and (received > 0 or sent > 0)",
		},
		Fields: []query.Field[ethernetRow]{
			{Name: "interface", Type: text, Doc: "The interface.", Get: func(r *ethernetRow) any { return nonEmpty(r.device.Name) }},
			{Name: "statistic", Type: enum(ethernetWords()), Doc: "What is counted; discards received are rx_dropped and rx_missed_errors, unknown_protocols are rx_nohandler, the nearest that Linux has.",
				Get: func(r *ethernetRow) any { return r.statistic.name }},
			{Name: "received", Type: integer, Change: schema.Counter, Doc: "How much was received; of unicast_packets, all but what the driver counts as multicast.", Get: func(r *ethernetRow) any { return r.side(r.statistic.received) }},
			{Name: "sent", Type: integer, Change: schema.Counter, Doc: "How much was sent; of unicast_packets, all packets, and NULL for non_unicast_packets and unknown_protocols.", Get: func(r *ethernetRow) any { return r.side(r.statistic.sent) }},
		},
		Shown: []string{"interface", "statistic", "received", "sent"},
		Key:   []string{"interface", "statistic"},
		Scan: func(r query.Request) query.Scan[ethernetRow] {
			return streamScan[ethernetRow]{"rtnetlink RTM_GETLINK", "interfaces", r, ethernetRows}
		},
	})
}

func ethernetRows(s *scanState) iter.Seq2[*ethernetRow, error] {
	return func(yield func(*ethernetRow, error) bool) {
		for device, err := range rtnetlink.Devices(s.ctx, s.system.Netlink, true) {
			if err != nil {
				yield(nil, err)
				return
			}
			for i := range ethernetStatistics {
				if !yield(&ethernetRow{device, &ethernetStatistics[i]}, nil) {
					return
				}
			}
		}
	}
}

func (r *ethernetRow) side(get func(*rtnetlink.Counters) any) any {
	if get == nil {
		return nil
	}
	return get(&r.device.Counters)
}

func ethernetWords() *schema.Vocabulary {
	names := make([]string, len(ethernetStatistics))
	for i, s := range ethernetStatistics {
		names[i] = s.name
	}
	return schema.Words(names...)
}

func counted(n rtnetlink.Counter) func(*rtnetlink.Counters) any {
	return func(c *rtnetlink.Counters) any { return count(c, n) }
}

// unicastReceived is what is left of the packets without the multicast ones, which some drivers count before they drop
// them.
func unicastReceived(c *rtnetlink.Counters) any {
	all, ok := c.Get(rtnetlink.RxPackets)
	multicast, _ := c.Get(rtnetlink.Multicast)
	return orNull(saturate(all-min(all, multicast)), ok)
}

// discardsReceived adds what /proc/net/dev adds: ifInDiscards are packets without an error for which there was no
// room.
func discardsReceived(c *rtnetlink.Counters) any {
	dropped, ok := c.Get(rtnetlink.RxDropped)
	missed, _ := c.Get(rtnetlink.RxMissedErrors)
	return orNull(saturate(dropped+min(missed, math.MaxUint64-dropped)), ok)
}
