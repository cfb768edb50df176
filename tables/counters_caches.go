package tables

// routeCacheCounters are the fields of struct rt_cache_stat (net/route.h). IPv4 has had no cache of routes since Linux
// 3.6, so that counters of the cache stay 0.
var routeCacheCounters = []counter{
	{"entries", "routing", gauge, "routes", "", "IPv4 routes in use by sockets and packets now (struct dst_entry)."},
	{"in_hit", "routing", grows, "packets", "", "Packets received whose route was in the cache; 0 since Linux 3.6."},
	{"in_slow_tot", "routing", grows, "packets", "", "Packets received whose route had to be looked up and made."},
	{"in_slow_mc", "multicast", grows, "packets", "",
		"Multicast packets received whose route had to be looked up and made."},
	{"in_no_route", "routing", trouble, "packets", "", "Packets received for which there was no route."},
	{"in_brd", "multicast", grows, "packets", "", "Broadcast packets received."},
	{"in_martian_dst", "routing", trouble, "packets", "",
		"Packets received with a destination that cannot be, such as 0.0.0.0."},
	{"in_martian_src", "routing", trouble, "packets", "",
		"Packets received with a source that cannot be, or not on this interface."},
	{"out_hit", "routing", grows, "packets", "", "Packets sent whose route was in the cache; 0 since Linux 3.6."},
	{"out_slow_tot", "routing", grows, "packets", "", "Packets sent whose route had to be looked up and made."},
	{"out_slow_mc", "multicast", grows, "packets", "",
		"Multicast packets sent whose route had to be looked up and made."},
	{"gc_total", "routing", grows, "times", "", "Runs of the cache's garbage collector; 0 since Linux 3.6."},
	{"gc_ignored", "routing", grows, "times", "", "Such runs that found nothing to do; 0 since Linux 3.6."},
	{"gc_goal_miss", "routing", trouble, "times", "", "Such runs that freed too little; 0 since Linux 3.6."},
	{"gc_dst_overflow", "routing", trouble, "times", "",
		"Such runs after which the cache was still full; 0 since Linux 3.6."},
	{"in_hlist_search", "routing", grows, "times", "",
		"Entries passed while the cache was searched for packets received; 0 since Linux 3.6."},
	{"out_hlist_search", "routing", grows, "times", "",
		"Entries passed while the cache was searched for packets sent; 0 since Linux 3.6."},
}

// route6Counters are the fields of struct rt6_statistics (net/ip6_fib.h), and the entries of struct dst_ops.
var route6Counters = []counter{
	{"fib_nodes", "routing", gauge, "nodes", "", "Nodes of the trees in which the IPv6 routes are."},
	{"fib_route_nodes", "routing", gauge, "nodes", "", "Of these, nodes that hold routes."},
	{"fib_rt_alloc", "routing", grows, "routes", "", "IPv6 routes that were made for packets and sockets."},
	{"fib_rt_entries", "routing", gauge, "routes", "", "IPv6 routes in the tables."},
	{"fib_rt_cache", "routing", gauge, "routes", "", "IPv6 routes learned from redirects and too small path MTUs."},
	{"dst_entries", "routing", gauge, "routes", "",
		"IPv6 routes in use by sockets and packets now (struct dst_entry)."},
	{"fib_discarded_routes", "routing", grows, "routes", "", "IPv6 routes that were deleted."},
}

// neighborCacheCounters are the fields of struct neigh_statistics (net/neighbour.h), for ARP and for neighbour
// discovery.
var neighborCacheCounters = []counter{
	{"entries", "neighbors", gauge, "neighbours", "", "Neighbours known now."},
	{"allocs", "neighbors", grows, "neighbours", "", "Entries made."},
	{"destroys", "neighbors", grows, "neighbours", "", "Entries freed."},
	{"hash_grows", "neighbors", grows, "times", "", "Times that the table's hash was made larger."},
	{"lookups", "neighbors", grows, "times", "", "Lookups of a neighbour."},
	{"hits", "neighbors", grows, "times", "", "Lookups that found the neighbour."},
	{"res_failed", "neighbors", trouble, "neighbours", "",
		"Neighbours whose address could not be resolved: nobody answered."},
	{"rcv_probes_mcast", "neighbors", grows, "packets", "",
		"Neighbour solicitations received by multicast; IPv6 only."},
	{"rcv_probes_ucast", "neighbors", grows, "packets", "", "Neighbour solicitations received by unicast; IPv6 only."},
	{"periodic_gc_runs", "neighbors", grows, "times", "", "Runs of the garbage collector at its time."},
	{"forced_gc_runs", "neighbors", trouble, "times", "",
		"Runs of the garbage collector because the table was nearly full (gc_thresh2, gc_thresh3)."},
	{"unresolved_discards", "neighbors", trouble, "packets", "",
		"Packets dropped because too many waited for a neighbour to be resolved (unres_qlen_bytes)."},
	{"table_fulls", "neighbors", trouble, "times", "",
		"Times that the table was full and nothing could be collected (gc_thresh3)."},
}

// conntrackCounters are the fields of struct ip_conntrack_stat (linux/netfilter/nf_conntrack_common.h), some of them of
// old kernels only.
var conntrackCounters = []counter{
	{"entries", "tracking", gauge, "flows", "", "Flows tracked now, in this network namespace."},
	{"searched", "tracking", grows, "times", "", "Entries passed while flows were searched; old kernels only."},
	{"clashres", "tracking", grows, "times", "",
		"Times that two packets of a new flow raced and one joined the other's entry."},
	{"found", "tracking", grows, "times", "", "Lookups that found the flow."},
	{"new", "tracking", grows, "flows", "", "Flows that were new; 0 in newer kernels."},
	{"invalid", "tracking", trouble, "packets", "", "Packets that could not be tracked."},
	{"ignore", "tracking", grows, "packets", "", "Packets that belonged to a flow already; 0 in newer kernels."},
	{"delete", "tracking", grows, "flows", "", "Entries removed; 0 in newer kernels."},
	{"delete_list", "tracking", grows, "flows", "", "Entries put on the list of dying ones; 0 in newer kernels."},
	{"chainlength", "tracking", trouble, "flows", "",
		"Flows not tracked because too many share a slot of the hash (chaintoolong)."},
	{"insert", "tracking", grows, "flows", "", "Entries inserted; 0 in newer kernels."},
	{"insert_failed", "tracking", trouble, "flows", "",
		"Entries that could not be inserted because there was one already; their packets were dropped."},
	{"drop", "tracking", trouble, "packets", "",
		"Packets dropped because a new flow could not be tracked: the table is full, or memory was short."},
	{"early_drop", "tracking", trouble, "flows", "",
		"Entries removed before their time to make room, when the table was full (nf_conntrack_max)."},
	{"icmp_error", "tracking", trouble, "packets", "",
		"Packets that could not be tracked because of an error in them, of ICMP above all."},
	{"expect_new", "tracking", grows, "flows", "", "Flows that a helper expected and that came."},
	{"expect_create", "tracking", grows, "flows", "",
		"Flows that a helper began to expect, such as the data connection of FTP."},
	{"expect_delete", "tracking", grows, "flows", "", "Expectations removed."},
	{"search_restart", "tracking", grows, "times", "",
		"Searches that had to begin again because the hash was changed meanwhile."},
}

// synproxyCounters are the fields of struct synproxy_stats (net/netfilter/nf_synproxy.h).
var synproxyCounters = []counter{
	{"entries", "handshake", gauge, "", "", "Always 0."},
	{"syn_received", "handshake", grows, "segments", "",
		"SYNs received that the proxy answered in the server's place."},
	{"cookie_invalid", "handshake", trouble, "segments", "", "ACKs whose cookie was wrong."},
	{"cookie_valid", "handshake", grows, "segments", "", "ACKs whose cookie was right: the client is real."},
	{"cookie_retrans", "handshake", grows, "segments", "", "SYNs that the proxy sent to the server again."},
	{"conn_reopened", "handshake", grows, "connections", "", "Connections that were opened again."},
}
