package tables

import "testing"

// TestAges: what time and traffic alone do to a neighbour is no change, and that it does not answer is one.
func TestAges(t *testing.T) {
	for _, test := range []struct {
		old, new any
		want     bool
	}{
		{"REACHABLE", "STALE", true}, {"STALE", "DELAY", true}, {"PROBE", "REACHABLE", true},
		{"REACHABLE", "FAILED", false}, {"INCOMPLETE", "REACHABLE", false}, {"STALE", "PERMANENT", false},
		{nil, "STALE", false},
	} {
		if got := ages(test.old, test.new); got != test.want {
			t.Errorf("%v to %v: %t", test.old, test.new, got)
		}
	}
	for _, column := range neighborsTable().Columns {
		if column.Name == "state" && (column.ByItself == nil || !column.ByItself("STALE", "DELAY")) {
			t.Error("the column state does not say so")
		}
	}
}
