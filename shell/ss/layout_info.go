package ss

import (
	"fmt"
	"strconv"
	"time"
)

// infoField is a part of what -i shows of a TCP connection.
type infoField struct {
	columns []string                          // that it reads
	show    func(r *request, v values) string // "" where there is nothing to show
}

// infoItems are the columns that -i reads.
func infoItems() (items []string) {
	for _, f := range infoFields() {
		items = append(items, f.columns...)
	}
	return items
}

// tcpInfo gives what -i shows of a TCP connection.
func (r *request) tcpInfo() func(v values) []string {
	fields := infoFields()
	return func(v values) (list []string) {
		if v.Text("proto") != "tcp" {
			return nil
		}
		for _, f := range fields {
			if text := f.show(r, v); text != "" {
				list = append(list, text)
			}
		}
		return list
	}
}

// infoFields are the parts of what -i shows, in ss's order.
func infoFields() []infoField {
	return []infoField{
		withTimers("timestamps", "ts"), withTimers("sack", "sack"), withTimers("ecn", "ecn"),
		withTimers("ecn_seen", "ecnseen"), withTimers("fastopen", "fastopen"),
		{[]string{"congestion"}, func(_ *request, v values) string { return v.Text("congestion") }},
		{[]string{"snd_wscale", "rcv_wscale"}, windowScales},
		{[]string{"rto"}, func(_ *request, v values) string {
			if rto := v.duration("rto"); rto != 0 && rto != 3*time.Second { // which the kernel has where there is none
				return "rto:" + milliseconds(rto)
			}
			return ""
		}},
		count("backoff", "backoff"),
		{[]string{"rtt", "rttvar"}, func(_ *request, v values) string {
			if v.duration("rtt") == 0 {
				return ""
			}
			return "rtt:" + milliseconds(v.duration("rtt")) + "/" + milliseconds(v.duration("rttvar"))
		}},
		span("ato", "ato"), count("mss", "mss"), count("pmtu", "pmtu"), count("rcvmss", "rcv_mss"),
		count("advmss", "advmss"), count("cwnd", "cwnd"),
		{[]string{"ssthresh"}, func(_ *request, v values) string {
			if n := v.Number("ssthresh"); n != 0 && n < 0xffff {
				return fmt.Sprintf("ssthresh:%d", n)
			}
			return ""
		}},
		count("bytes_sent", "bytes_sent"), count("bytes_retrans", "bytes_retrans"),
		count("bytes_acked", "bytes_acked"), count("bytes_received", "bytes_received"), count("segs_out", "segs_out"),
		count("segs_in", "segs_in"), count("data_segs_out", "data_segs_out"), count("data_segs_in", "data_segs_in"),
		{[]string{"bbr_bandwidth", "bbr_min_rtt", "bbr_pacing_gain", "bbr_cwnd_gain"}, bbr},
		{nil, sendRate},
		whole("lastsnd", "last_data_sent"), whole("lastrcv", "last_data_recv"), whole("lastack", "last_ack_recv"),
		{[]string{"pacing_rate", "max_pacing_rate"}, pacingRate},
		{[]string{"delivery_rate"}, func(r *request, v values) string {
			return r.rate("delivery_rate ", v.Number("delivery_rate"))
		}},
		count("delivered", "delivered"), count("delivered_ce", "delivered_ce"),
		{[]string{"app_limited"}, func(_ *request, v values) string {
			if v.yes("app_limited") {
				return "app_limited"
			}
			return ""
		}},
		{[]string{"busy_time"}, func(_ *request, v values) string {
			if busy := v.duration("busy_time"); busy > 0 {
				return fmt.Sprintf("busy:%dms", busy.Milliseconds())
			}
			return ""
		}},
		shareOfBusy("rwnd_limited"), shareOfBusy("sndbuf_limited"), count("unacked", "unacked"),
		{[]string{"retrans", "total_retrans"}, func(_ *request, v values) string {
			if v.Number("retrans") == 0 && v.Number("total_retrans") == 0 {
				return ""
			}
			return fmt.Sprintf("retrans:%d/%d", v.Number("retrans"), v.Number("total_retrans"))
		}},
		count("lost", "lost"), count("sacked", "sacked"), count("dsack_dups", "dsack_dups"),
		{[]string{"reordering"}, func(_ *request, v values) string {
			if n, known := v.Row("reordering").(int); known && n != 3 { // the kernel's default
				return fmt.Sprintf("reordering:%d", n)
			}
			return ""
		}},
		count("reord_seen", "reord_seen"), span("rcv_rtt", "rcv_rtt"), count("rcv_space", "rcv_space"),
		count("rcv_ssthresh", "rcv_ssthresh"), count("notsent", "notsent"), span("minrtt", "min_rtt"),
		count("rcv_ooopack", "rcv_ooopack"), count("snd_wnd", "snd_wnd"),
		{[]string{"ulp"}, func(_ *request, v values) string {
			if v.Row("ulp") == nil {
				return ""
			}
			return "tcp-ulp-" + v.Text("ulp")
		}},
	}
}

// withTimers is a word for an option of the connection, which ss shows with -o or -e.
func withTimers(column, word string) infoField {
	return infoField{[]string{column}, func(r *request, v values) string {
		if r.timers && v.yes(column) {
			return word
		}
		return ""
	}}
}

// count is a number, unless it is 0.
func count(name, column string) infoField {
	return infoField{[]string{column}, func(_ *request, v values) string {
		if v.Number(column) == 0 {
			return ""
		}
		return name + ":" + strconv.Itoa(v.Number(column))
	}}
}

// span is a time in milliseconds and their parts, unless it is 0.
func span(name, column string) infoField {
	return infoField{[]string{column}, func(_ *request, v values) string {
		if v.duration(column) == 0 {
			return ""
		}
		return name + ":" + milliseconds(v.duration(column))
	}}
}

// whole is a time in whole milliseconds, unless it is 0.
func whole(name, column string) infoField {
	return infoField{[]string{column}, func(_ *request, v values) string {
		if v.duration(column) == 0 {
			return ""
		}
		return fmt.Sprintf("%s:%d", name, v.duration(column).Milliseconds())
	}}
}

// shareOfBusy is a time and its share of the time in which there was data to send.
func shareOfBusy(column string) infoField {
	return infoField{[]string{column}, func(_ *request, v values) string {
		part, busy := v.duration(column), v.duration("busy_time")
		if part == 0 || busy == 0 {
			return ""
		}
		return fmt.Sprintf("%s:%dms(%.1f%%)", column, part.Milliseconds(), 100*float64(part)/float64(busy))
	}}
}

func windowScales(_ *request, v values) string {
	if v.Row("snd_wscale") == nil {
		return ""
	}
	return fmt.Sprintf("wscale:%d,%d", v.Number("snd_wscale"), v.Number("rcv_wscale"))
}

// bbr is what the congestion control BBR knows.
func bbr(r *request, v values) string {
	bandwidth, known := v.Row("bbr_bandwidth").(int)
	if !known {
		return ""
	}
	text := fmt.Sprintf("bbr:(bw:%s,mrtt:%s", r.bits(float64(bandwidth)), milliseconds(v.duration("bbr_min_rtt")))
	for _, gain := range []string{"pacing_gain", "cwnd_gain"} {
		if n, _ := v.Row("bbr_" + gain).(float64); n != 0 {
			text += "," + gain + ":" + general(n, 6)
		}
	}
	return text + ")"
}

// sendRate is what the congestion window allows to send: cwnd segments for each round trip.
func sendRate(r *request, v values) string {
	rtt := v.duration("rtt").Seconds()
	if rtt == 0 {
		return ""
	}
	return r.shownRate("send ", float64(v.Number("cwnd"))*float64(v.Number("mss"))*8/rtt)
}

func pacingRate(r *request, v values) string {
	text := r.rate("pacing_rate ", v.Number("pacing_rate"))
	if most := v.Number("max_pacing_rate"); text != "" && most != 0 {
		text += r.rate("/", most)
	}
	return text
}

// rate is a rate in bits per second, unless it is 0.
func (r *request) rate(before string, bits int) string { return r.shownRate(before, float64(bits)) }

func (r *request) shownRate(before string, bits float64) string {
	if bits == 0 {
		return ""
	}
	return before + r.bits(bits)
}

// bits is a number of bits per second: all of it with -n, else with the first digits.
func (r *request) bits(bits float64) string {
	text := ""
	switch {
	case r.numeric:
		text = strconv.FormatFloat(bits, 'f', 0, 64)
	case bits >= 1e12:
		text = general(bits/1e12, 3) + "T"
	case bits >= 1e9:
		text = general(bits/1e9, 3) + "G"
	case bits >= 1e6:
		text = general(bits/1e6, 3) + "M"
	case bits >= 1e3:
		text = general(bits/1e3, 3) + "k"
	default:
		text = general(bits, 6)
	}
	return text + "bps"
}

// milliseconds is a time in milliseconds, as C's %g has it.
func milliseconds(d time.Duration) string { return general(float64(d)/float64(time.Millisecond), 6) }

// general is a number with so many significant digits at most, as C's %g has it.
func general(n float64, digits int) string {
	return fmt.Sprintf("%.*g", digits, n)
}
