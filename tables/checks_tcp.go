package tables

// tcpChecks are the checks of TCP's sockets and counters.
var tcpChecks = []check{{
	name:     "accept_queue",
	doc:      "Listeners whose queue of connections that wait to be accepted is full, or nearly.",
	from:     "sockets state == LISTEN",
	where:    "overflow or accept_queue >= 8 and accept_queue > 0.8 * accept_backlog",
	severity: `overflow ? "critical" : "warning"`,
	subject:  "string(local)", value: "accept_queue", limit: "accept_backlog",
	sentence: "{process ?? \"The listener\"} on {local} has {accept_queue} connections waiting to be accepted, of " +
		"{accept_backlog} that may wait{overflow ? \": further ones are dropped\" : \"\"}.",
	advice: "The program accepts too slowly: see what it does (processes). A longer queue needs a larger listen() " +
		"backlog and net.core.somaxconn.",
}, {
	name: "close_wait",
	doc:  "Processes that have not closed connections long after their peers did.",
	from: "sockets state == CLOSE_WAIT and last_data_recv > 60s | group by pid, process: n = count(), oldest = " +
		"max(last_data_recv)",
	where:    "n >= 10",
	severity: `n >= 100 ? "warning" : "notice"`,
	subject:  "process ?? \"unknown\"", value: "n",
	sentence: "{process ?? \"A process\"} keeps {n} connections open that their peers have closed, the oldest for " +
		"{oldest}.",
	advice: "The program leaks connections: it does not close a socket after reading its end.",
}}
