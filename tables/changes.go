package tables

import (
	"slices"
	"strings"

	"netql/query"
	"netql/query/schema"
)

// counters and gauges are the columns that change by themselves, by table, in the order in which the tables have them. All
// others change by somebody's doing (schema.Change): limits and settings do, whatever their unit.
var (
	counters = map[string]string{
		"sockets": "drops total_retrans reord_seen dsack_dups rcv_ooopack bytes_sent bytes_acked bytes_received bytes_retrans segs_out segs_in " +
			"data_segs_out data_segs_in delivered delivered_ce busy_time rwnd_limited sndbuf_limited rehash total_rto total_rto_time",
	}
	gauges = map[string]string{
		"sockets": "recv_queue send_queue accept_queue timer timer_expires retransmits " + memoryGauges + " rtt rttvar min_rtt rcv_rtt rto ato backoff probes " +
			"rcv_mss cwnd ssthresh unacked lost retrans sacked reordering delivery_rate pacing_rate notsent rcv_space rcv_ssthresh rcv_wnd snd_wnd " +
			"last_data_sent last_data_recv last_ack_recv app_limited",
	}
)

// memoryGauges are the memory of a socket; the kernel tunes its limits.
const memoryGauges = "rmem rcvbuf wmem sndbuf fwd_alloc wmem_queued opt_mem backlog"

// markChanges says of each column how it changes.
func markChanges(all []*query.Table) {
	for _, t := range all {
		for how, names := range map[schema.Change]string{schema.Counter: counters[t.Name], schema.Gauge: gauges[t.Name]} {
			for _, c := range t.Columns {
				if slices.Contains(strings.Fields(names), c.Name) {
					c.Change = how
				}
			}
		}
	}
}
