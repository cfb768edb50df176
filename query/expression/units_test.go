package expression

import (
	"testing"

	"netql/query/schema"
)

// TestUnitsStay: what a function or a list hands on keeps the unit that it had.
func TestUnitsStay(t *testing.T) {
	for text, want := range map[string]schema.Unit{
		"round(recv_queue)":                        schema.Bytes,
		"ceil(recv_queue / 3)":                     schema.Bytes,
		"floor(pacing_rate)":                       schema.BitsPerSecond,
		"int(recv_queue * 1.5)":                    schema.Bytes,
		"float(recv_queue)":                        schema.Bytes,
		"abs(recv_queue - 4KiB)":                   schema.Bytes,
		"round(recv_queue) / 1s":                   schema.BitsPerSecond,
		"first([recv_queue, send_queue])":          schema.Bytes,
		"last([recv_queue, 0])":                    schema.Bytes,
		"[recv_queue, send_queue][1]":              schema.Bytes,
		"[recv_queue, send_queue][0:1][0]":         schema.Bytes,
		"find([recv_queue, send_queue], # > 4KiB)": schema.Bytes,
		"first(filter([recv_queue], # > 4KiB))":    schema.Bytes,
		"map([1, 2], recv_queue * #)":              schema.Bytes,
		"map([recv_queue], # / 1s)[0]":             schema.BitsPerSecond,
		"[recv_queue, retrans][0]":                 schema.Mixed,
		"int(rtt)":                                 schema.None,
		"len([recv_queue])":                        schema.None,
		"count([recv_queue], # > 4KiB)":            schema.None,
	} {
		e, err := Compile(expressionOf(t, text), scope())
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if e.Unit != want {
			t.Errorf("%s is in %q, want %q", text, e.Unit, want)
		}
	}
	if got := eval(t, "round(recv_queue) / 1s", row); got != 8.0*(1<<20) {
		t.Errorf("a MiB a second is %v bits per second", got)
	}
}

// TestNullIsNotNil: a constant that cannot be computed is NULL, and no question whether something else is.
func TestNullIsNotNil(t *testing.T) {
	for text, want := range map[string]any{
		"rtt == nil": true, "rtt != nil": false, "rtt == rtt / 0": false, "rtt != rtt / 0": true,
		"pid == 1/0": false, "pid != 1/0": true, "pid == first([])": false, "pid < 1/0": false,
		"pid in [1/0, 5]": false,
		"process == join([], 1/0 == nil ? 'a' : 'b')": false, "1/0 == nil": true, "(1/0) ?? 7": 7.0,
		"raddr == first([1.2.3.4][1:])": false,
	} {
		if got := eval(t, text, record{}); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// TestEmptyLists: an empty list is a list; NULL is none.
func TestEmptyLists(t *testing.T) {
	f, _ := aggregateFunction("list")
	empty := record{"owners": f.accumulator(accumulation{}).Result()}
	for text, want := range map[string]any{
		"none(owners, .pid == 1)": true, "all(owners, .pid == 1)": true, "any(owners, .pid == 1)": false,
		"count(owners, .pid == 1)": 0, "one(owners, .pid == 1)": false, "len(owners)": 0, "owners == nil": false,
		"len(filter(owners, .pid == 1))": 0, "find(owners, .pid == 1)": nil, "len(owners[0:2])": 0,
	} {
		if got := eval(t, text, empty); got != want {
			t.Errorf("%s of an empty list: %v, want %v", text, got, want)
		}
	}
	for _, text := range []string{"none(owners, .pid == 1)", "count(owners, .pid == 1)", "owners[0:2]"} {
		if got := eval(t, text, record{}); got != nil {
			t.Errorf("%s of NULL: %v", text, got)
		}
	}
}

// TestLists: a list holds what its elements are or hold: values, prefixes and ranges.
func TestLists(t *testing.T) {
	for text, want := range map[string]any{
		"dst in [10.0.0.0/8]": true, "dst in [10.0.0.0/7, 127.0.0.1]": true, "dst in [10.0.0.0/9]": false,
		"dst in 10.0.0.0/7": true, "dst not in [10.0.0.0/7]": false, "dst in [10.9.9.9/8]": true,
		"raddr in [10.1.0.0/16, 1.1.1.1]": true, "raddr in [1.1.1.1, 10.1.2.0..10.1.2.9]": true,
		"raddr in [1.1.1.1, 10.1.3.0..10.1.3.9]": false, "raddr in [dst]": true, "dst in [dst]": true,
		"lport in [80, 1..30]": true, "lport in [1..21, 23..30]": false, "lport in [1..21, ssh]": true,
		"lport in [1..21, rport, 22]": true, "lport not in [1..21, 23..30]": true,
		"rtt in [1ms..2ms, 4ms..6ms]": true, "rtt in [1ms..2ms, 0]": false, "pid in []": false,
		"started in ['2026-01-01T00:00:00Z'..'2026-02-01T00:00:00Z']": true,
	} {
		if got := eval(t, text, row); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
		if got := eval(t, text, record{}); got == true && text != "dst not in [10.0.0.0/7]" &&
			text != "lport not in [1..21, 23..30]" {
			t.Errorf("%s of NULL: %v", text, got)
		}
	}
	e, err := CompileCondition(expressionOf(t, "lport in [22, 80, 100..200]"), scope())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := e.Condition.String(), "(lport in 100..200 or lport in [22, 80])"; got != want {
		t.Errorf("the scan sees %s, want %s", got, want)
	}
}
