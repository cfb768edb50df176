package tables_test

import (
	"fmt"
	"testing"

	"netql/sources/lab"
)

// TestHostileCgroups: a cgroup and its unit arrive byte for byte, at every table that knows them.
func TestHostileCgroups(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		units := lab.HostileUnits()
		listeners := lab.Hostile(t)
		for cgroup, s := range listeners {
			unit := units[cgroup[1:]]
			rows := live(t, fmt.Sprintf("sockets lport == %d | select cgroup, unit, pid", s.Local.Port()))
			if len(rows) != 1 || rows[0]["cgroup"] != cgroup || rows[0]["unit"] != unit {
				t.Errorf("%q, want %q and %q", rows, cgroup, unit)
				continue
			}
			process := live(t, fmt.Sprintf("processes pid == %d | select unit", rows[0]["pid"]))
			if len(process) != 1 || process[0]["unit"] != unit {
				t.Errorf("%q, want %q", process, unit)
			}
		}
		if len(listeners) == 0 {
			t.Skip("this user may make no cgroups")
		}
	})
}
