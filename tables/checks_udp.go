package tables

// udpChecks are the checks of UDP's sockets and counters.
var udpChecks = []check{{
	name:     "udp_drops",
	doc:      "UDP sockets that drop datagrams because their program reads too slowly.",
	from:     "sockets proto == udp",
	where:    "grown(drops) > 0",
	severity: "warning",
	subject:  "string(local)", value: "grown(drops)",
	sentence: "{process ?? \"A socket\"} on {local} dropped {grown(drops)} datagrams {SINCE}.",
	advice: "The receive buffer was full: the program reads too slowly, or needs a larger SO_RCVBUF " +
		"(net.core.rmem_max).",
}}
