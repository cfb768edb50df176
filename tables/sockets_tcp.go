package tables

import (
	"math"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/inetdiag"
)

// tcpColumn is a column that is a field of struct tcp_info (linux/tcp.h).
type tcpColumn struct {
	name   string
	field  inetdiag.TCPField
	change schema.Change
	typ    schema.Type
	unit   schema.Unit
	scale  int    // what the kernel's unit is in ours
	none   uint64 // the value by which the kernel says that there is none
	alarm  bool
	doc    string
}

// never is a "none" for fields where every value means itself.
const never = math.MaxUint64 - 1

// The kernel's ways to say "no limit" or "no sample".
const (
	unlimited64 = math.MaxUint64
	unlimited32 = math.MaxUint32
	noThreshold = 0x7fffffff // TCP_INFINITE_SSTHRESH of net/tcp.h
)

var tcpColumns = []tcpColumn{
	{"rtt", inetdiag.RTT, schema.Gauge, duration, "", int(microseconds), 0, false, "The smoothed round-trip time (tcpi_rtt)."},
	{"rttvar", inetdiag.RTTVar, schema.Gauge, duration, "", int(microseconds), never, false, "The mean deviation of the round-trip time (tcpi_rttvar)."},
	{"min_rtt", inetdiag.MinRTT, schema.Gauge, duration, "", int(microseconds), unlimited32, false, "The smallest round-trip time of the last minutes (tcpi_min_rtt)."},
	{"rcv_rtt", inetdiag.RecvRTT, schema.Gauge, duration, "", int(microseconds), 0, false, "The receiver's estimate of the round-trip time (tcpi_rcv_rtt)."},
	{"rto", inetdiag.RTO, schema.Gauge, duration, "", int(microseconds), never, false, "The retransmission timeout (tcpi_rto)."},
	{"ato", inetdiag.ATO, schema.Gauge, duration, "", int(microseconds), 0, false, "The timeout of delayed acknowledgements (tcpi_ato)."},
	{"backoff", inetdiag.Backoff, schema.Gauge, integer, schema.Times, 1, never, true, "How often the retransmission timeout was doubled (tcpi_backoff)."},
	{"probes", inetdiag.Probes, schema.Gauge, integer, schema.Times, 1, never, true, "Window or keepalive probes without an answer (tcpi_probes)."},
	{"mss", inetdiag.SendMSS, schema.Steady, integer, schema.Bytes, 1, never, false, "The largest segment that we send (tcpi_snd_mss)."},
	{"rcv_mss", inetdiag.ReceiveMSS, schema.Gauge, integer, schema.Bytes, 1, never, false, "The largest segment that the peer is seen to send (tcpi_rcv_mss)."},
	{"advmss", inetdiag.AdvMSS, schema.Steady, integer, schema.Bytes, 1, never, false, "The largest segment that we announced (tcpi_advmss)."},
	{"pmtu", inetdiag.PMTU, schema.Steady, integer, schema.Bytes, 1, never, false, "The path MTU (tcpi_pmtu)."},
	{"cwnd", inetdiag.SendCwnd, schema.Gauge, integer, schema.Segments, 1, never, false, "The congestion window (tcpi_snd_cwnd)."},
	{"ssthresh", inetdiag.SendSSThresh, schema.Gauge, integer, schema.Segments, 1, noThreshold, false, "The slow start threshold (tcpi_snd_ssthresh); NULL before the first loss."},
	{"unacked", inetdiag.Unacked, schema.Gauge, integer, schema.Segments, 1, never, false, "Segments sent and not acknowledged (tcpi_unacked)."},
	{"lost", inetdiag.Lost, schema.Gauge, integer, schema.Segments, 1, never, true, "Segments taken for lost now (tcpi_lost)."},
	{"retrans", inetdiag.Retrans, schema.Gauge, integer, schema.Segments, 1, never, true, "Retransmitted segments that are not acknowledged yet (tcpi_retrans)."},
	{"total_retrans", inetdiag.TotalRetrans, schema.Counter, integer, schema.Segments, 1, never, true, "Segments retransmitted since the connection began (tcpi_total_retrans)."},
	{"sacked", inetdiag.Sacked, schema.Gauge, integer, schema.Segments, 1, never, false, "Segments that the peer acknowledged selectively (tcpi_sacked)."},
	{"reordering", inetdiag.Reordering, schema.Gauge, integer, schema.Segments, 1, never, false, "How far segments may be out of order before they count as lost (tcpi_reordering)."},
	{"reord_seen", inetdiag.ReordSeen, schema.Counter, integer, schema.Times, 1, never, false, "How often segments arrived out of order (tcpi_reord_seen)."},
	{"dsack_dups", inetdiag.DsackDups, schema.Counter, integer, schema.Segments, 1, never, false, "Segments that the peer reported as received twice (tcpi_dsack_dups)."},
	{"rcv_ooopack", inetdiag.RecvOOOPack, schema.Counter, integer, schema.Segments, 1, never, false, "Segments received out of order (tcpi_rcv_ooopack)."},
	{"bytes_sent", inetdiag.BytesSent, schema.Counter, integer, schema.Bytes, 1, never, false, "Data sent, retransmissions included (tcpi_bytes_sent)."},
	{"bytes_acked", inetdiag.BytesAcked, schema.Counter, integer, schema.Bytes, 1, never, false, "Data acknowledged by the peer (tcpi_bytes_acked)."},
	{"bytes_received", inetdiag.BytesReceived, schema.Counter, integer, schema.Bytes, 1, never, false, "Data received and acknowledged (tcpi_bytes_received)."},
	{"bytes_retrans", inetdiag.BytesRetrans, schema.Counter, integer, schema.Bytes, 1, never, true, "Data retransmitted (tcpi_bytes_retrans)."},
	{"segs_out", inetdiag.SegsOut, schema.Counter, integer, schema.Segments, 1, never, false, "Segments sent (tcpi_segs_out)."},
	{"segs_in", inetdiag.SegsIn, schema.Counter, integer, schema.Segments, 1, never, false, "Segments received (tcpi_segs_in)."},
	{"data_segs_out", inetdiag.DataSegsOut, schema.Counter, integer, schema.Segments, 1, never, false, "Segments with data sent (tcpi_data_segs_out)."},
	{"data_segs_in", inetdiag.DataSegsIn, schema.Counter, integer, schema.Segments, 1, never, false, "Segments with data received (tcpi_data_segs_in)."},
	{"delivered", inetdiag.Delivered, schema.Counter, integer, schema.Segments, 1, never, false, "Segments known to have arrived, retransmissions included (tcpi_delivered)."},
	{"delivered_ce", inetdiag.DeliveredCE, schema.Counter, integer, schema.Segments, 1, never, false, "Of these, segments that met congestion (ECN, tcpi_delivered_ce)."},
	{"delivery_rate", inetdiag.DeliveryRate, schema.Gauge, integer, schema.BitsPerSecond, 8, 0, false, "The rate at which data arrived at the peer lately (tcpi_delivery_rate)."},
	{"pacing_rate", inetdiag.PacingRate, schema.Gauge, integer, schema.BitsPerSecond, 8, unlimited64, false, "The rate at which we pace what we send (tcpi_pacing_rate)."},
	{"max_pacing_rate", inetdiag.MaxPacingRate, schema.Steady, integer, schema.BitsPerSecond, 8, unlimited64, false, "The limit of the pacing rate (SO_MAX_PACING_RATE, tcpi_max_pacing_rate)."},
	{"busy_time", inetdiag.BusyTime, schema.Counter, duration, "", int(microseconds), never, false, "How long there was data to send (tcpi_busy_time)."},
	{"rwnd_limited", inetdiag.RwndLimited, schema.Counter, duration, "", int(microseconds), never, false, "How long of that the peer's window stopped us (tcpi_rwnd_limited)."},
	{"sndbuf_limited", inetdiag.SndbufLimited, schema.Counter, duration, "", int(microseconds), never, false, "How long of that our send buffer stopped us (tcpi_sndbuf_limited)."},
	{"notsent", inetdiag.NotSent, schema.Gauge, integer, schema.Bytes, 1, never, false, "Data written and not sent even once (tcpi_notsent_bytes)."},
	{"rcv_space", inetdiag.RecvSpace, schema.Gauge, integer, schema.Bytes, 1, never, false, "The receive buffer space that auto-tuning aims at (tcpi_rcv_space)."},
	{"rcv_ssthresh", inetdiag.RecvSSThresh, schema.Gauge, integer, schema.Bytes, 1, never, false, "The limit of the window that we announce (tcpi_rcv_ssthresh)."},
	{"rcv_wnd", inetdiag.RecvWnd, schema.Gauge, integer, schema.Bytes, 1, never, false, "The window that we announced (tcpi_rcv_wnd)."},
	{"snd_wnd", inetdiag.SendWnd, schema.Gauge, integer, schema.Bytes, 1, never, false, "The window that the peer announced (tcpi_snd_wnd)."},
	{"last_data_sent", inetdiag.LastDataSent, schema.Gauge, duration, "", int(milliseconds), never, false, "How long ago data was sent (tcpi_last_data_sent)."},
	{"last_data_recv", inetdiag.LastDataRecv, schema.Gauge, duration, "", int(milliseconds), never, false, "How long ago data was received (tcpi_last_data_recv)."},
	{"last_ack_recv", inetdiag.LastAckRecv, schema.Gauge, duration, "", int(milliseconds), never, false, "How long ago an acknowledgement was received (tcpi_last_ack_recv)."},
	{"rehash", inetdiag.Rehash, schema.Counter, integer, schema.Times, 1, never, true, "How often a new path was tried after timeouts (tcpi_rehash)."},
	{"total_rto", inetdiag.TotalRTO, schema.Counter, integer, schema.Times, 1, never, true, "How often the retransmission timeout fired (tcpi_total_rto)."},
	{"total_rto_time", inetdiag.TotalRTOTime, schema.Counter, duration, "", int(milliseconds), never, false, "How long the connection waited in such timeouts (tcpi_total_rto_time)."},
}

// tcpFields are the columns that only TCP connections have.
func tcpFields() []socketField {
	var fields []socketField
	for _, c := range tcpColumns {
		fields = append(fields, socketField{query.Field[socket]{
			Name: c.name, Type: c.typ, Unit: c.unit, Alarm: c.alarm, Change: c.change, Doc: c.doc,
			Get: func(s *socket) any { return c.value(s) },
		}, inetdiag.WantInfo})
	}
	option := func(name string, bit uint64, doc string) socketField {
		return socketField{query.Field[socket]{Name: name, Type: boolean, Doc: doc, Get: func(s *socket) any {
			options, ok := s.tcpInfo(inetdiag.TCPOptions)
			return orNull(options&bit != 0, ok)
		}}, inetdiag.WantInfo}
	}
	return append(fields,
		option("ecn", inetdiag.OptECN, "Whether both ends agreed on explicit congestion notification (tcpi_options)."),
		option("fastopen", inetdiag.OptSynData, "Whether data in the SYN was accepted (TCP Fast Open, tcpi_options)."),
		option("timestamps", inetdiag.OptTimestamps, "Whether both ends agreed on timestamps (tcpi_options)."),
		option("sack", inetdiag.OptSACK, "Whether both ends agreed on selective acknowledgements (tcpi_options)."),
		socketField{query.Field[socket]{
			Name: "app_limited", Type: boolean, Change: schema.Gauge, Doc: "Whether delivery_rate measures the program rather than the path (tcpi_delivery_rate_app_limited).",
			Get: func(s *socket) any {
				limited, ok := s.tcpInfo(inetdiag.DeliveryRateAppLimited)
				return orNull(limited != 0, ok)
			},
		}, inetdiag.WantInfo},
		socketField{query.Field[socket]{
			Name: "congestion", Type: text, Doc: "The congestion control algorithm.",
			Get: func(s *socket) any { return nonEmpty(s.Congestion) },
		}, inetdiag.WantCongestion},
		socketField{query.Field[socket]{
			Name: "ulp", Type: text, Doc: "The protocol that the kernel runs on top of TCP: tls, mptcp, espintcp.",
			Get: func(s *socket) any { return nonEmpty(s.ULP) },
		}, 0},
	)
}

// tcpInfo is a field of tcp_info; false where the kernel or the socket has none. A listener uses some of the fields
// for other things, and other protocols put another struct in their place.
func (s *socket) tcpInfo(field inetdiag.TCPField) (uint64, bool) {
	if s.Protocol != inetdiag.TCP || s.listens() {
		return 0, false
	}
	return s.Info.Uint(field)
}

// afterHandshake are fields that mean something once there is a connection; until then the kernel has a guess or the
// time since it booted in them.
var afterHandshake = map[inetdiag.TCPField]bool{
	inetdiag.RTTVar: true, inetdiag.LastDataSent: true, inetdiag.LastDataRecv: true, inetdiag.LastAckRecv: true,
}

func (c tcpColumn) value(s *socket) any {
	raw, ok := s.tcpInfo(c.field)
	if !ok || raw == c.none {
		return nil
	}
	if s.State == inetdiag.SynSent && afterHandshake[c.field] {
		return nil
	}
	value := math.MaxInt64
	if raw <= math.MaxInt64/uint64(c.scale) {
		value = int(raw) * c.scale
	}
	if c.typ.Kind == schema.Duration {
		return time.Duration(value)
	}
	return value
}
