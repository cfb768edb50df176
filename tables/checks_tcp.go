package tables

// counters are the rows of the checks of counters: one reading of the files for all.
const counters = "proto_stats"

// receiveDrops is how often TCP dropped what had arrived. Where it knows why for the socket, RcvPruned counts the same.
const receiveDrops = "max(grown(pruned), grown(queued)) + grown(busy) + grown(reserve)"

// tcpChecks are the checks of what TCP counts.
var tcpChecks = []check{{
	name:     "listen_overflows",
	doc:      "Connections dropped because the accept queue of a listener was full.",
	from:     counters,
	where:    `proto == tcp_ext and name == "ListenOverflows" and grown(value) > 0`,
	severity: criticalWord,
	subject:  "name", value: "grown(value)",
	sentence: "{grown(value)} [connection was|connections were] dropped {SINCE}, because the accept queue of " +
		"[its listener|their listeners] was full.",
	advice: "Which listener: `sockets state == LISTEN | top 5 by accept_queue`. Its program accepts too slowly, or " +
		"needs a larger backlog (net.core.somaxconn bounds it).",
	explainedBy: []string{"accept_queue"},
}, {
	name:     "syn_drops",
	doc:      "Connections dropped because too many were half open.",
	from:     counters,
	where:    `proto == tcp_ext and name == "TCPReqQFullDrop" and grown(value) > 0`,
	severity: criticalWord,
	subject:  "name", value: "grown(value)",
	sentence: "{grown(value)} [SYN was|SYNs were] dropped {SINCE} because too many connections were half open.",
	advice: "A flood of SYNs, or answers that get lost: `sockets state == SYN_RECEIVED | count by raddr`. " +
		"net.ipv4.tcp_syncookies = 1 answers without a queue; net.ipv4.tcp_max_syn_backlog is its length.",
}, {
	// Each drop for one of the other two reasons counts in ListenDrops, too (tcp_conn_request of net/ipv4/tcp_input.c).
	name: "listen_drops",
	doc:  "Connections dropped at listeners for other reasons than a full queue of theirs.",
	from: `proto_stats proto == tcp_ext and name in ["ListenDrops", "ListenOverflows", "TCPReqQFullDrop"] | ` +
		`stats drops = sum(name == "ListenDrops" ? value : nil), full = sum(name != "ListenDrops" ? value : nil)`,
	where:    "grown(drops) > grown(full)",
	severity: warningWord,
	subject:  `"ListenDrops"`, value: "grown(drops) - grown(full)",
	sentence: "{grown(drops) - grown(full)} [connection was|connections were] dropped {SINCE} at listeners whose " +
		"queues had room.",
	advice: "Half-open connections of unknown peers were too many (net.ipv4.tcp_max_syn_backlog), memory was short, " +
		"or a filter of the socket said no: " +
		"`proto_stats topic == handshake and trouble and value > 0 | select name, value, doc`.",
}, {
	name:     "syn_cookies",
	doc:      "SYNs that were answered with cookies, because too many connections were half open.",
	from:     counters,
	where:    `proto == tcp_ext and name == "SyncookiesSent" and grown(value) > 0`,
	severity: warningWord,
	subject:  "name", value: "grown(value)",
	sentence: "{grown(value)} [SYN was|SYNs were] answered with cookies {SINCE}, because too many connections were " +
		"half open.",
	advice: "A flood of SYNs, or a backlog too small for the load: `sockets state == SYN_RECEIVED | count by " +
		"lport`. Connections made so lack options such as window scaling, and are slower.",
}, {
	// OutSegs counts segments with new data, or with none (__tcp_transmit_skb of net/ipv4/tcp_output.c); those that are
	// sent again are RetransSegs alone.
	name: "retransmissions",
	doc:  "Segments that TCP sends again: 3 per cent or more of what it sends, and 20 or more in a second.",
	from: `proto_stats proto == tcp and name in ["RetransSegs", "OutSegs"] | ` +
		`stats again = sum(name == "RetransSegs" ? value : nil), sent = sum(name == "OutSegs" ? value : nil)`,
	where:    "perSecond(again) >= 20 and grown(again) > 0.03 * (grown(again) + grown(sent))",
	boot:     "again >= 10000 and again > 0.03 * (again + sent)",
	severity: warningWord,
	subject:  `"RetransSegs"`, value: "grown(again) / (grown(again) + grown(sent))", limit: "0.03",
	sentence: "TCP sent {grown(again)} segments again {SINCE}, of {grown(again) + grown(sent)} in all, which is " +
		"{round(100 * grown(again) / (grown(again) + grown(sent)), 1)} %.",
	advice: "To whom: `sockets total_retrans > 0 | stats again = sum(total_retrans), sent = sum(data_segs_out) by " +
		"raddr | sort again desc | limit 10`.",
	explainedBy: []string{"lossy_peer", "no_acknowledgement", "connections_given_up"},
}, {
	name:     "tcp_timeouts",
	doc:      "Retransmission timeouts: 10 or more in a second.",
	from:     counters,
	where:    `proto == tcp_ext and name == "TCPTimeouts" and perSecond(value) >= 10`,
	boot:     "false",
	severity: warningWord,
	subject:  "name", value: "round(perSecond(value))", limit: "10",
	sentence: "{grown(value)} [time|times] {SINCE}, no acknowledgement came in time.",
	advice: "Paths lose packets, or peers are gone: `sockets timer == retransmit and retransmits > 0 | " +
		"select process, remote, retransmits, rto`.",
	explainedBy: []string{"lossy_peer", "no_acknowledgement", "connections_given_up", "syn_unanswered"},
}, {
	name:     "connections_given_up",
	doc:      "Connections given up because the peer did not answer, any more or at all.",
	from:     counters,
	where:    `proto == tcp_ext and name == "TCPAbortOnTimeout" and grown(value) > 0`,
	boot:     "false",
	severity: warningWord,
	subject:  "name", value: "grown(value)",
	sentence: "{grown(value)} [connection was|connections were] given up {SINCE} because [its peer|their peers] did " +
		"not answer.",
	advice: "Which ones end so: `sockets | follow | where end == timeout`, and those on the way there: " +
		"`sockets retransmits > 2 or probes > 2`.",
}, {
	// TCPAbortFailed is not among them: it counts resets that a firewall or a missing route kept back, too
	// (tcp_send_active_reset of net/ipv4/tcp_output.c).
	name:     "tcp_out_of_memory",
	doc:      "Connections reset, or buffers cut, for lack of memory.",
	from:     counters,
	where:    `proto == tcp_ext and name in ["TCPAbortOnMemory", "TCPMemoryPressures"] and grown(value) > 0`,
	severity: criticalWord,
	subject:  "name", value: "grown(value)",
	sentence: "TCP is short of memory: {name} grew by {grown(value)} {SINCE}.",
	advice: "How much is used, of what limit, and how many sockets nobody has any more: `memory name == \"tcp\" | " +
		"select memory, pressure, limit, orphans, orphan_limit`.",
}, {
	// What is dropped in or out of order, as TCPRcvQDrop and TCPOFODrop, counts in RcvPruned, too, where the socket's
	// own buffer was full (tcp_data_queue of net/ipv4/tcp_input.c). The former is there since Linux 4.20.
	name: "tcp_receive_drops",
	doc:  "Data that arrived and was dropped, because there was no room for it.",
	from: `proto_stats proto == tcp_ext and name in ["RcvPruned", "TCPRcvQDrop", "TCPOFODrop", "TCPBacklogDrop", ` +
		`"PFMemallocDrop"] | stats pruned = sum(name == "RcvPruned" ? value : 0), ` +
		`queued = sum(name in ["TCPRcvQDrop", "TCPOFODrop"] ? value : 0), ` +
		`busy = sum(name == "TCPBacklogDrop" ? value : 0), reserve = sum(name == "PFMemallocDrop" ? value : 0)`,
	where:    receiveDrops + " > 0",
	severity: warningWord,
	subject:  `"TCP"`, value: receiveDrops,
	sentence: "TCP dropped data that had arrived {" + receiveDrops + "} [time|times] {SINCE}, for lack of room.",
	advice: "Programs read too slowly, or buffers are too small (net.ipv4.tcp_rmem): " +
		"`sockets recv_queue > 0 | top 10 by recv_queue | select process, remote, recv_queue, rmem, rcvbuf`.",
}, {
	// EstabResets counts established connections that end at once, those as well that time out or that this end aborts
	// (tcp_set_state of net/ipv4/tcp.c).
	name: "resets",
	doc:  "Connections that their peers reset: 10 or more in a second.",
	from: `proto_stats proto == tcp and name == "EstabResets" or proto == tcp_ext and name in ["TCPAbortOnTimeout", ` +
		`"TCPAbortOnData", "TCPAbortOnClose"] | stats all = sum(name == "EstabResets" ? value : 0), ` +
		`own = sum(name != "EstabResets" ? value : 0)`,
	where:    "perSecond(all) - perSecond(own) >= 10 and grown(all) > 1.5 * grown(own)", // they are not read at once
	boot:     "false",
	severity: noticeWord,
	subject:  `"EstabResets"`, value: "round(perSecond(all) - perSecond(own))", limit: "10",
	sentence: "{grown(all) - grown(own)} connections were reset {SINCE} by their peers.",
	advice: "Who ends them so: `sockets | follow | where end == reset`. Some programs do it on purpose; else the " +
		"peer has failed, or a firewall has forgotten the connection.",
}, {
	name:     "failed_connects",
	doc:      "Connections that failed before they were established: 10 or more in a second.",
	from:     counters,
	where:    `proto == tcp and name == "AttemptFails" and perSecond(value) >= 10`,
	boot:     "false",
	severity: noticeWord,
	subject:  "name", value: "round(perSecond(value))", limit: "10",
	sentence: "{grown(value)} attempts to connect failed {SINCE}: refused, reset or timed out.",
	advice: "A service that a program here wants does not listen, or others scan the ports here: " +
		"`sockets | follow | where end == refused`.",
}, {
	name: "aborts",
	doc:  "Connections reset because a program closed them with data unread or unsent: 10 or more in a second.",
	from: counters,
	where: `proto == tcp_ext and name in ["TCPAbortOnData", "TCPAbortOnClose", "TCPAbortOnLinger"] and ` +
		"perSecond(value) >= 10",
	boot:     "false",
	severity: noticeWord,
	subject:  "name", value: "round(perSecond(value))", limit: "10",
	sentence: "Programs here ended {grown(value)} connections hard {SINCE}, so that data may be lost ({name}).",
	advice: "What the counter means: `proto_stats topic == connections and trouble and value > 0 | " +
		"select name, value, doc`.",
}}
