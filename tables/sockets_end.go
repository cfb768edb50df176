package tables

import (
	"netql/query"
	"netql/query/schema"
	"netql/sources/inetdiag"
)

// endColumn is the column of how a connection ended, which events have.
func endColumn() query.Column[socket] {
	return query.Enum("end", "How a connection ended, in events, as far as its last numbers tell: closed (the peer "+
		"acknowledged the end of what we sent), reset (it did not), timeout (what was sent last, or probes, had no "+
		"answer, so that it was given up, or reset after that), refused (it was never there). The kernel does not "+
		"tell who began it. NULL where the numbers fit to closed and reset, for a socket without a peer, or which "+
		"was reset with SO_LINGER and so has forgotten it, and for UDP.",
		schema.NewVocabulary(
			schema.Word{Name: "closed"}, schema.Word{Name: "reset", Level: schema.Busy},
			schema.Word{Name: "timeout", Aliases: []string{"timed_out"}, Level: schema.Bad},
			schema.Word{Name: "refused", Level: schema.Bad},
		), (*socket).end)
}

// end concludes from tcp_info how a destroyed socket ended: the notification (inet_diag_handler_get_info of
// net/ipv4/inet_diag.c) has neither the socket's error nor which ends have sent a FIN.
func (s *socket) end() string {
	delivered, known := s.tcpInfo(inetdiag.Delivered)
	if s.gone == nil || !known || s.Remote.Port() == 0 { // tcp_disconnect clears the port
		return ""
	}
	timeouts, _ := s.tcpInfo(inetdiag.Timeouts)
	probes, _ := s.tcpInfo(inetdiag.Probes)
	answers, _ := s.tcpInfo(inetdiag.SegsIn)
	switch {
	case timeouts > 0 || probes > 0 || answers == 0:
		return "timeout"
	case delivered == 0: // not even the SYN
		return "refused"
	}
	return s.endOfData(delivered)
}

// endOfData tells an orderly end from a reset: the peer has acknowledged our FIN, or not; "" where it is unknown. Of
// what the peer has acknowledged (snd_una), bytes_acked counts the data and the FIN, and the SYN of the end that
// connected; delivered counts the segments of data, one for the handshake, and one for a FIN that is alone.
func (s *socket) endOfData(delivered uint64) string {
	acknowledged, _ := s.tcpInfo(inetdiag.BytesAcked)
	sent, known := s.tcpInfo(inetdiag.BytesSent)
	again, _ := s.tcpInfo(inetdiag.BytesRetrans)
	segments, _ := s.tcpInfo(inetdiag.DataSegsOut)
	retransmitted, _ := s.tcpInfo(inetdiag.TotalRetrans)
	flags := int64(acknowledged) - int64(sent-again) // SYN and FIN
	switch {
	case !known:
	case flags >= 2 || flags == 1 && retransmitted == 0 && delivered >= segments+2:
		return "closed"
	case flags <= 0:
		return "reset"
	}
	return ""
}
