package tables

import (
	"math"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/inetdiag"
)

// tcpColumns are the columns that only TCP connections have.
func tcpColumns() []query.Column[socket] {
	return slices.Concat(
		withExtension(inetdiag.WantInfo, tcpInfoColumns()...),
		withExtension(inetdiag.WantInfo,
			tcpOption("ecn", "Whether both ends agreed on explicit congestion notification (tcpi_options).",
				inetdiag.OptECN),
			tcpOption("ecn_seen", "Whether a packet came with a mark of explicit congestion notification, be it that "+
				"there was none (tcpi_options).", inetdiag.OptECNSeen),
			tcpOption("fastopen", "Whether data in the SYN was accepted (TCP Fast Open, tcpi_options).",
				inetdiag.OptSynData),
			tcpOption("timestamps", "Whether both ends agreed on timestamps (tcpi_options).", inetdiag.OptTimestamps),
			tcpOption("sack", "Whether both ends agreed on selective acknowledgements (tcpi_options).",
				inetdiag.OptSACK),
			windowScale("snd_wscale", "How often the window that the peer announces is doubled (tcpi_snd_wscale); "+
				"NULL where the ends did not agree on that.", inetdiag.SendWindowScale),
			windowScale("rcv_wscale", "How often the window that we announce is doubled (tcpi_rcv_wscale).",
				inetdiag.ReceiveWindowScale),
			query.Opt("app_limited", "Whether delivery_rate measures the program rather than the path "+
				"(tcpi_delivery_rate_app_limited).", (*socket).appLimited).Gauge()),
		withExtension(inetdiag.WantCongestion,
			query.NonZero("congestion", "The congestion control algorithm.",
				func(s *socket) string { return s.Congestion })),
		withExtension(inetdiag.WantBBR, bbrColumns()...),
		// The kernel sends INET_DIAG_ULP_INFO with INET_DIAG_INFO only (inet_sk_diag_fill of net/ipv4/inet_diag.c).
		withExtension(inetdiag.WantInfo,
			query.NonZero("ulp", "The protocol that the kernel runs on top of TCP: tls, mptcp, espintcp.",
				func(s *socket) string { return s.ULP })))
}

// Values with which the kernel says "no limit" or "no sample".
const (
	unlimited64 = math.MaxUint64
	unlimited32 = math.MaxUint32
	noThreshold = 0x7fffffff // TCP_INFINITE_SSTHRESH of net/tcp.h
)

// tcpInfoColumns are the columns of struct tcp_info (linux/tcp.h), with the values that stand for NULL.
func tcpInfoColumns() []query.Column[socket] {
	return []query.Column[socket]{
		tcpTime("rtt", "The smoothed round-trip time (tcpi_rtt).", inetdiag.RTT, time.Microsecond, 0).Gauge(),
		tcpTime("rttvar", "The mean deviation of the round-trip time (tcpi_rttvar).",
			inetdiag.RTTVar, time.Microsecond).Gauge(),
		tcpTime("min_rtt", "The smallest round-trip time of the last minutes (tcpi_min_rtt).",
			inetdiag.MinRTT, time.Microsecond, unlimited32).Gauge(),
		tcpTime("rcv_rtt", "The receiver's estimate of the round-trip time (tcpi_rcv_rtt).",
			inetdiag.RecvRTT, time.Microsecond, 0).Gauge(),
		tcpTime("rto", "The retransmission timeout (tcpi_rto).", inetdiag.RTO, time.Microsecond).Gauge(),
		tcpTime("ato", "The timeout of delayed acknowledgements (tcpi_ato).",
			inetdiag.ATO, time.Microsecond, 0).Gauge(),
		tcpNumber("backoff", "How often the retransmission timeout was doubled (tcpi_backoff).",
			inetdiag.Backoff).In(schema.Times).Gauge().Alarm(),
		tcpNumber("probes", "Window or keepalive probes without an answer (tcpi_probes).",
			inetdiag.Probes).In(schema.Times).Gauge().Alarm(),
		tcpNumber("mss", "The largest segment that we send (tcpi_snd_mss).",
			inetdiag.SendMSS).In(schema.Bytes).ForPeople(exactNumber),
		tcpNumber("rcv_mss", "The largest segment that the peer is seen to send (tcpi_rcv_mss).",
			inetdiag.ReceiveMSS).In(schema.Bytes).ForPeople(exactNumber).Gauge(),
		tcpNumber("advmss", "The largest segment that we announced (tcpi_advmss).",
			inetdiag.AdvMSS).In(schema.Bytes).ForPeople(exactNumber),
		tcpNumber("pmtu", "The path MTU (tcpi_pmtu).", inetdiag.PMTU).In(schema.Bytes).ForPeople(exactNumber),
		tcpNumber("cwnd", "The congestion window (tcpi_snd_cwnd).", inetdiag.SendCwnd).In(schema.Segments).Gauge(),
		tcpNumber("ssthresh", "The slow start threshold (tcpi_snd_ssthresh); NULL before the first loss.",
			inetdiag.SendSSThresh, noThreshold).In(schema.Segments).Gauge(),
		tcpNumber("unacked", "Segments sent and not acknowledged (tcpi_unacked).",
			inetdiag.Unacked).In(schema.Segments).Gauge(),
		tcpNumber("lost", "Segments taken for lost now (tcpi_lost); loss is the share of what was sent again.",
			inetdiag.Lost).In(schema.Segments).Gauge().Alarm(),
		tcpNumber("retrans", "Retransmitted segments that are not acknowledged yet (tcpi_retrans), so mostly 0; "+
			"total_retrans counts all since the connection began, loss is their share.",
			inetdiag.Retrans).In(schema.Segments).Gauge().Alarm(),
		tcpNumber("total_retrans", "Segments retransmitted since the connection began (tcpi_total_retrans); "+
			"retrans are those without an acknowledgement now, retransmits those of the timer that runs.",
			inetdiag.TotalRetrans).In(schema.Segments).Counter().Alarm().
			Synonyms("retransmissions", "retransmitted", "retransmit", "rexmit", "total_retransmits"),
		query.Opt("loss", "The share of the data sent that was sent again, from 0 to 1 (tcpi_bytes_retrans / "+
			"tcpi_bytes_sent, Linux 4.19), on a screen in percent; NULL before data was sent.",
			(*socket).loss).Gauge().Alarm().Share(1).
			Synonyms("loss_rate", "retrans_rate", "packet_loss", "lossy"),
		tcpNumber("sacked", "Segments that the peer acknowledged selectively (tcpi_sacked).",
			inetdiag.Sacked).In(schema.Segments).Gauge(),
		tcpNumber("reordering", "How far segments may be out of order before they count as lost (tcpi_reordering).",
			inetdiag.Reordering).In(schema.Segments).Gauge(),
		tcpNumber("reord_seen", "How often segments arrived out of order (tcpi_reord_seen).",
			inetdiag.ReordSeen).In(schema.Times).Counter(),
		tcpNumber("dsack_dups", "Segments that the peer reported as received twice (tcpi_dsack_dups).",
			inetdiag.DsackDups).In(schema.Segments).Counter(),
		tcpNumber("rcv_ooopack", "Segments received out of order (tcpi_rcv_ooopack).",
			inetdiag.RecvOOOPack).In(schema.Segments).Counter(),
		tcpNumber("bytes_sent", "Data sent, retransmissions included (tcpi_bytes_sent).",
			inetdiag.BytesSent).In(schema.Bytes).Counter(),
		tcpNumber("bytes_acked", "Data acknowledged by the peer (tcpi_bytes_acked).",
			inetdiag.BytesAcked).In(schema.Bytes).Counter(),
		tcpNumber("bytes_received", "Data received and acknowledged (tcpi_bytes_received).",
			inetdiag.BytesReceived).In(schema.Bytes).Counter(),
		tcpNumber("bytes_retrans", "Data retransmitted (tcpi_bytes_retrans).",
			inetdiag.BytesRetrans).In(schema.Bytes).Counter().Alarm(),
		tcpNumber("segs_out", "Segments sent (tcpi_segs_out).", inetdiag.SegsOut).In(schema.Segments).Counter(),
		tcpNumber("segs_in", "Segments received (tcpi_segs_in).", inetdiag.SegsIn).In(schema.Segments).Counter(),
		tcpNumber("data_segs_out", "Segments with data sent (tcpi_data_segs_out).",
			inetdiag.DataSegsOut).In(schema.Segments).Counter(),
		tcpNumber("data_segs_in", "Segments with data received (tcpi_data_segs_in).",
			inetdiag.DataSegsIn).In(schema.Segments).Counter(),
		tcpNumber("delivered", "Segments known to have arrived, retransmissions included (tcpi_delivered).",
			inetdiag.Delivered).In(schema.Segments).Counter(),
		tcpNumber("delivered_ce", "Of these, segments that met congestion (ECN, tcpi_delivered_ce).",
			inetdiag.DeliveredCE).In(schema.Segments).Counter(),
		tcpRate("delivery_rate", "The rate at which data arrived at the peer lately (tcpi_delivery_rate).",
			inetdiag.DeliveryRate, 0).Gauge(),
		tcpRate("pacing_rate", "The rate at which we pace what we send (tcpi_pacing_rate).",
			inetdiag.PacingRate, unlimited64).Gauge(),
		tcpRate("max_pacing_rate", "The limit of the pacing rate (SO_MAX_PACING_RATE, tcpi_max_pacing_rate).",
			inetdiag.MaxPacingRate, unlimited64),
		tcpTime("busy_time", "How long there was data to send (tcpi_busy_time).",
			inetdiag.BusyTime, time.Microsecond).Counter(),
		tcpTime("rwnd_limited", "How long of that the peer's window stopped us (tcpi_rwnd_limited).",
			inetdiag.RwndLimited, time.Microsecond).Counter(),
		tcpTime("sndbuf_limited", "How long of that our send buffer stopped us (tcpi_sndbuf_limited).",
			inetdiag.SndbufLimited, time.Microsecond).Counter(),
		tcpNumber("notsent", "Data written and not sent even once (tcpi_notsent_bytes).",
			inetdiag.NotSent).In(schema.Bytes).Gauge(),
		tcpNumber("rcv_space", "The receive buffer space that auto-tuning aims at (tcpi_rcv_space).",
			inetdiag.RecvSpace).In(schema.Bytes).Gauge(),
		tcpNumber("rcv_ssthresh", "The limit of the window that we announce (tcpi_rcv_ssthresh).",
			inetdiag.RecvSSThresh).In(schema.Bytes).Gauge(),
		tcpNumber("rcv_wnd", "The window that we announced (tcpi_rcv_wnd).",
			inetdiag.RecvWnd).In(schema.Bytes).Gauge(),
		tcpNumber("snd_wnd", "The window that the peer announced (tcpi_snd_wnd).",
			inetdiag.SendWnd).In(schema.Bytes).Gauge(),
		tcpTime("last_data_sent", "How long ago data was sent (tcpi_last_data_sent).",
			inetdiag.LastDataSent, time.Millisecond).Gauge(),
		tcpTime("last_data_recv", "How long ago data was received (tcpi_last_data_recv).",
			inetdiag.LastDataRecv, time.Millisecond).Gauge(),
		tcpTime("last_ack_recv", "How long ago an acknowledgement was received (tcpi_last_ack_recv).",
			inetdiag.LastAckRecv, time.Millisecond).Gauge(),
		tcpNumber("rehash", "How often a new path was tried after timeouts (tcpi_rehash).",
			inetdiag.Rehash).In(schema.Times).Counter().Alarm(),
		tcpNumber("total_rto", "How often the retransmission timeout fired (tcpi_total_rto).",
			inetdiag.TotalRTO).In(schema.Times).Counter().Alarm(),
		tcpTime("total_rto_time", "How long the connection waited in such timeouts (tcpi_total_rto_time).",
			inetdiag.TotalRTOTime, time.Millisecond).Counter(),
	}
}

// loss is the share of the data sent that was sent again. Both numbers are of payload, and that of what was sent has
// the retransmissions in it (tcp_retransmit_skb and __tcp_transmit_skb of net/ipv4/tcp_output.c), which does not hold
// of the counters of segments: total_retrans has SYNs and FINs, data_segs_out has none, and segs_out has what carries
// nothing but an acknowledgement.
func (s *socket) loss() (float64, bool) {
	again, known := s.tcpInfo(inetdiag.BytesRetrans)
	sent, _ := s.tcpInfo(inetdiag.BytesSent)
	if !known || sent == 0 {
		return 0, false
	}
	return min(1, float64(again)/float64(sent)), true
}

// tcpNumber is a column of a field that is a number; NULL for the values of none.
func tcpNumber(name, doc string, field inetdiag.TCPField, none ...uint64) query.Column[socket] {
	return query.Opt(name, doc, func(s *socket) (uint64, bool) { return s.tcpValue(field, none) })
}

// tcpRate is a column of a field that is a rate, which the kernel has in bytes per second; NULL for the values of none.
func tcpRate(name, doc string, field inetdiag.TCPField, none ...uint64) query.Column[socket] {
	return query.Opt(name, doc, func(s *socket) (uint64, bool) {
		n, ok := s.tcpValue(field, none)
		return scaled(n, 8), ok
	}).In(schema.BitsPerSecond)
}

// tcpTime is a column of a field that is a time span, which the kernel has in this unit; NULL for the values of none.
func tcpTime(name, doc string, field inetdiag.TCPField, unit time.Duration, none ...uint64) query.Column[socket] {
	return query.Opt(name, doc, func(s *socket) (time.Duration, bool) {
		n, ok := s.tcpValue(field, none)
		return time.Duration(scaled(n, uint64(unit))), ok
	})
}

// tcpOption is a column of an option that both ends agreed on, a bit of tcpi_options.
func tcpOption(name, doc string, bit uint64) query.Column[socket] {
	return query.Opt(name, doc, func(s *socket) (bool, bool) {
		options, ok := s.tcpInfo(inetdiag.TCPOptions)
		return options&bit != 0, ok
	})
}

// windowScale is a column of a factor of windows, a power of two; NULL where both ends did not agree on them.
func windowScale(name, doc string, field inetdiag.TCPField) query.Column[socket] {
	return query.Opt(name, doc, func(s *socket) (uint64, bool) {
		options, _ := s.tcpInfo(inetdiag.TCPOptions)
		scale, ok := s.tcpInfo(field)
		return scale, ok && options&inetdiag.OptWindowScale != 0
	})
}

// bbrColumns are the columns of what the congestion control BBR knows; NULL where another one, or a listener, has it.
func bbrColumns() []query.Column[socket] {
	return query.Within(func(s *socket) *inetdiag.BBR { return s.BBR },
		query.Col("bbr_bandwidth", "The bandwidth that BBR found (bbr_bw).",
			func(b *inetdiag.BBR) uint64 { return scaled(b.Bandwidth, 8) }).In(schema.BitsPerSecond).Gauge(),
		query.Col("bbr_min_rtt", "The round-trip time that BBR reckons with (bbr_min_rtt).",
			func(b *inetdiag.BBR) time.Duration { return b.MinRTT }).Gauge(),
		query.Col("bbr_pacing_gain", "What part of that bandwidth BBR paces what it sends at (bbr_pacing_gain).",
			func(b *inetdiag.BBR) float64 { return b.PacingGain }).Gauge(),
		query.Col("bbr_cwnd_gain", "How many times the product of bandwidth and round-trip time BBR has in flight at "+
			"most (bbr_cwnd_gain).", func(b *inetdiag.BBR) float64 { return b.CwndGain }).Gauge())
}

// scaled multiplies two numbers, and saturates at the largest int64.
func scaled(n, unit uint64) uint64 {
	if n > math.MaxInt64/unit {
		return math.MaxInt64
	}
	return n * unit
}

// tcpInfo is a field of tcp_info; false where the kernel or the socket does not have it: a listener uses some of the
// fields for other things, and other protocols have another struct there.
func (s *socket) tcpInfo(field inetdiag.TCPField) (uint64, bool) {
	if s.Protocol != inetdiag.TCP || s.listens() {
		return 0, false
	}
	return s.Info.Uint(field)
}

// tcpValue is a field of tcp_info; false for the values of none, and where the field means nothing yet.
func (s *socket) tcpValue(field inetdiag.TCPField, none []uint64) (uint64, bool) {
	n, ok := s.tcpInfo(field)
	early := s.State == inetdiag.SynSent && slices.Contains(afterHandshake, field)
	return n, ok && !slices.Contains(none, n) && !early
}

// afterHandshake are fields that mean something only after the handshake; before, the kernel has a guess or its uptime
// in them.
var afterHandshake = []inetdiag.TCPField{
	inetdiag.RTTVar, inetdiag.LastDataSent, inetdiag.LastDataRecv, inetdiag.LastAckRecv,
}

// appLimited is tcpi_delivery_rate_app_limited.
func (s *socket) appLimited() (bool, bool) {
	limited, ok := s.tcpInfo(inetdiag.DeliveryRateAppLimited)
	return limited != 0, ok
}
