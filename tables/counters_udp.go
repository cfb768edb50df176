package tables

// udpCounters are the counters of UDP or UDP-Lite; mib is the prefix of their objects in the MIB.
func udpCounters(mib string) []counter {
	return []counter{
		{"InDatagrams", "traffic", grows, "datagrams", mib + "InDatagrams", "Datagrams delivered to sockets."},
		{"NoPorts", "errors", trouble, "datagrams", mib + "NoPorts", "Datagrams for a port at which nobody listens."},
		{"InErrors", "errors", trouble, "datagrams", mib + "InErrors",
			"Datagrams that could not be delivered for any other reason: checksum, length, a full receive buffer."},
		{"OutDatagrams", "traffic", grows, "datagrams", mib + "OutDatagrams", "Datagrams sent."},
		{"RcvbufErrors", "buffers", trouble, "datagrams", "",
			"Datagrams dropped because the socket's receive buffer was full: its program reads too slowly, or the " +
				"buffer is too small (SO_RCVBUF)."},
		{"SndbufErrors", "buffers", trouble, "datagrams", "",
			"Datagrams not sent for lack of memory or room in the device's queue."},
		{"InCsumErrors", "errors", trouble, "datagrams", "",
			"Datagrams received with a wrong checksum; InErrors counts them too."},
		{"IgnoredMulti", "multicast", grows, "datagrams", "",
			"Multicast and broadcast datagrams that no socket wanted."},
		{"MemErrors", "buffers", trouble, "datagrams", "",
			"Datagrams dropped because all UDP sockets together use too much memory (net.ipv4.udp_mem)."},
	}
}
