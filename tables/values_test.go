package tables_test

import (
	"math"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"netql/sources/lab"
)

// ssDetail says where ss shows what a column shows: the i-th number behind a name, in a unit of its own.
type ssDetail struct {
	column, name string
	i            int
	unit         float64 // what one of ss's is in ours: seconds, bytes, bits per second, counts
}

const (
	one   = 1.0
	milli = 1e-3
)

var ssDetails = []ssDetail{
	{"rmem", "skmem", 0, one}, {"rcvbuf", "skmem", 1, one}, {"wmem", "skmem", 2, one}, {"sndbuf", "skmem", 3, one},
	{"fwd_alloc", "skmem", 4, one}, {"wmem_queued", "skmem", 5, one}, {"opt_mem", "skmem", 6, one},
	{"backlog", "skmem", 7, one}, {"drops", "skmem", 8, one},
	{"uid", "uid", 0, one}, {"v6only", "v6only", 0, one},
	{"rtt", "rtt", 0, milli}, {"rttvar", "rtt", 1, milli}, {"min_rtt", "minrtt", 0, milli},
	{"rcv_rtt", "rcv_rtt", 0, milli},
	{"rto", "rto", 0, milli}, {"ato", "ato", 0, milli}, {"backoff", "backoff", 0, one},
	{"mss", "mss", 0, one}, {"rcv_mss", "rcvmss", 0, one}, {"advmss", "advmss", 0, one}, {"pmtu", "pmtu", 0, one},
	{"cwnd", "cwnd", 0, one}, {"ssthresh", "ssthresh", 0, one}, {"unacked", "unacked", 0, one},
	{"lost", "lost", 0, one}, {"snd_wscale", "wscale", 0, one}, {"rcv_wscale", "wscale", 1, one},
	{"retrans", "retrans", 0, one}, {"total_retrans", "retrans", 1, one}, {"sacked", "sacked", 0, one},
	{"reord_seen", "reord_seen", 0, one}, {"dsack_dups", "dsack_dups", 0, one}, {"rcv_ooopack", "rcv_ooopack", 0, one},
	{"bytes_sent", "bytes_sent", 0, one}, {"bytes_acked", "bytes_acked", 0, one},
	{"bytes_received", "bytes_received", 0, one},
	{"bytes_retrans", "bytes_retrans", 0, one}, {"segs_out", "segs_out", 0, one}, {"segs_in", "segs_in", 0, one},
	{"data_segs_out", "data_segs_out", 0, one}, {"data_segs_in", "data_segs_in", 0, one},
	{"delivered", "delivered", 0, one}, {"delivered_ce", "delivered_ce", 0, one},
	{"delivery_rate", "delivery_rate", 0, one}, {"pacing_rate", "pacing_rate", 0, one},
	{"notsent", "notsent", 0, one}, {"rcv_space", "rcv_space", 0, one}, {"rcv_ssthresh", "rcv_ssthresh", 0, one},
	{"snd_wnd", "snd_wnd", 0, one}, {"busy_time", "busy", 0, milli}, {"rwnd_limited", "rwnd_limited", 0, milli},
	{"sndbuf_limited", "sndbuf_limited", 0, milli},
	{"last_data_sent", "lastsnd", 0, milli}, {"last_data_recv", "lastrcv", 0, milli},
	{"last_ack_recv", "lastack", 0, milli},
}

// TestValues compares what every socket tells of itself with ss, which is asked before and after: what has changed
// meanwhile lies between the two.
func TestValues(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		before := byCookie(ss(t))
		rows := live(t, "sockets cookie != nil | select *")
		after := byCookie(ss(t))
		seen := map[string]int{}
		for _, r := range rows {
			s, twin := before[r["cookie"]], after[r["cookie"]]
			if s.row == nil {
				continue // udplite, which ss does not know
			}
			for _, d := range ssDetails {
				if s.compare(t, d, twin, r) {
					seen[d.column]++
				}
			}
			compareWords(t, s, r)
		}
		for _, column := range []string{"rtt", "rcvbuf", "drops", "bytes_acked", "snd_wnd", "delivery_rate", "v6only",
			"rwnd_limited", "backoff"} {
			if seen[column] == 0 {
				t.Errorf("no socket has a %s to compare", column)
			}
		}
	})
}

func byCookie(sockets []ssSocket) map[any]ssSocket {
	index := map[any]ssSocket{}
	for _, s := range sockets {
		index[s.row["cookie"]] = s
	}
	return index
}

// compare says whether ss had a number to compare with. What ss leaves out is 0 or NULL.
func (s ssSocket) compare(t *testing.T, d ssDetail, after ssSocket, r row) bool {
	t.Helper()
	least, found := s.number(d)
	most, foundAfter := after.number(d)
	if !found || !foundAfter {
		if n, ok := base(r[d.column]); !found && !foundAfter && ok && n != 0 && !listenerOrRaw(r) {
			t.Errorf("%s %v: %s is %v, ss shows none", r["state"], r["local"], d.column, r[d.column])
		}
		return false
	}
	if r["state"] == "LISTEN" && d.name != "skmem" && d.name != "v6only" {
		if r[d.column] != nil { // ss shows what a listener has in these fields, which is something else
			t.Errorf("a listener has %s %v", d.column, r[d.column])
		}
		return false
	}
	if r["state"] == "SYN_SENT" && strings.HasPrefix(d.column, "last_") {
		if r[d.column] != nil { // ss shows the time since the system started
			t.Errorf("a connection that there is not yet has %s %v", d.column, r[d.column])
		}
		return false
	}
	if strings.HasPrefix(d.column, "last_") && s.hasTalked(after) {
		return false // it may have happened again meanwhile
	}
	least, most = min(least, most), max(least, most)
	slack := 1e-5*most + d.unit/2 // ss prints six digits, and whole milliseconds of some
	got, ok := base(r[d.column])
	if !ok || got < least-slack || got > most+slack {
		t.Errorf("%s %v: %s is %v, ss shows %v to %v", r["state"], r["local"], d.column, r[d.column], least, most)
	}
	return true
}

// hasTalked says whether a connection has sent or received anything since: the timer of an end whose peer's window is
// closed asks again and again whether it is.
func (s ssSocket) hasTalked(after ssSocket) bool {
	return s.details["segs_in"] != after.details["segs_in"] || s.details["segs_out"] != after.details["segs_out"]
}

// listenerOrRaw sockets tell less to ss.
func listenerOrRaw(r row) bool { return r["state"] == "LISTEN" || r["proto"] == "raw" }

var digits = regexp.MustCompile(`\d+(\.\d+)?`)

func (s ssSocket) number(d ssDetail) (float64, bool) {
	text, ok := s.details[d.name]
	found := digits.FindAllString(text, -1)
	if !ok || d.i >= len(found) {
		return 0, false
	}
	n, err := strconv.ParseFloat(found[d.i], 64)
	return n * d.unit, err == nil
}

// base is a number in its base unit; NULL is none.
func base(value any) (float64, bool) {
	switch v := value.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	case time.Duration:
		return v.Seconds(), true
	case bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return math.NaN(), false
}

// compareWords compares what is no number.
func compareWords(t *testing.T, s ssSocket, r row) {
	t.Helper()
	check := func(column string, want any) {
		if r[column] != want {
			t.Errorf("%s %v: %s is %v, ss shows %v", r["state"], r["local"], column, r[column], want)
		}
	}
	check("cgroup", orNil(s.details["cgroup"]))
	mark, _ := strconv.ParseInt(s.details["fwmark"], 0, 64)
	if r["mark"] != nil || mark != 0 {
		check("mark", int(mark))
	}
	timer, _, _ := strings.Cut(strings.Trim(s.details["timer"], "()"), ",")
	check("timer", map[string]any{"on": "retransmit", "keepalive": "keepalive", "timewait": "time_wait",
		"persist": "probe"}[timer])
	if r["timer"] == nil && (r["timer_expires"] != nil || r["retransmits"] != nil) {
		t.Errorf("%v: no timer, but %v, %v", r["local"], r["timer_expires"], r["retransmits"])
	}
	if r["proto"] != "tcp" || r["mss"] == nil {
		return
	}
	for column, flag := range map[string]string{"timestamps": "ts", "sack": "sack", "ecn": "ecn",
		"fastopen": "fastopen", "app_limited": "app_limited"} {
		_, shown := s.details[flag]
		check(column, shown)
	}
	if _, shown := s.details[r["congestion"].(string)]; !shown {
		t.Errorf("%v: congestion %v, ss does not show it", r["local"], r["congestion"])
	}
	if _, shown := s.details["tcp-ulp-mptcp"]; shown {
		check("ulp", "mptcp")
	} else {
		check("ulp", nil)
	}
}

// TestKnownValues: what the program has set on its sockets.
func TestKnownValues(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Link(t, "lab0")
		reno, _ := lab.Pair(t, lab.TCP, "127.0.0.1:0", lab.Congestion("reno"))
		marked, _ := lab.Pair(t, lab.TCP, "127.0.0.1:0", lab.Mark(42))
		device := lab.Listen(t, lab.TCP, "0.0.0.0:0", lab.Device("lab0"), lab.Backlog(7))
		alive, _ := lab.Pair(t, lab.TCP, "127.0.0.1:0", lab.Keepalive(time.Hour))
		only, dual := lab.Listen(t, lab.TCP, "[::]:0", lab.V6Only(true)),
			lab.Listen(t, lab.TCP, "[::]:0", lab.V6Only(false))
		zoned := lab.Listen(t, lab.TCP, "[fe80::1%lab0]:0")
		lab.Unaccepted(t, dual)
		sender, reader := lab.Pair(t, lab.TCP, "127.0.0.1:0")
		sender.Write(1000)
		awaitAcknowledged(t, sender)
		_, full := lab.FinWait1(t, "127.0.0.1:0")
		rows := live(t, everySocket)
		for _, test := range []struct {
			socket *lab.Socket
			column string
			want   any
		}{
			{reno, "congestion", "reno"}, {marked, "mark", 42}, {reno, "mark", 0}, {device, "interface", "lab0"},
			{device, "accept_queue", 0}, {device, "accept_backlog", 7}, {device, "recv_queue", nil},
			{device, "send_queue", nil},
			{dual, "accept_queue", 1}, {reader, "accept_queue", nil}, {reader, "accept_backlog", nil},
			{alive, "timer", "keepalive"}, {alive, "retransmits", 0}, {reno, "timer", nil},
			{only, "v6only", true}, {dual, "v6only", false}, {device, "v6only", nil}, {reader, "v6only", nil},
			{dual, "laddr", netip.IPv6Unspecified()}, {dual, "raddr", nil}, {dual, "rport", nil}, {dual, "remote", nil},
			{zoned, "laddr", netip.MustParseAddr("fe80::1%lab0")}, {zoned, "interface", "lab0"},
			{reader, "recv_queue", 1000}, {reader, "bytes_received", 1000}, {sender, "bytes_acked", 1001},
			{sender, "segs_in", 2},
			{reader, "uid", 0}, {reader, "user", "root"}, {full, "send_queue", 0},
		} {
			found := rowsOf(rows, test.socket)
			if len(found) != 1 || found[0][test.column] != test.want {
				t.Errorf("%s of %v: %v, want %v", test.column, test.socket.Local, found[0][test.column], test.want)
			}
		}
		keepalive := rowsOf(rows, alive)[0]["timer_expires"].(time.Duration)
		if keepalive > time.Hour || keepalive < 59*time.Minute {
			t.Errorf("keepalive in %v", keepalive)
		}
		if !slices.ContainsFunc(rows, func(r row) bool { return r["timer"] == "probe" && r["send_queue"].(int) > 0 }) {
			t.Error("nothing waits to be sent")
		}
	})
}
