package tables_test

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"netql/sources"
	"netql/sources/lab"
)

// question is a query of the language's design, and its answer by arithmetic over all rows. The columns of a row of the
// answer are those that it gives; order matters where the query sorts.
type question struct {
	query  string
	answer func(all []row) []row
}

// defaults are the columns that are shown where nothing is selected, and those that the query names beside them.
func defaults(rows []row, named ...string) []row {
	return picked(rows,
		slices.Concat([]string{"proto", "state", "local", "remote", "overflow", "pid", "process"}, named)...)
}

func picked(rows []row, columns ...string) (kept []row) {
	for _, r := range rows {
		kept = append(kept, pick(r, columns...))
	}
	return kept
}

// sorted is a stable sort by a column, NULL last.
func sorted(rows []row, column string, descending bool) []row {
	slices.SortStableFunc(rows, func(a, b row) int {
		x, known := base(a[column])
		y, other := base(b[column])
		switch {
		case !known || !other:
			return truth(other) - truth(known)
		case descending:
			return cmp.Compare(y, x)
		}
		return cmp.Compare(x, y)
	})
	return rows
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func first(rows []row, n int) []row { return rows[:min(n, len(rows))] }

// counted is count by: the groups with their numbers of rows, the largest first.
func counted(rows []row, columns ...string) []row {
	groups, members := tally(rows, columns...)
	for i, g := range groups {
		g["count"] = len(members[i])
	}
	return groups
}

// percentile is the smallest of the values that so many of them do not exceed; NULL where there are none.
func percentile(rows []row, column string, percent int) any {
	var values []time.Duration
	for _, r := range rows {
		if v, ok := r[column].(time.Duration); ok {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	return values[int(math.Ceil(float64(len(values)*percent)/100))-1]
}

func sum(rows []row, column string) (total any) {
	for _, r := range rows {
		if n, ok := r[column].(int); ok {
			before, _ := total.(int)
			total = before + n
		}
	}
	return total
}

func where(condition func(row) bool, named ...string) func([]row) []row {
	return func(all []row) []row { return defaults(matches(all, condition), named...) }
}

// TestQuestions: the queries that must work give what arithmetic over the rows gives, and find something.
func TestQuestions(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeWorld(t)
		for _, q := range questions {
			askAndCompute(t, q)
		}
	})
}

// askAndCompute compares an answer with its arithmetic, and the order too where the question sorts.
func askAndCompute(t *testing.T, q question) {
	t.Helper()
	got, want := settled(t, q)
	if len(want) == 0 {
		t.Errorf("%s: nothing to find", q.query)
	}
	same(t, q.query, got, want)
	if strings.Contains(q.query, "sort") && !slices.Equal(got, want) {
		t.Errorf("%s: order\n%s\nwant\n%s", q.query, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// settled asks and computes until both agree: between the two, timers run. One socket has no owner, which is warned of.
func settled(t *testing.T, q question) (got, want []string) {
	t.Helper()
	table, _, _ := strings.Cut(q.query, " ")
	for range 5 {
		want = lines(q.answer(ask(t, sources.Live(), table+" | select *").rows))
		if got = lines(ask(t, sources.Live(), q.query).rows); len(missing(want, got))+len(missing(got, want)) == 0 {
			break
		}
	}
	return got, want
}

var questions = []question{
	{"sockets state == LISTEN | select laddr, lport, process | sort lport", func(all []row) []row {
		rows := matches(all, func(r row) bool { return r.is("state", "LISTEN") })
		return picked(sorted(rows, "lport", false), "laddr", "lport", "process")
	}},
	{"sockets lport == ssh or rport == ssh", where(func(r row) bool { return r.is("lport", 22) || r.is("rport", 22) })},
	{"sockets | where proto == tcp and state == listen and lport < 1024", where(func(r row) bool {
		return r.is("proto", "tcp") && r.is("state", "LISTEN") && !r.over("lport", 1023)
	})},
	{"sockets raddr in 10.0.0.0/8 and rtt > 5ms | top 10 by rtt", func(all []row) []row {
		rows := matches(all, func(r row) bool { return r.within("raddr", "10.0.0.0/8") && r.over("rtt", 5e-3) })
		return defaults(first(sorted(rows, "rtt", true), 10), "rtt")
	}},
	{"sockets state==estab | group by process: n=count(), p95(rtt), sum(bytes_sent) | sort n desc",
		func(all []row) []row {
			groups, members := tally(matches(all, func(r row) bool { return r.is("state", "ESTABLISHED") }), "process")
			for i, g := range groups {
				g["n"], g["p95_rtt"], g["sum_bytes_sent"] = len(members[i]), percentile(members[i], "rtt", 95),
					sum(members[i], "bytes_sent")
			}
			slices.SortFunc(groups, func(a, b row) int { // equals stay in the order of their process
				return cmp.Or(cmp.Compare(b["n"].(int), a["n"].(int)),
					strings.Compare(cell(a["process"]), cell(b["process"])))
			})
			return groups
		}},
	{"sockets | count by state", func(all []row) []row { return counted(all, "state") }},
	{"sockets | stats conns=count(), rtt=p50(rtt) by raddr | where conns > 100", func(all []row) []row {
		groups, members := tally(all, "raddr")
		for i, g := range groups {
			g["conns"], g["rtt"] = len(members[i]), percentile(members[i], "rtt", 50)
		}
		return matches(groups, func(r row) bool { return r.over("conns", 100) })
	}},
	{"sockets state == TIME_WAIT | count by rport | top 5 by count", func(all []row) []row {
		return first(counted(matches(all, func(r row) bool { return r.is("state", "TIME_WAIT") }), "rport"), 5)
	}},
	{"sockets state == CLOSE_WAIT | group by process, pid: n = count() | where n >= 50", func(all []row) []row {
		groups, members := tally(matches(all, func(r row) bool { return r.is("state", "CLOSE_WAIT") }), "process",
			"pid")
		for i, g := range groups {
			g["n"] = len(members[i])
		}
		return matches(groups, func(r row) bool { return r.over("n", 49) })
	}},
	{"sockets loss > 0.01 | top 20 by loss", func(all []row) []row {
		var rows []row
		for _, r := range matches(all, func(r row) bool { return r.over("bytes_sent", 0) }) {
			r["loss"] = float64(r["bytes_retrans"].(int)) / float64(r["bytes_sent"].(int))
			rows = append(rows, r)
		}
		rows = matches(rows, func(r row) bool { return r.over("loss", 0.01) })
		return defaults(first(sorted(rows, "loss", true), 20), "loss")
	}},
	{"sockets recv_queue > 64KiB or send_queue > 1MiB | select process, raddr, rport, recv_queue, send_queue",
		func(all []row) []row {
			rows := matches(all, func(r row) bool {
				return r.over("recv_queue", 64<<10) || r.over("send_queue", 1<<20)
			})
			return picked(rows, "process", "raddr", "rport", "recv_queue", "send_queue")
		}},
	{`sockets | where process matches "(?i)^(nginx|envoy)" and not (raddr in [127.0.0.0/8, ::1])`,
		where(func(r row) bool {
			return r.is("process", "nginx", "envoy") && !r.within("raddr", "127.0.0.0/8") &&
				!r.within("raddr", "::1/128")
		})},
	{"sockets rport in [80, 443] and state in [ESTAB, SYN_SENT] | distinct raddr", func(all []row) []row {
		groups, _ := tally(matches(all, func(r row) bool {
			return r.is("rport", 80, 443) && r.is("state", "ESTABLISHED", "SYN_SENT")
		}), "raddr")
		return groups
	}},
	{"sockets rport in 1..1023 | count by rport", func(all []row) []row {
		return counted(matches(all, func(r row) bool { return r.over("rport", 0) && !r.over("rport", 1023) }), "rport")
	}},
	{"sockets raddr == 2001:db8::1 or raddr == fe80::1%eth0", where(func(r row) bool {
		return r.is("raddr", netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("fe80::1%eth0"))
	})},
	{"sockets pid == nil and state == LISTEN | select lport, owner_status", func(all []row) []row {
		return picked(matches(all, func(r row) bool { return r["pid"] == nil && r.is("state", "LISTEN") }), "lport",
			"owner_status")
	}},
	{"sockets state == LISTEN | where accept_queue > 0.8 * accept_backlog", where(func(r row) bool {
		backlog, _ := r["accept_backlog"].(int)
		return r.is("state", "LISTEN") && r.over("accept_queue", 0.8*float64(backlog))
	}, "accept_queue", "accept_backlog")},
	{"sockets overflow", where(func(r row) bool {
		backlog, _ := r["accept_backlog"].(int)
		return r.is("state", "LISTEN") && r.over("accept_queue", float64(backlog))
	})},
	{"SOCKETS WHERE State == Estab AND NOT (lport IN [22]) | ORDER BY rtt DESC | TAKE 5", func(all []row) []row {
		rows := matches(all, func(r row) bool { return r.is("state", "ESTABLISHED") && !r.is("lport", 22) })
		return defaults(first(sorted(rows, "rtt", true), 5), "rtt")
	}},
	{`sockets | group by kind = (lport < 1024 ? "system" : "user"): count()`, func(all []row) []row {
		for _, r := range all {
			r["kind"] = "user"
			if r["lport"] != nil && !r.over("lport", 1023) {
				r["kind"] = "system"
			}
		}
		return counted(all, "kind")
	}},
	{`sockets (process | lower() | hasPrefix("ng")) and lport == 80`, where(func(r row) bool {
		return r.is("process", "nginx") && r.is("lport", 80)
	})},
}
