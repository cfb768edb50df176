package tables

const udpProtos = "proto in [udp, udp6, udplite, udplite6]"

// datagramChecks are the checks of UDP, of IP's fragments, and of checksums.
var datagramChecks = []check{{
	name:     "udp_socket_drops",
	doc:      "UDP sockets that drop datagrams, because their programs read too slowly.",
	from:     "sockets proto in [udp, udplite]",
	where:    "grown(drops) > 0",
	severity: warningWord,
	subject:  "string(local)", value: "grown(drops)",
	sentence: `{process ?? "The socket"} on {local} lost {grown(drops)} [datagram|datagrams] {SINCE}: {rmem} of ` +
		`{rcvbuf} of its ` +
		"receive buffer are taken.",
	advice: "The program reads too slowly, or bursts are larger than its buffer (SO_RCVBUF, net.core.rmem_max). " +
		"Others: `sockets proto == udp and drops > 0 | sort drops desc`.",
}, {
	name:     "udp_errors",
	doc:      "Datagrams received that UDP dropped for lack of room.",
	from:     counters,
	where:    udpProtos + ` and name in ["RcvbufErrors", "MemErrors"] and grown(value) > 0`,
	severity: `name == "MemErrors" ? "critical" : "warning"`,
	subject:  `proto + " " + name`, value: "grown(value)",
	sentence: `{trimSuffix(upper(proto), "6")} dropped {grown(value)} [datagram|datagrams]{proto endsWith "6" ? " ` +
		`of IPv6" : ""} {SINCE}, because ` +
		`{name == "MemErrors" ? "all its sockets together use too much memory" : "receive buffers were full"}.`,
	advice: "Whose they were: `sockets proto == udp and drops > 0 | sort drops desc`, where the socket is still " +
		"there.",
	explainedBy: []string{"udp_socket_drops"},
}, {
	// It counts where a queue of an interface drops, and where a socket's own is full, which its program is told
	// (udp_send_skb and udp_sendmsg of net/ipv4/udp.c).
	name:     "udp_send_drops",
	doc:      "Datagrams that UDP did not send for lack of room.",
	from:     counters,
	where:    udpProtos + ` and name == "SndbufErrors" and grown(value) > 0`,
	severity: warningWord,
	subject:  `proto + " " + name`, value: "grown(value)",
	sentence: `{trimSuffix(upper(proto), "6")} did not send {grown(value)} [datagram|datagrams]{proto endsWith "6" ? ` +
		`" of IPv6" : ""} {SINCE}, because a queue on the way out was full.`,
	advice: "The queue of an interface: `qdiscs drops > 0 | select dev, kind, parent, drops`, `interfaces tx_dropped " +
		"> 0 | select name, tx_dropped`; or that of a socket: `sockets proto == udp and send_queue > 0 | top 5 by " +
		"send_queue | select process, local, remote, send_queue, sndbuf`.",
	explainedBy: []string{"qdisc_drops", "send_drops"},
}, {
	name: "checksum_errors",
	doc:  "Packets that arrived with a wrong checksum.",
	from: counters,
	where: `(name == "InCsumErrors" or name in ["ChecksumErrors"] and proto == sctp) and ` +
		"grown(value) > 0",
	severity: warningWord,
	subject:  "proto", value: "grown(value)",
	sentence: "{grown(value)} [packet|packets] of {upper(proto)} with a wrong checksum arrived {SINCE}.",
	advice: "Something on the way changes packets: bad memory or hardware of a router, or a tunnel or NAT that does " +
		"not mend the checksum. By which interface: `interfaces rx_errors > 0 | select name, rx_errors, " +
		"rx_crc_errors`.",
}, {
	name:     "reassembly_failures",
	doc:      "Datagrams whose fragments could not be put together again.",
	from:     counters,
	where:    `proto in [ip, ip6] and name in ["ReasmFails", "ReasmOverlaps"] and grown(value) > 0`,
	severity: `name == "ReasmOverlaps" ? "notice" : "warning"`,
	subject:  `proto + " " + name`, value: "grown(value)",
	sentence: `{grown(value)} [datagram|datagrams] of {proto == ip ? "IPv4" : "IPv6"} could not be put together ` +
		`of [its|their] fragments {SINCE}{name == "ReasmOverlaps" ? ", because fragments overlap" : ""}.`,
	advice: "A fragment was lost, or there was no memory for it (net.ipv4.ipfrag_high_thresh): `memory kind == " +
		"fragments | select name, datagrams, memory, limit`.",
}, {
	name:     "fragmentation_refused",
	doc:      "Packets that were too large for the next link and may not be fragmented: 10 or more in a second.",
	from:     counters,
	where:    `proto in [ip, ip6] and name in ["FragFails", "InTooBigErrors"] and perSecond(value) >= 10`,
	boot:     "false",
	severity: noticeWord,
	subject:  `proto + " " + name`, value: "round(perSecond(value))", limit: "10",
	sentence: `{grown(value)} packets of {proto == ip ? "IPv4" : "IPv6"} were too large for the next link ` +
		`{SINCE}, and ` +
		"were refused instead of being fragmented.",
	advice: "Who sends them does not heed the messages about that, or a firewall drops those: see the MTUs with " +
		"`interfaces | select name, mtu`, and what was learned with `routes cached | select dst, dev, mtu`.",
}}
