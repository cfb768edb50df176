package query_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"netql/query"
)

// TestKept: it is known of which queries each row of an answer is kept, and by which stage, as it was typed; the hint
// is a query that works.
func TestKept(t *testing.T) {
	for text, want := range map[string]struct{ stage, present, hint string }{
		"conns | sort id": {"sort id", "",
			"conns | sort id | limit 100; or group or filter"},
		"conns | sort host(raddr) | select id": {"sort host(raddr)", "",
			"conns | sort host(raddr) | limit 100 | select"},
		"conns | extend x = host(raddr) | sort id": {"sort id", "",
			"conns | extend x = host(raddr) | sort id | limit"},
		"conns | group by state: p50(rtt), p99(rtt)": {"group by state: p50(rtt), p99(rtt)", "rtt",
			"filter first, or"},
		"conns | count by host, state":                 {"count by host, state", "", "filter first; or allow more"},
		"conns | histogram id":                         {"histogram id", "id", "filter first; or"},
		"conns | sort id | join words on state":        {"sort id", "", "conns | sort id | limit 100 | join words"},
		"conns":                                        {},
		"conns | count by state":                       {},
		"conns | distinct raddr":                       {},
		"conns | top 5 by rtt":                         {},
		"conns | sort id | limit 3":                    {},
		"conns | stats p50(rtt * 2), list(state)":      {},
		"conns | where host(raddr) == \"a\" | sort id": {},
	} {
		cut, err := compileCut(text, machines())
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		got := cut.Cut().Locals[0].Kept
		if got == nil || want.stage == "" {
			if (got == nil) != (want.stage == "") {
				t.Errorf("%s: %+v", text, got)
			}
			continue
		}
		var tooMany *query.TooManyRowsError
		if !errors.As(got.Refused(7, "7 rows of 2 hosts"), &tooMany) || tooMany.Stage != want.stage ||
			strings.Join(got.Present, " ") != want.present || !strings.HasPrefix(tooMany.Hint(), want.hint) {
			t.Errorf("%s: %+v, %v; %s", text, got, tooMany, tooMany.Hint())
		}
		hinted, _, _ := strings.Cut(tooMany.Hint(), ";")
		if strings.HasPrefix(hinted, "conns") {
			again, err := compileCut(hinted, machines())
			if err != nil || again.Cut().Locals[0].Kept != nil {
				t.Errorf("%s: the hint is refused, too: %v", hinted, err)
			}
		}
	}
}

// TestKeptOfJoin: rows of the joined side are kept, those that have the joined columns.
func TestKeptOfJoin(t *testing.T) {
	cut, err := compileCut("conns | sort id | join conns on raddr", machines())
	if err != nil {
		t.Fatal(err)
	}
	right, left := cut.Cut().Locals[0].Kept, cut.Cut().Locals[1].Kept
	if left == nil || right == nil || !slices.Equal(right.Present, []string{"raddr"}) {
		t.Errorf("%+v, %+v", left, right)
	}
}

// TestKeptIsCertain: a query whose rows would be refused ends at its limit where they are read all the same.
func TestKeptIsCertain(t *testing.T) {
	kept := 0
	for _, text := range keepingQueries() {
		few := func(row int) int { return row % 5 }
		plan := overNumbers(t, text, 0, few)
		if plan.Cut() == nil || plan.Cut().Locals[0].Kept == nil {
			continue
		}
		kept++
		const notToldYet = 2000 // the memory is told of some kB at a time
		rows := plan.Cut().Locals[0].Kept.Most() + notToldYet
		if tooMuch := tooMuchOf(t, overNumbers(t, text, rows, few)); tooMuch == nil {
			t.Errorf("%s: %d rows are kept", text, rows)
		}
	}
	if kept < 8 {
		t.Errorf("%d queries keep each row", kept)
	}
}
