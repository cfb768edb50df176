package tables_test

import (
	"net/netip"
	"testing"

	"netql/sources/lab"
)

// unaccepted is a query for the connections that wait, with what a listener's owners are compared by.
const unaccepted = whoQuery + " | where owner_status == unaccepted"

// TestUnaccepted: a connection that nobody accepted yet names the owners of its listener, and no other one's: for every
// kind of address, and for every state that such a connection may be in.
func TestUnaccepted(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Link(t, "lab0")
		lab.Link(t, "lab1")
		wait := map[string]func(*lab.Socket) *lab.Socket{
			"ESTABLISHED": func(l *lab.Socket) *lab.Socket { server, _ := lab.Unaccepted(t, l); return server },
			"CLOSE_WAIT": func(l *lab.Socket) *lab.Socket {
				server, _ := lab.UnacceptedCloseWait(t, l)
				return server
			},
		}
		for _, address := range []string{"127.0.0.1:0", "[::1]:0", "[::ffff:127.0.0.1]:0", "[fe80::1%lab0]:0"} {
			for state, makeOne := range wait {
				listener := lab.Listen(t, lab.TCP, address)
				lab.Start(t, lab.Helper{Comm: "worker-a"}, listener)
				lab.Start(t, lab.Helper{Comm: "worker-b"}, listener)
				waiting := makeOne(listener)
				rows := rowsOf(live(t, unaccepted), waiting)
				if len(rows) != 1 || rows[0]["state"] != state || rows[0]["inode"] != nil {
					t.Fatalf("%s %s: %v", address, state, rows)
				}
				checkOwners(t, address+" "+state, rows[0], listener.Owners())
			}
		}
		server, _ := lab.SynReceived(t, "127.0.0.1:0")
		rows := rowsOf(live(t, unaccepted), server)
		if len(rows) != 1 || rows[0]["state"] != "SYN_RECEIVED" || rows[0]["pid"] == nil {
			t.Errorf("SYN_RECEIVED: %v", rows)
		}
		if rows := live(t, unaccepted+" | where state == LISTEN or inode != nil"); len(rows) > 0 {
			t.Errorf("these have been accepted: %v", rows)
		}
	})
}

// TestUnacceptedListeners: which of several listeners with one port it was.
func TestUnacceptedListeners(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Link(t, "lab0")
		lab.Link(t, "lab1")
		first := lab.Listen(t, lab.TCP, "[fe80::1%lab0]:0")
		second := lab.Listen(t, lab.TCP, port("fe80::1%lab1", first).String())
		wildcard := lab.Listen(t, lab.TCP, "[::]:0", lab.V6Only(false))
		bound := lab.Listen(t, lab.TCP, "0.0.0.0:0", lab.Device("lo"))
		for name, listener := range map[string]*lab.Socket{"lab0": first, "lab1": second, "wildcard": wildcard,
			"bound": bound} {
			lab.Start(t, lab.Helper{Comm: name}, listener)
			listener.Close()
		}
		for _, test := range []struct {
			name     string
			listener *lab.Socket
			client   *lab.Socket
		}{
			{"lab0", first, lab.Dial(t, lab.TCP, first.Local)},
			{"lab1", second, lab.Dial(t, lab.TCP, second.Local)},
			{"wildcard", wildcard, lab.Dial(t, lab.TCP, port("127.0.0.1", wildcard))},
			{"wildcard", wildcard, lab.Dial(t, lab.TCP, port("::1", wildcard))},
			{"bound", bound, lab.Dial(t, lab.TCP, port("127.0.0.1", bound))},
		} {
			found := 0
			for _, r := range live(t, unaccepted) {
				if r["remote"] == unmapped(test.client.Local) {
					found++
					checkOwners(t, test.name, r, test.listener.Owners())
				}
			}
			if found != 1 {
				t.Errorf("%s: %d connections wait", test.name, found)
			}
		}
	})
}

// port is the listener's port at an address.
func port(addr string, listener *lab.Socket) netip.AddrPort {
	return netip.AddrPortFrom(netip.MustParseAddr(addr), listener.Local.Port())
}

// TestUnacceptedMPTCP: MPTCP's connections wait like those of TCP, which are beneath them.
func TestUnacceptedMPTCP(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		listener := lab.Listen(t, lab.MPTCP, "127.0.0.1:0")
		lab.Start(t, lab.Helper{Comm: "worker"}, listener)
		_, client := lab.Unaccepted(t, listener)
		listener.Close()
		protocols := map[any]int{}
		for _, r := range live(t, unaccepted) {
			if r["remote"] == client.Local {
				protocols[r["proto"]]++
				checkOwners(t, "waiting", r, listener.Owners())
			}
		}
		if protocols["mptcp"] != 1 || protocols["tcp"] != 1 {
			t.Errorf("waiting connections: %v", protocols)
		}
	})
}
