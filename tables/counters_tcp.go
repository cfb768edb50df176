package tables

// tcpCounters are the counters of RFC 4022's MIB, and Linux' InCsumErrors.
var tcpCounters = []counter{
	{"RtoAlgorithm", "loss", setting, "", "tcpRtoAlgorithm",
		"How the retransmission timeout is computed, as the MIB numbers it: Linux always says 1, other."},
	{"RtoMin", "loss", setting, "milliseconds", "tcpRtoMin", "The smallest retransmission timeout."},
	{"RtoMax", "loss", setting, "milliseconds", "tcpRtoMax", "The largest retransmission timeout."},
	{"MaxConn", "connections", setting, "connections", "tcpMaxConn",
		"How many connections there may be; NULL, for no limit, in Linux."},
	{"ActiveOpens", "connections", grows, "connections", "tcpActiveOpens",
		"Connections that this host began: from CLOSED to SYN_SENT."},
	{"PassiveOpens", "connections", grows, "connections", "tcpPassiveOpens",
		"Connections that others began with this host: from LISTEN to SYN_RECEIVED."},
	{"AttemptFails", "connections", trouble, "connections", "tcpAttemptFails",
		"Connections that failed before they were established: refused, reset or timed out in SYN_SENT or " +
			"SYN_RECEIVED."},
	{"EstabResets", "connections", trouble, "connections", "tcpEstabResets",
		"Connections reset, by either side, in ESTABLISHED or CLOSE_WAIT."},
	{"CurrEstab", "connections", gauge, "connections", "tcpCurrEstab",
		"Connections in ESTABLISHED now, and in CLOSE_WAIT since Linux 6.10."},
	{"InSegs", "traffic", grows, "segments", "tcpInSegs",
		"Segments received, those with errors included; what the card or GRO merged is one."},
	{"OutSegs", "traffic", grows, "segments", "tcpOutSegs",
		"Segments sent, without those that hold only retransmitted data."},
	{"RetransSegs", "loss", trouble, "segments", "tcpRetransSegs", "Segments sent that hold retransmitted data."},
	{"InErrs", "errors", trouble, "segments", "tcpInErrs",
		"Segments received in error, with a wrong checksum for one."},
	{"OutRsts", "connections", trouble, "segments", "tcpOutRsts",
		"Segments with RST that were to be sent: to closed ports, and to end connections hard."},
	{"InCsumErrors", "errors", trouble, "segments", "",
		"Segments received with a wrong checksum; InErrs counts them too."},
}
