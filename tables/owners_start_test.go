package tables_test

import (
	"context"
	"strings"
	"testing"

	"netql/query"
	"netql/sources/inetdiag"
	"netql/sources/owners"
	"netql/tables"
)

// startingFinder counts how often it is started, and says how it finds owners.
type startingFinder struct {
	fakeFinder
	starts *int
}

func (f startingFinder) Start(context.Context) owners.Finder {
	*f.starts++
	return f.fakeFinder
}

func (startingFinder) String() string { return "a finder that tells" }

// TestOwnersAhead: owners are looked for from the first row on, once, where a column needs them, and the plan says how.
func TestOwnersAhead(t *testing.T) {
	kernel := fakeKernel{sockets: map[int][]fakeSocket{inetdiag.TCP: {
		{state: inetdiag.Listen, local: "192.0.2.1:1", inode: 1, cookie: 1},
		{state: inetdiag.Listen, local: "192.0.2.1:2", inode: 2, cookie: 2},
	}}}
	for text, want := range map[string]struct {
		starts int
		tells  bool
	}{
		"sockets | select lport, pid, process":              {1, true},
		"sockets lport == 3 | select owners":                {1, true}, // this kernel does not filter
		"sockets state == ESTABLISHED | select pid":         {0, true},
		"sockets | select lport":                            {0, false},
		"unix_sockets | select peer_process":                {0, true},
		"unix_sockets | select path":                        {0, false},
		"packet_sockets | select pid":                       {0, true},
		"netlink_sockets | select unit":                     {0, true},
		"processes pid == 1 | select sockets":               {0, true},
		"processes | select pid, cmdline":                   {0, false},
		"sockets | count by process | where process != nil": {1, true},
	} {
		starts := 0
		system := kernel.system(files(nil), startingFinder{starts: &starts})
		plan, err := query.Compile(text, tables.Catalog(), tables.Ask(system))
		if err != nil {
			t.Fatal(err)
		}
		if tells := strings.Contains(plan.Explain(), "\n  owners by a finder that tells\n"); tells != want.tells {
			t.Errorf("%s: the plan is\n%s", text, plan.Explain())
		}
		if !strings.HasPrefix(text, "sockets") { // this kernel has no others
			continue
		}
		if ask(t, system, text); starts != want.starts {
			t.Errorf("%s: started %d times, want %d", text, starts, want.starts)
		}
	}
}
