package tables_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"netql/query"
	"netql/sources"
	"netql/sources/lab"
	"netql/sources/netns"
	"netql/tables"
)

// TestFollowEverywhere: the sockets that close in any namespace are told, each with its namespace.
func TestFollowEverywhere(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "ip")
		lab.NameNamespaces(t, "own", "blue", "abc")
		for _, name := range []string{"blue", "abc"} {
			inside(t, name, func() { lab.Tool(t, "", "ip", "link", "set", "lo", "up") })
		}
		all := &sources.AllNamespaces{}
		defer all.Close()
		plan, err := query.Compile("sockets proto == tcp and netns in ['own', 'blue', 'abc'] | follow | select "+
			"netns, event, lport", tables.Everywhere(tables.Catalog()), tables.AskEverywhere(all))
		must(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), lab.Patience)
		defer cancel()
		done := make(chan struct{})
		go func() {
			defer close(done)
			for n := uint16(1); ctx.Err() == nil; n++ { // until somebody listens, too
				for i, name := range []string{"own", "blue", "abc"} {
					closeOne(t, name, 1000*uint16(i+1)+n%100)
				}
				time.Sleep(10 * time.Millisecond)
			}
		}()
		seen := map[string]bool{}
		var failure error
		for record, err := range plan.Rows(ctx) {
			if failure = err; err != nil {
				break
			}
			var cells []string
			for _, c := range plan.Schema().Visible() {
				cells = append(cells, cell(c.Get(record)))
			}
			if want := map[string]byte{"own": '1', "blue": '2', "abc": '3'}[cells[0]]; cells[1] != "gone" ||
				cells[2][0] != want {
				t.Errorf("%q", cells)
			}
			if seen[cells[0]] = true; len(seen) == 3 {
				cancel()
			}
		}
		<-done
		if !errors.Is(failure, context.Canceled) || len(seen) != 3 {
			t.Errorf("%v, %v", seen, failure)
		}
	})
}

// closeOne opens and closes a connection whose ends have one port in a namespace.
func closeOne(t *testing.T, name string, port uint16) {
	inside(t, name, func() {
		listener := lab.Listen(t, lab.TCP, fmt.Sprintf("127.0.0.1:%d", port))
		defer listener.Close()
		client := lab.Dial(t, lab.TCP, listener.Local,
			lab.From(netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), port)))
		server := listener.Accept()
		abort(t, client) // no TIME_WAIT is left of it, so that its port can be used again
		server.Close()
	})
}

// inside does something in a namespace.
func inside(t *testing.T, name string, what func()) {
	place, err := netns.Find(name)
	if err != nil {
		t.Error(err)
		return
	}
	n, err := place.Open()
	if err != nil {
		t.Error(err)
		return
	}
	defer n.Close()
	if err := n.Do(func() error { what(); return nil }); err != nil {
		t.Error(err)
	}
}
