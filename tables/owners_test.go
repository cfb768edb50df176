package tables_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"netql/query/schema"
	"netql/sources/lab"
)

const whoQuery = "sockets | select proto, family, inode, local, remote, state, pid, process, cmdline, fd, owners, " +
	"owner_status"

// TestOwners: every socket of the population has the owners that it has in truth, and says why.
func TestOwners(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		population := lab.AllStates(t)
		rows := live(t, whoQuery)
		checked := map[string]int{}
		for _, s := range population.Sockets {
			if s.State() == "BOUND_INACTIVE" {
				continue
			}
			for _, r := range rowsOf(rows, s) {
				status := wantedStatus(t, s)
				checked[status]++
				if r["owner_status"] != status {
					t.Errorf("%s: status %v, want %s", s.Label, r["owner_status"], status)
				}
				if status != "unaccepted" { // of which TestUnaccepted
					checkOwners(t, s.Label, r, s.Owners())
				}
			}
		}
		for _, status := range []string{held(t), "time_wait", "unaccepted", "orphan"} {
			if checked[status] == 0 {
				t.Errorf("no socket has status %s", status)
			}
		}
	})
}

func wantedStatus(t *testing.T, s *lab.Socket) string {
	switch {
	case s.Inode != 0:
		return held(t)
	case s.State() == "TIME_WAIT":
		return "time_wait"
	case strings.Contains(s.Label, "orphaned"):
		return "orphan"
	}
	return "unaccepted"
}

// checkOwners compares owners, and pid, process and fd, with the truth.
func checkOwners(t *testing.T, label string, r row, want []lab.Owner) {
	t.Helper()
	var list []any
	first := row{"pid": nil, "process": nil, "fd": nil}
	for i, o := range want {
		if i == 0 {
			first = row{"pid": o.Pid, "process": o.Comm, "fd": o.FD}
		}
		list = append(list, fmt.Sprintf("%d %q %d", o.Pid, o.Comm, o.FD))
	}
	var got []any
	if r["owners"] != nil {
		for _, value := range r["owners"].([]any) {
			o := value.(schema.Record)
			got = append(got, fmt.Sprintf("%d %q %d", o.Field("pid"), o.Field("process"), o.Field("fd")))
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(list) || (len(want) == 0) != (r["owners"] == nil) {
		t.Errorf("%s: owners %v, want %v", label, got, list)
	}
	for column, value := range first {
		if r[column] != value {
			t.Errorf("%s: %s is %#v, want %#v", label, column, r[column], value)
		}
	}
}

// TestSharedListener: three workers that share a listener are three owners, and one that has it twice is two.
func TestSharedListener(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		shared := lab.Listen(t, lab.TCP, "127.0.0.1:0")
		for _, name := range []string{"worker-a", "worker-b", "worker-c"} {
			lab.Start(t, lab.Helper{Comm: name}, shared)
		}
		shared.Close()
		rows := live(t, "sockets state == LISTEN | select *")
		if len(rows) != 1 {
			t.Fatalf("%d listeners", len(rows))
		}
		checkOwners(t, "three workers", rows[0], shared.Owners())
		if n := len(rows[0]["owners"].([]any)); n != 3 {
			t.Errorf("%d owners", n)
		}
		for query, want := range map[string]int{
			`sockets any(owners, .process == "worker-c")`:                      1,
			`sockets any(owners, .process == "worker-d")`:                      0,
			`sockets process == "worker-a"`:                                    1,
			`sockets len(owners) == 3`:                                         1,
			`sockets any(owners, .pid == nil)`:                                 0,
			`sockets owner_status in [ok, partial] and pid != nil and fd == 3`: 1,
			`sockets owner_status in [no_permission, exited, kernel]`:          0,
			`sockets state == LISTEN | where cmdline == "lab-helper"`:          1,
			`sockets state == LISTEN | where container == nil`:                 1,
			`sockets state == ESTABLISHED and process startsWith "worker"`:     0,
		} {
			if got := live(t, query); len(got) != want {
				t.Errorf("%s: %d rows, want %d", query, len(got), want)
			}
		}

		twice := lab.Listen(t, lab.TCP, "127.0.0.1:0")
		lab.Start(t, lab.Helper{Comm: "twice"}, twice, twice)
		twice.Close()
		rows = rowsOf(live(t, whoQuery), twice)
		checkOwners(t, "one process twice", rows[0], twice.Owners())
	})
}

// TestHostileNames: a process's name arrives byte for byte, whatever it is.
func TestHostileNames(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		byPid := map[any]string{}
		for _, name := range lab.HostileNames() {
			s := lab.Listen(t, lab.TCP, "127.0.0.1:0")
			byPid[lab.Start(t, lab.Helper{Comm: name}, s).Pid] = name
			s.Close()
		}
		rows := live(t, "sockets | select pid, process, cmdline")
		if len(rows) != len(byPid) {
			t.Errorf("%d rows, want %d", len(rows), len(byPid))
		}
		for _, r := range rows {
			if name, ok := byPid[r["pid"]]; !ok || r["process"] != name || r["cmdline"] != "lab-helper" {
				t.Errorf("%v: process %q, want %q; cmdline %q", r["pid"], r["process"], name, r["cmdline"])
			}
		}
	})
}

// TestCommandLine: arguments are joined by spaces and otherwise left as they are.
func TestCommandLine(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		s := lab.Listen(t, lab.TCP, "127.0.0.1:0")
		args := []string{"\x1b[2Jcommand", "", "a b", "\xff\n"}
		lab.Start(t, lab.Helper{Comm: "args", Args: args}, s)
		s.Close()
		rows := live(t, "sockets | select cmdline, unit, container")
		if len(rows) != 1 || rows[0]["cmdline"] != strings.Join(args, " ") {
			t.Errorf("%q", rows)
		}
	})
}

// TestNetworkNamespace: netns is the namespace's inode number, and its name once it has one.
func TestNetworkNamespace(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Listen(t, lab.TCP, "127.0.0.1:0")
		link, err := os.Readlink("/proc/self/ns/net")
		if err != nil {
			t.Fatal(err)
		}
		if rows := live(t, "sockets | select netns"); len(rows) != 1 || "net:["+rows[0]["netns"].(string)+"]" != link {
			t.Errorf("%v, want %s", rows, link)
		}
		lab.NameNamespaces(t, "blue")
		if rows := live(t, "sockets netns == 'blue'"); len(rows) != 1 {
			t.Errorf("%d rows in namespace blue", len(rows))
		}
	})
}
