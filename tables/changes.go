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
		"interfaces": "carrier_changes carrier_up_count carrier_down_count rx_bytes rx_packets rx_errors rx_dropped tx_bytes tx_packets tx_errors " +
			"tx_dropped multicast collisions rx_length_errors rx_over_errors rx_crc_errors rx_frame_errors rx_fifo_errors rx_missed_errors " +
			"tx_aborted_errors tx_carrier_errors tx_fifo_errors tx_heartbeat_errors tx_window_errors rx_compressed tx_compressed rx_nohandler " +
			"rx_otherhost_dropped",
		"routes":               "use",
		"packet_sockets":       "drops",
		"netlink_sockets":      "drops",
		"multicast_interfaces": "bytes_in packets_in bytes_out packets_out",
		"multicast_routes":     "packets bytes wrong_iif",
		"softnet":              "processed dropped time_squeeze received_rps flow_limit_drops",
		"qdiscs":               "bytes packets drops overlimits requeues",
		"conntrack":            "packets bytes reply_packets reply_bytes",
		"ethernet":             "received sent",
		"nic_stats":            "value",
	}
	gauges = map[string]string{
		"sockets": "recv_queue send_queue accept_queue timer timer_expires retransmits " + memoryGauges + " rtt rttvar min_rtt rcv_rtt rto ato backoff probes " +
			"rcv_mss cwnd ssthresh unacked lost retrans sacked reordering delivery_rate pacing_rate notsent rcv_space rcv_ssthresh rcv_wnd snd_wnd " +
			"last_data_sent last_data_recv last_ack_recv app_limited",
		"routes":           "expires last_use refs",
		"unix_sockets":     "recv_queue send_queue accept_queue " + memoryGauges,
		"packet_sockets":   memoryGauges,
		"netlink_sockets":  memoryGauges,
		"addresses":        "valid preferred created updated",
		"neighbors":        "probes confirmed used updated refs",
		"multicast_groups": "timer",
		"multicast_routes": "last_used",
		"memory":           "sockets memory allocated orphans time_wait datagrams objects active_objects",
		"softnet":          "backlog input_backlog process_backlog",
		"qdiscs":           "backlog qlen rate packet_rate",
		"conntrack":        "timeout use",
		"processes":        "age state threads sockets",
		"namespaces":       "processes",
		"proto_stats":      "value",
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
