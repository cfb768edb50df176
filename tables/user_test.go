package tables_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"netql/sources/lab"
)

// TestOrdinaryUser: who has no privilege sees every row, with the owners of what is not his NULL, and why, and is told
// once.
func TestOrdinaryUser(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		const facts = "sockets | select proto, family, state, local, remote, inode, cookie, uid, interface, v6only, " +
			"cgroup"
		rows, warnings := unprivileged(t, facts)
		same(t, "rows", rows, lines(live(t, facts)))
		if len(warnings) > 0 {
			t.Errorf("warnings though no owner was asked for: %q", warnings)
		}

		statuses := countOf(t, "sockets | select state, inode, s = owner_status, mine = pid != nil, all = owners != "+
			"nil, named = process != nil, mark", "mark is unknown")
		seen := map[string]bool{}
		for text, n := range statuses {
			status, _, _ := strings.Cut(text[strings.Index(text, " s=")+3:], " ")
			seen[status] = true
			owned := status == "partial"
			for _, column := range []string{"all", "mine", "named"} {
				if !strings.Contains(text, fmt.Sprintf("%s=%t", column, owned)) {
					t.Errorf("%d rows: %s", n, text)
				}
			}
			if !strings.Contains(text, " mark=- ") {
				t.Errorf("the mark is not for everybody: %s", text)
			}
		}
		want := map[string]bool{"partial": true, "time_wait": true, "orphan": true, "unaccepted": true,
			"no_permission": true}
		if !maps.Equal(seen, want) {
			t.Errorf("statuses %v, want %v", seen, want)
		}
	})
}

// countOf asks as an ordinary user, who must be warned of owners, and of more once each, and counts equal rows.
func countOf(t *testing.T, query string, more ...string) map[string]int {
	t.Helper()
	rows, warnings := unprivileged(t, query)
	wanted := append(more, "CAP_SYS_PTRACE")
	if len(warnings) != len(wanted) {
		t.Errorf("warnings %q, want %q", warnings, wanted)
	}
	for _, warning := range warnings {
		if !slices.ContainsFunc(wanted, func(part string) bool { return strings.Contains(warning, part) }) {
			t.Errorf("warning %q, want %q", warning, wanted)
		}
	}
	count := map[string]int{}
	for _, r := range rows {
		count[r]++
	}
	return count
}

// TestOrdinaryUserOwnsAll: who sees an owner of every socket is not warned, however many processes he may not inspect,
// but told that others may have it, too.
func TestOrdinaryUserOwnsAll(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		s := lab.Listen(t, lab.TCP, "127.0.0.1:0")
		lab.Start(t, lab.Helper{Comm: "mine", Unprivileged: true}, s)
		s.Close()
		rows, warnings := unprivileged(t, "sockets | select process, owner_status")
		if len(rows) != 1 || rows[0] != "owner_status=partial process=mine" || len(warnings) != 0 {
			t.Errorf("%q, %q", rows, warnings)
		}
	})
}

// TestOrdinaryUserUnaccepted: a connection that waits for a listener of somebody else stays unaccepted.
func TestOrdinaryUserUnaccepted(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		_, client := lab.Unaccepted(t, lab.Listen(t, lab.TCP, "127.0.0.1:0"))
		query := fmt.Sprintf("sockets rport == %d | select state, owners, owner_status", client.Local.Port())
		for text, n := range countOf(t, query) {
			if n != 1 || text != "owner_status=unaccepted owners=- state=ESTABLISHED" {
				t.Errorf("%d times %s", n, text)
			}
		}
	})
}
