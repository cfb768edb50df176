package tables_test

import (
	"context"
	"strings"
	"testing"

	"netql/sources/inetdiag"
	"netql/sources/owners"
)

// listedFinder makes tables in turn, which say that they are quickly made again.
type listedFinder struct{ turns []fakeFinder }

func (f *listedFinder) Find(ctx context.Context) (*owners.Table, error) {
	table, err := f.turns[0].Find(ctx)
	f.turns = f.turns[1:]
	if table != nil {
		table.Listed = true
	}
	return table, err
}

// TestOwnersAgain: a socket without an owner is looked for once more, also where namespaces share a list, and its
// status is that of the later list.
func TestOwnersAgain(t *testing.T) {
	held := []owners.SocketOwner{{Inode: 8, Owner: owners.Owner{PID: 30, Process: "late", FD: 4}}}
	for name, test := range map[string]struct {
		later   fakeFinder
		want    string // pid and status
		warning string
	}{
		"opened since":             {fakeFinder{held: held}, "30 ok", ""},
		"opened, others refuse":    {fakeFinder{held: held, unreadable: 1}, "30 partial", ""},
		"the kernel's":             {fakeFinder{}, "- kernel", ""},
		"a process refuses now":    {fakeFinder{unreadable: 1}, "- no_permission", "1 of the processes"},
		"processes are hidden now": {fakeFinder{unlisted: true}, "- no_permission", "hidepid"},
	} {
		for _, share := range []bool{false, true} {
			socket := fakeSocket{state: inetdiag.Established, local: "192.0.2.1:80", remote: "192.0.2.2:4000",
				inode: 8, cookie: 9}
			kernel := fakeKernel{sockets: map[int][]fakeSocket{inetdiag.TCP: {socket}}}
			var finder owners.Finder = &listedFinder{[]fakeFinder{{}, test.later}}
			if share {
				finder = owners.Shared(finder)
			}
			a := ask(t, kernel.system(files(nil), finder), "sockets proto == tcp | select pid, owner_status")
			if len(a.rows) != 1 || cell(a.rows[0]["pid"])+" "+cell(a.rows[0]["owner_status"]) != test.want {
				t.Errorf("%s: %v, want %s", name, lines(a.rows), test.want)
			}
			if warned := strings.Join(a.warnings, "\n"); !strings.Contains(warned, test.warning) ||
				(test.warning == "") != (warned == "") {
				t.Errorf("%s: warnings %q, want %q", name, warned, test.warning)
			}
		}
	}
}
