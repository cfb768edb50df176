package tables_test

import (
	"strings"
	"testing"

	"netql/sources"
	"netql/sources/vfs/vfstest"
)

// TestSoftnet: the rows are the lines of /proc/net/softnet_stat, in a reading of our own.
func TestSoftnet(t *testing.T) {
	columns := []string{"processed", "dropped", "time_squeeze", "", "", "", "", "", "", "received_rps",
		"flow_limit_drops", "backlog", "cpu", "input_backlog", "process_backlog"}
	before := fileWords("/proc/net/softnet_stat")
	rows := live(t, "softnet | select *")
	after := fileWords("/proc/net/softnet_stat")
	if len(rows) != len(before) || len(rows) == 0 {
		t.Fatalf("%d rows of %d lines", len(rows), len(before))
	}
	for i, r := range rows {
		for j, field := range before[i] {
			if j >= len(columns) || columns[j] == "" || strings.Contains(columns[j], "backlog") {
				continue // what waits comes and goes
			}
			got, least, most := r[columns[j]].(int), parse(t, field, 16), parse(t, after[i][j], 16)
			if got < least || got > most {
				t.Errorf("CPU %v: %s is %d, /proc says %d to %d", r["cpu"], columns[j], got, least, most)
			}
		}
	}
}

// TestSoftnetDegraded: older kernels tell less, newer ones more, and a torn line costs itself.
func TestSoftnetDegraded(t *testing.T) {
	for name, test := range map[string]struct {
		text, row, warning string
	}{
		"old": {"5 1 2 0 0 0 0 0 0\n",
			"backlog=- cpu=0 dropped=1 flow_limit_drops=- input_backlog=- process_backlog=- processed=5 " +
				"received_rps=- time_squeeze=2", ""},
		"new": {"ffffffff 1 2 0 0 0 0 0 0 3 4 9 7 5 4 1 1\n",
			"backlog=9 cpu=7 dropped=1 flow_limit_drops=4 input_backlog=5 process_backlog=4 processed=4294967295 " +
				"received_rps=3 time_squeeze=2", ""},
		"torn": {"5 1 2 0 0 0 0 0 0\n5 1",
			"backlog=- cpu=0 dropped=1 flow_limit_drops=- input_backlog=- process_backlog=- processed=5 " +
				"received_rps=- time_squeeze=2", "line 2"},
	} {
		a := ask(t, &sources.System{Files: vfstest.Files{"/proc/net/softnet_stat": {Text: test.text}}},
			"softnet | select *")
		same(t, name, lines(a.rows), []string{test.row})
		var warnings []string
		if test.warning != "" {
			warnings = []string{test.warning}
		}
		expectWarnings(t, name, a.warnings, warnings)
	}
	expectWarnings(t, "missing", ask(t, &sources.System{Files: vfstest.Files{"/proc/net": {Dir: true}}},
		"softnet").warnings,
		[]string{"/proc/net/softnet_stat"})
}
