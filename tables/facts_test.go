package tables_test

import (
	"net/netip"
	"strings"
	"testing"

	"netql/sources/lab"
	"netql/tables"
)

// facts are what holds of every socket, whatever it is.
var facts = map[string]func(row) bool{
	"addresses are never v4-mapped": func(r row) bool {
		for _, column := range []string{"laddr", "raddr"} {
			if a, ok := r[column].(netip.Addr); ok && a.Is4In6() {
				return false
			}
		}
		return true
	},
	"an IPv4 socket has no IPv6 address": func(r row) bool {
		return !r.is("family", "inet") || r["laddr"].(netip.Addr).Is4()
	},
	"link-local addresses have a zone": func(r row) bool {
		a := r["laddr"].(netip.Addr)
		return !a.IsLinkLocalUnicast() || a.Zone() == r["interface"]
	},
	"local is laddr and lport": func(r row) bool {
		return r["local"] == netip.AddrPortFrom(r["laddr"].(netip.Addr), portOf(r["lport"]))
	},
	"remote is raddr and rport": func(r row) bool {
		a, ok := r["raddr"].(netip.Addr)
		return ok && r["remote"] == netip.AddrPortFrom(a, portOf(r["rport"])) ||
			!ok && r["remote"] == nil && r["rport"] == nil
	},
	"without a peer there is none": func(r row) bool {
		return !r.is("state", "LISTEN", "UNCONN", "BOUND_INACTIVE") || r["raddr"] == nil
	},
	"datagram sockets are connected or not": func(r row) bool {
		return r.is("proto", "tcp", "mptcp", "sctp") || r.is("state", "ESTABLISHED", "UNCONN")
	},
	"streams are not UNCONN": func(r row) bool {
		return !r.is("proto", "tcp", "mptcp", "sctp") || !r.is("state", "UNCONN")
	},
	"a raw socket's lport is its protocol": func(r row) bool { return !r.is("proto", "raw") || r.is("lport", 253) },
	"queues of bytes are not for listeners": func(r row) bool {
		return r.is("state", "LISTEN") == (r["recv_queue"] == nil && r["send_queue"] == nil)
	},
	"queues of connections are for listeners alone": func(r row) bool {
		return r.is("state", "LISTEN") == (r["accept_queue"] != nil && r["accept_backlog"] != nil)
	},
	"a user goes with an inode": func(r row) bool {
		return (r["inode"] == nil) == (r["uid"] == nil) && (r["uid"] == nil) == (r["user"] == nil)
	},
	"light-weight sockets know little": func(r row) bool {
		return !r.is("state", "TIME_WAIT", "SYN_RECEIVED") ||
			r["inode"] == nil && r["mss"] == nil && r["rcvbuf"] == nil && r["cgroup"] == nil
	},
	"tcp_info is for TCP's connections": func(r row) bool {
		has := r.is("proto", "tcp") && !r.is("state", "LISTEN", "TIME_WAIT", "SYN_RECEIVED", "BOUND_INACTIVE")
		return has == (r["segs_out"] != nil) && has == (r["timestamps"] != nil)
	},
	"v6only is for IPv6": func(r row) bool {
		return r["v6only"] == nil || r.is("family", "inet6")
	},
	"a timer has a time, and the other way": func(r row) bool {
		return (r["timer"] == nil) == (r["timer_expires"] == nil)
	},
	"who has the socket is told with a reason": func(r row) bool {
		return r["owner_status"] != nil && (r["pid"] == nil) == (r["owners"] == nil)
	},
	"ok means an owner, and nothing else but unaccepted does": func(r row) bool {
		return r.is("owner_status", "ok", "partial", "unaccepted") == (r["pid"] != nil)
	},
	"an owner has a process and a file descriptor": func(r row) bool {
		return (r["pid"] == nil) == (r["process"] == nil) && (r["pid"] == nil) == (r["fd"] == nil)
	},
	"NULL is never an empty text": func(r row) bool {
		for _, column := range []string{"interface", "user", "cmdline", "unit", "container", "congestion", "ulp",
			"cgroup"} {
			if r[column] == "" {
				return false
			}
		}
		return true
	},
}

// portOf is the port in an endpoint: 0 for NULL.
func portOf(value any) uint16 {
	n, _ := value.(int)
	return uint16(n)
}

// TestFacts holds the facts against every socket of the population.
func TestFacts(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		rows := live(t, everySocket)
		for fact, holds := range facts {
			for _, r := range matches(rows, func(r row) bool { return !holds(r) }) {
				t.Errorf("%s: not for %s", fact, lines([]row{r})[0])
			}
		}
		cookies := map[any]bool{}
		for _, r := range rows {
			if cookies[r["cookie"]] && r["cookie"] != nil && !r.is("proto", "mptcp") { // whose are copied
				t.Errorf("cookie %v is there twice", r["cookie"])
			}
			cookies[r["cookie"]] = true
		}
	})
}

// TestMapped: a socket that speaks IPv4 over IPv6 has IPv4 addresses and family inet6; a dual-stack listener is on ::.
func TestMapped(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		listener := lab.Listen(t, lab.TCP, "[::]:0", lab.V6Only(false))
		client := lab.Dial(t, lab.TCP, port("127.0.0.1", listener))
		server := listener.Accept()
		if !server.Local.Addr().Is4In6() {
			t.Fatalf("the server's end is at %v", server.Local)
		}
		for query, want := range map[string][]string{
			"family == inet6 and laddr == 127.0.0.1":   {unmapped(server.Local).String()},
			"family == inet6 and raddr in 127.0.0.0/8": {unmapped(server.Local).String()},
			"laddr in 127.0.0.0/8": {unmapped(server.Local).String(),
				client.Local.String()},
			"family == inet": {client.Local.String()},
			"laddr == :: and state == LISTEN and v6only == false": {listener.Local.String()},
			"laddr == ::ffff:127.0.0.1 and state != LISTEN": {unmapped(server.Local).String(),
				client.Local.String()},
			"laddr in ::ffff:127.0.0.0/104 and family == inet6":        {unmapped(server.Local).String()},
			"laddr in ::/0 and family == inet6 and state == LISTEN":    {listener.Local.String()},
			"state == LISTEN and not (rport <= 1000) and raddr == nil": {listener.Local.String()},
		} {
			var got []string
			for _, r := range live(t, "sockets "+query+" | select local") {
				got = append(got, cell(r["local"]))
			}
			same(t, query, got, want)
		}
	})
}

// TestServersOfUDP: what lists listeners must not hide UDP's servers silently, so the docs say where they are.
func TestServersOfUDP(t *testing.T) {
	table, ok := tables.Catalog().Table("sockets")
	if !ok || !strings.Contains(table.Doc, "UDP has no LISTEN") || !strings.Contains(table.Doc, "UNCONN") {
		t.Errorf("doc of sockets: %q", table.Doc)
	}
	lab.Isolate(t, func(t *testing.T) {
		lab.Datagram(t, lab.UDP, "127.0.0.1:0", "")
		if rows := live(t, "sockets state == LISTEN"); len(rows) != 0 {
			t.Errorf("UDP listens: %v", rows)
		}
		if rows := live(t, "sockets state == UNCONN"); len(rows) != 1 {
			t.Errorf("%d servers of UDP", len(rows))
		}
	})
}
