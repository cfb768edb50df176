package query_test

import (
	"slices"
	"strings"
	"testing"

	"netql/query"
)

// TestShown: which columns a query shows, and which of them a window that is too narrow goes without first, follow from
// its text.
func TestShown(t *testing.T) {
	for _, test := range []struct{ query, shown, spare string }{
		{"conns", "id state raddr rport", ""},
		{"conns | top 1 by rtt", "id state raddr rport rtt", ""},
		{"conns rtt > 1ms | sort rtt", "id state raddr rport rtt", ""},
		{"conns state == ESTAB and rtt > 1ms", "id state raddr rport rtt", "state"},
		{"conns state in [ESTAB, LISTEN]", "id state raddr rport", ""},
		{"conns state == ESTAB and rport == 22 | where id > 0", "id state raddr rport", "rport state"},
		{"conns | select id | where id == 1", "id", ""},
		{"conns | drop state | sort rtt", "id raddr rport", ""},
		{"conns | extend x = 1 | sort rtt", "id state raddr rport x rtt", ""},
	} {
		plan, err := query.Compile(test.query, catalog(&scanned{}), someState{})
		if err != nil {
			t.Fatal(err)
		}
		s := plan.Schema()
		slices.Sort(s.Spare)
		if shown, spare := strings.Join(s.Shown, " "), strings.Join(s.Spare, " "); shown != test.shown ||
			spare != test.spare {
			t.Errorf("%s: shows %s, spares %q, want %s, %q", test.query, shown, spare, test.shown, test.spare)
		}
	}
}
