package tables_test

import (
	"slices"
	"testing"

	"netql/sources/lab"
)

// tcQdiscs are the queueing disciplines as tc(8) lists them. It leaves out one reference, and prints rates in bytes.
func tcQdiscs(t *testing.T) (rows []row) {
	t.Helper()
	for _, q := range toolJSON(t, "tc", "-json", "-statistics", "qdisc", "show") {
		r := row{"dev": q["dev"], "kind": q["kind"], "handle": q["handle"], "parent": q["parent"], "rate": nil,
			"packet_rate": nil, "refs": 1}
		for _, column := range []string{"bytes", "packets", "drops", "overlimits", "requeues", "backlog", "qlen"} {
			r[column] = jsonInt(q[column])
		}
		for _, column := range []string{"ingress_block", "egress_block"} {
			r[column] = nil
			if q[column] != nil {
				r[column] = jsonInt(q[column])
			}
		}
		if q["root"] == true {
			r["parent"] = "root"
		}
		if q["parent"] == "ffff:fff1" {
			r["parent"] = "ingress"
		}
		if q["refcnt"] != nil {
			r["refs"] = jsonInt(q["refcnt"])
		}
		if q["rate"] != nil {
			r["rate"], r["packet_rate"] = 8*jsonInt(q["rate"]), jsonInt(q["pps"])
		}
		_, r["offloaded"] = q["offloaded"]
		rows = append(rows, r)
	}
	return rows
}

// TestSameAsTC: every queueing discipline that tc(8) lists is there once, with the same counters, and no other.
func TestSameAsTC(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Qdiscs(t)
		got, want := steady(t, func() []row { return tcQdiscs(t) },
			func() []row { return live(t, "qdiscs | select *") })
		if len(want) < 5 {
			t.Errorf("tc lists only %d", len(want))
		}
		same(t, "tc", lines(got), lines(want))
		if slices.ContainsFunc(want, func(r row) bool { return r["kind"] == "htb" }) {
			if rows := live(t, "qdiscs kind == 'htb' and drops > 0 and packets > 0 and rate != nil"); len(rows) != 1 {
				t.Error("nothing was dropped")
			}
		}
	})
}
