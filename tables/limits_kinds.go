package tables

import (
	"iter"

	"netql/query/schema"
)

// limitKind is one thing that fills up.
type limitKind struct {
	name    string
	unit    string
	setting string // where the limit is changed
	machine bool   // one limit for all network namespaces
	many    bool   // there may be many subjects, most of which use next to nothing
	files   string // what is read, for explain
	doc     string
	read    func(*limitReader) iter.Seq2[limit, error] // without the kind, which the reader adds
}

// limitNames are the names of all kinds.
func limitNames() *schema.Vocabulary {
	var names []string
	for _, k := range limitKinds() {
		names = append(names, k.name)
	}
	return schema.Words(names...)
}

// limitKinds are all kinds, in the order in which they are listed. Not among them is net.ipv4.route.max_size, which
// has meant nothing since Linux 3.6 removed the cache of IPv4's routes.
func limitKinds() []limitKind {
	return []limitKind{
		{name: "ephemeral_ports", unit: "ports", setting: "net.ipv4.ip_local_port_range", many: true,
			files: "tcp sockets but listeners, udp sockets", read: (*limitReader).ephemeralPorts,
			doc: "Local ports that the kernel chooses itself: for connections of TCP from one address to one " +
				"destination, and for all sockets of UDP. Without a free one connect(2) fails with EADDRNOTAVAIL; " +
				"net.ipv4.ip_local_reserved_ports are not among them."},
		{name: "accept_queue", unit: "connections", setting: "listen(2) of the program", many: true,
			files: "tcp listeners", read: (*limitReader).acceptQueues,
			doc: "Connections that wait for a listener to accept them; one more than the backlog of listen(2) may, " +
				"which the kernel cuts to net.core.somaxconn. What comes when it is full is dropped (TcpExt " +
				"ListenOverflows)."},
		{name: "conntrack", unit: "flows", setting: "net.netfilter.nf_conntrack_max",
			files: "/proc/sys/net/netfilter", read: (*limitReader).conntrack,
			doc: "Flows that netfilter tracks in the network namespace. When it is full, packets of new flows are " +
				"dropped (nf_conntrack: table full)."},
		{name: "neighbors", unit: "entries", setting: "net.ipv4.neigh.default.gc_thresh3", machine: true,
			files: "/proc/net/stat, /proc/sys/net", read: (*limitReader).neighborTables,
			doc: "Neighbours of all network namespaces (ARP, NDP), as the first one counts them; permanent ones, " +
				"which the limit does not count, are among them. Above gc_thresh2 unused ones go after five seconds, " +
				"at gc_thresh3 new ones are refused (neighbour table overflow)."},
		{name: "tcp_mem", unit: "bytes", setting: "net.ipv4.tcp_mem", machine: true,
			files: sockstatFile, read: inSockstat("TCP", "mem", "net/ipv4/tcp_mem", 2, inPages),
			doc: "Memory of all sockets of TCP; above the limit it is refused, and connections are dropped. The " +
				"setting is in pages."},
		{name: "udp_mem", unit: "bytes", setting: "net.ipv4.udp_mem", machine: true,
			files: sockstatFile, read: inSockstat("UDP", "mem", "net/ipv4/udp_mem", 2, inPages),
			doc: "Memory of all sockets of UDP; above the limit datagrams are dropped. The setting is in pages."},
		{name: "orphans", unit: "sockets", setting: "net.ipv4.tcp_max_orphans", machine: true,
			files: sockstatFile, read: inSockstat("TCP", "orphan", "net/ipv4/tcp_max_orphans", 0, asItIs),
			doc: "Connections of TCP that no program has open any more; above the limit they are reset. One that " +
				"sends in vain counts twofold."},
		{name: "time_wait", unit: "sockets", setting: "net.ipv4.tcp_max_tw_buckets",
			files: sockstatFile, read: inSockstat("TCP", "tw", "net/ipv4/tcp_max_tw_buckets", 0, asItIs),
			doc: "Connections of TCP in TIME_WAIT. Above the limit they are closed at once, without that state."},
		{name: "ip_fragments", unit: "bytes", setting: "net.ipv4.ipfrag_high_thresh",
			files: sockstatFile, read: inSockstat("FRAG", "memory", "net/ipv4/ipfrag_high_thresh", 0, asItIs),
			doc: "Memory of fragments of IPv4 that wait for the rest of their datagram; above the limit they are " +
				"dropped."},
		{name: "ip6_fragments", unit: "bytes", setting: "net.ipv6.ip6frag_high_thresh",
			files: sockstatFile, read: inSockstat("FRAG6", "memory", "net/ipv6/ip6frag_high_thresh", 0, asItIs),
			doc: "Memory of fragments of IPv6 that wait for the rest of their datagram; above the limit they are " +
				"dropped."},
		{name: "file_nr", unit: "files", setting: "fs.file-max", machine: true,
			files: "/proc/sys/fs/file-nr", read: (*limitReader).fileNumber,
			doc: "Open files, sockets among them, of all processes; above the limit open(2), socket(2) and " +
				"accept(2) fail with ENFILE, but for root."},
		{name: "open_files", unit: "files", setting: "RLIMIT_NOFILE",
			machine: true, many: true, files: "/proc/*/fd and limits of processes with sockets",
			read: (*limitReader).openFiles,
			doc: "Open files of a process that has sockets, or may have some that we may not see. At the limit " +
				"socket(2) and accept(2) fail with EMFILE. It is set by ulimit -n, LimitNOFILE= of a unit or " +
				"prlimit(1)."},
		{name: "ipv6_dst", unit: "entries", setting: "net.ipv6.route.max_size", files: "/proc/net/rt6_stats",
			read: (*limitReader).destinations,
			doc: "Destinations of IPv6 that the kernel keeps for routes and connections. From Linux 6.3 on there is " +
				"no limit; before, packets are dropped above it."},
		{name: "igmp_memberships", unit: "groups", setting: "net.ipv4.igmp_max_memberships",
			files: "/proc/sys/net/ipv4/igmp_max_memberships", read: (*limitReader).memberships,
			doc: "Multicast groups of IPv4 that one socket may join; more fail with ENOBUFS. The kernel counts them " +
				"by interface, as multicast_groups has them, and not by socket, so that used is NULL."},
		{name: "qdisc_queue", unit: "packets", setting: "limit of tc-qdisc(8)", many: true,
			files: "RTM_GETQDISC, RTM_GETLINK", read: (*limitReader).qdiscQueues,
			doc: "Packets or bytes that wait in a queueing discipline; what comes when it is full is dropped " +
				"(qdiscs.drops). pfifo_fast has three bands, each of which may hold as much as its limit."},
		{name: "netdev_backlog", unit: "packets", setting: "net.core.netdev_max_backlog", machine: true, many: true,
			files: "/proc/net/softnet_stat", read: (*limitReader).netdevBacklogs,
			doc: "Received packets that wait for a CPU: those of loopback and of virtual interfaces, those of " +
				"receive packet steering, and of drivers without NAPI. What comes when it is full is dropped " +
				"(softnet.dropped)."},
	}
}
