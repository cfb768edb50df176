package tables

// listeners are the rows of the checks of listeners, and peers those of the checks of connections, by the peer's
// address: one list of all connections, which may be many.
const (
	listeners = "sockets state == LISTEN"

	peers = "sockets proto == tcp and state in [ESTABLISHED, CLOSE_WAIT, FIN_WAIT_1] | group by raddr"

	isClosed  = "timer == probe and last_data_sent > 900ms"
	isUnacked = "timer == retransmit and retransmits >= 2"
	isUnread  = "recv_queue >= 16KiB and last_data_recv > 900ms"
)

// ofPeers are the numbers of a peer's connections.
var ofPeers = []aggregate{
	{"sent", "sum(data_segs_out)"},
	{"again", "sum(total_retrans)"},
	{"slowest", "max(rtt)"},
	{"fastest", "min(min_rtt)"},
	{"closed", "count(" + isClosed + " ? 1 : nil)"},
	{"closed_by", "any(" + isClosed + " ? rport : nil)"},
	{"held", "sum(" + isClosed + " ? send_queue : nil)"},
	{"writers", "dcount(" + isClosed + " ? process : nil)"},
	{"writer", "any(" + isClosed + " ? process : nil)"},
	{"unanswered", "count(" + isUnacked + " ? 1 : nil)"},
	{"tries", "max(" + isUnacked + " ? retransmits : nil)"},
	{"unread", "count(" + isUnread + " ? 1 : nil)"},
	{"unread_bytes", "sum(" + isUnread + " ? recv_queue : nil)"},
	{"readers", "dcount(" + isUnread + " ? process : nil)"},
	{"reader", "any(" + isUnread + " ? process : nil)"},
}

// socketChecks are the checks of sockets of TCP.
var socketChecks = []check{{
	name:     "accept_queue",
	doc:      "Listeners whose queue of connections that wait to be accepted is full, or nearly.",
	from:     listeners,
	where:    "overflow or accept_queue >= 8 and accept_queue > 0.8 * accept_backlog",
	severity: `overflow ? "critical" : "warning"`,
	subject:  "string(local)", value: "accept_queue", limit: "accept_backlog + 1",
	sentence: `{process ?? "The listener"} on {local} has {accept_queue} [connection|connections] in its accept ` +
		`queue, which takes {accept_backlog + 1}{overflow ? ", so that further ones are dropped" : ""}.`,
	advice: "The program accepts too slowly, or hangs. Where it is merely busy, listen() needs a larger backlog, " +
		"which net.core.somaxconn bounds.",
}, {
	name: "exposed_listener",
	doc: "Programs that accept connections on all addresses, at ports that are not those of services meant for " +
		"everybody (SSH, mail, DNS, the web).",
	from: "sockets state == LISTEN and laddr in [0.0.0.0/32, ::/128] and interface == nil and " +
		"lport not in [22, 25, 53, 80, 110, 143, 443, 465, 587, 853, 993, 995] | " +
		"group by process, pid: ports = list(lport)",
	where:    "true",
	severity: noticeWord,
	subject:  `process ?? "unknown"`, value: "len(ports)",
	sentence: `{process ?? "A program"} accepts connections on all addresses, at port{len(ports) > 1 ? "s" : ""} ` +
		`{join(ports[0:5], ", ")}{len(ports) > 5 ? " and others" : ""}.`,
	advice: "If only this machine is to reach it, have it listen on 127.0.0.1 and ::1. The firewall may protect it, " +
		"too, which this check does not look at.",
}, {
	name: "close_wait",
	doc:  "Processes that do not close connections whose peers have closed them.",
	from: "sockets state == CLOSE_WAIT and last_ack_recv > 900ms and owner_status != unaccepted | " +
		"group by pid, process: n = count(), oldest = max(last_ack_recv)",
	where:    "n >= 20 or n >= 3 and oldest > 1m or oldest > 15m",
	late:     true,
	severity: `n >= 20 ? "warning" : "notice"`,
	subject:  `process ?? "unknown"`, value: "n",
	sentence: `{process ?? "A program"} has not closed {n} connection{n == 1 ? "" : "s"} that {n == 1 ? "its ` +
		`peer" : "their peers"} closed, {n == 1 ? "" : "the oldest "}{oldest} ago or longer.`,
	advice: "The program leaks sockets until it has no file descriptors left: it should close a connection after it " +
		"has read its end. Which ones: `sockets state == CLOSE_WAIT | count by process, remote`.",
}, {
	name: "syn_unanswered",
	doc:  "Peers that do not answer when a connection is begun.",
	from: "sockets state == SYN_SENT and retransmits > 0 | " +
		"group by remote: n = count(), tries = max(retransmits) + 1, who = any(process)",
	where:    "true",
	late:     true,
	severity: `tries > 2 ? "warning" : "notice"`,
	subject:  "string(remote)", value: "tries",
	sentence: `{remote} does not answer {who ?? "a program"}, which has tried to connect {tries} times` +
		`{n > 1 ? " with each of " + string(n) + " connections" : ""}.`,
	advice: "The peer is down, or a firewall drops the packets on the way there or back. Which way they go: " +
		"`sockets state == SYN_SENT | join route_to on raddr == dst | select remote, dev, gateway, error`.",
}, {
	name:     "lossy_peer",
	doc:      "Peers to which many segments have to be sent again: at least 3 per cent of 40 or more.",
	from:     peers,
	items:    ofPeers,
	where:    "sent >= 40 and again >= 5 and again > 0.03 * sent",
	late:     true,
	severity: warningWord,
	subject:  "string(raddr)", value: "again / sent", limit: "0.03",
	sentence: "{round(100 * again / sent, 1)} % of what was sent to {raddr} since the connections began was sent " +
		"again: {again} of {sent} segments.",
	advice: "The path loses packets: a full queue, a bad cable, a radio link, or a policer. If other peers lose " +
		"some, too, it is on this side: `interfaces errors > 0 or drops > 0`, `qdiscs drops > 0`.",
}, {
	name:     "slow_peer",
	doc:      "Peers whose round-trip time is far above the least that there was: packets wait in a queue on the way.",
	from:     peers,
	items:    ofPeers,
	where:    "slowest > 5 * fastest and slowest - fastest > 200ms and sent >= 20",
	late:     true,
	severity: noticeWord,
	subject:  "string(raddr)", value: "slowest", limit: "5 * fastest",
	sentence: "Packets to {raddr} and back take {slowest}, where {fastest} have been enough.",
	advice: "A queue on the way is full (bufferbloat): a link at its limit. What is being sent: " +
		"`sockets state == ESTABLISHED | top 10 by delivery_rate`.",
}, {
	name:     "closed_window",
	doc:      "Peers that take no more data, because their programs do not read.",
	from:     peers,
	items:    ofPeers,
	where:    "closed > 0",
	late:     true,
	severity: warningWord,
	subject:  `(writer ?? "unknown") + " -> " + string(raddr)`, value: "closed",
	sentence: `{raddr} takes no more data of {writer ?? "a program"}{writers > 1 ? " and others" : ""} at ` +
		`{closed == 1 ? "a connection" : string(closed) + " connections"} to its port {closed_by}: its window is ` +
		"closed, and {held} wait here.",
	advice: "The program at the other end does not read; this end can only wait. Who waits: " +
		"`sockets timer == probe | select process, remote, send_queue`.",
}, {
	name:     "no_acknowledgement",
	doc:      "Peers that no longer acknowledge what is sent to them.",
	from:     peers,
	items:    ofPeers,
	where:    "unanswered > 0",
	late:     true,
	severity: warningWord,
	subject:  "string(raddr)", value: "tries",
	sentence: `{raddr} does not acknowledge what was sent {tries + 1} times over ` +
		`{unanswered == 1 ? "a connection" : string(unanswered) + " connections"}.`,
	advice: "The peer is gone without a word, or the path is broken since the connection began. Who is concerned: " +
		"`sockets timer == retransmit and retransmits >= 2 | select process, remote, send_queue, rto`.",
}, {
	name:     "unread_data",
	doc:      "Programs that do not read what they have received: 16 KiB or more for about a second.",
	from:     peers,
	items:    ofPeers,
	where:    "unread > 0",
	late:     true,
	severity: warningWord,
	subject:  `(reader ?? "unknown") + " <- " + string(raddr)`, value: "unread_bytes",
	sentence: `{reader ?? "A program"}{readers > 1 ? " and others do" : " does"} not read {unread_bytes} that ` +
		`{raddr} has sent over {unread == 1 ? "a connection" : string(unread) + " connections"}.`,
	advice: "The program hangs, or is too slow, and the peer has to wait. Which sockets: " +
		"`sockets recv_queue >= 16KiB | select process, pid, local, remote, recv_queue, last_data_recv`.",
}}
