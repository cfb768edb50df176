package query_test

import (
	"strings"
	"testing"
)

// TestTypedErrors: what puts the answers of hosts together names stages and expressions as they were typed, in errors
// and warnings.
func TestTypedErrors(t *testing.T) {
	for text, want := range map[string]string{
		"sockets | group by pid: n = count(), m = max(rtt)":     "group by pid: n = count(), m = max(rtt)",
		"sockets | count by pid":                                "count by pid",
		"sockets | distinct pid":                                "distinct pid",
		"sockets | join sockets on pid":                         "join sockets on pid",
		"sockets | sort pid + 1 | select process | limit 90000": "sort pid + 1",
	} {
		plan := overNumbers(t, text, lateRows, func(row int) int { return row })
		if tooMuch := tooMuchOf(t, plan); tooMuch == nil || tooMuch.What != want {
			t.Errorf("%s: %v", text, tooMuch)
		}
	}
}

// TestTypedWarnings: a warning of the merging part names the expression that was typed.
func TestTypedWarnings(t *testing.T) {
	for text, want := range map[string]string{
		"conns | stats n = int(max(process))":                "int(max(process))",
		"conns | group by state: n = int(any(process))":      "int(any(process))",
		"conns | stats p = max(process) | extend n = int(p)": "int(p)",
	} {
		plan, err := compileCut(text, machines())
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := given(plan); !strings.Contains(got, "warning: "+want) || strings.Contains(got, "part 1") {
			t.Errorf("%s: %s", text, got)
		}
	}
}

// TestTyped: a column that hosts compute for the merging part is what was typed.
func TestTyped(t *testing.T) {
	plan, err := compileCut("conns | stats max(rtt * 2), dcount(raddr)", machines())
	if err != nil {
		t.Fatal(err)
	}
	local := plan.Cut().Locals[0]
	var got []string
	for _, name := range local.Names() {
		got = append(got, local.Typed(name))
	}
	if strings.Join(got, ", ") != "raddr, max(rtt * 2)" || local.Typed("host") != "host" {
		t.Errorf("%q", got)
	}
}
