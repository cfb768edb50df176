package tables_test

import (
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"netql/sources/lab"
)

// TestSameAsSS: every socket that ss lists is in the table, once, and there is nothing more.
func TestSameAsSS(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		identity := []string{"proto", "family", "state", "laddr", "lport", "raddr", "rport", "interface"}
		var want, got []row
		for _, s := range ss(t) {
			expected := pick(s.row, identity...)
			if s.row["proto"] != "raw" { // the kernel has no diagnostics for them, and ss shows no inode
				expected["inode"], expected["cookie"] = s.row["inode"], s.row["cookie"]
				expected["queues"] = fmt.Sprint(s.recv, s.send)
			}
			want = append(want, expected)
		}
		for _, r := range live(t, "sockets proto in [tcp, udp, raw, mptcp, sctp] | select *") {
			kept := pick(r, identity...)
			if r["proto"] != "raw" {
				kept["inode"], kept["cookie"] = r["inode"], r["cookie"]
				kept["queues"] = fmt.Sprint(r["recv_queue"], r["send_queue"])
				if r["state"] == "LISTEN" {
					kept["queues"] = fmt.Sprint(r["accept_queue"], r["accept_backlog"])
				}
			}
			got = append(got, kept)
		}
		if len(want) < 130 {
			t.Errorf("ss lists only %d sockets", len(want))
		}
		same(t, "ss", lines(got), lines(want))
	})
}

func pick(r row, columns ...string) row {
	kept := row{}
	for _, name := range columns {
		kept[name] = r[name]
	}
	return kept
}

// TestSameAsProcNet: what ss does not know, /proc/net lists.
func TestSameAsProcNet(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.AllStates(t)
		for _, proto := range []string{"udp", "udplite", "raw", "icmp"} {
			want := append(procNet(t, proto, "inet"), procNet(t, proto+"6", "inet6")...)
			same(t, proto, lines(live(t, "sockets proto == "+proto+
				" | select family, state, lport, rport, inode, uid, drops")), lines(want))
		}
	})
}

// procNet reads a file of /proc/net. Its columns are sl, local, remote, state, queues, timer, retransmits, uid,
// timeout, inode, references, address, drops.
func procNet(t *testing.T, file, family string) (rows []row) {
	t.Helper()
	data, err := os.ReadFile("/proc/net/" + file)
	if err != nil {
		t.Logf("%v: this kernel has no such protocol", err)
		return nil
	}
	list := slices.Collect(strings.Lines(string(data)))
	for _, line := range list[1:] {
		f := strings.Fields(line)
		state := map[string]string{"01": "ESTABLISHED", "07": "UNCONN"}[f[3]]
		rows = append(rows, row{
			"family": family, "state": state, "lport": hexPort(t, f[1]), "rport": hexPort(t, f[2]),
			"uid": number(t, f[7]), "inode": number(t, f[9]), "drops": number(t, f[12]),
		})
	}
	return rows
}

// hexPort is the port behind the last colon; NULL for 0.
func hexPort(t *testing.T, endpoint string) any {
	t.Helper()
	port, err := strconv.ParseUint(endpoint[strings.LastIndex(endpoint, ":")+1:], 16, 16)
	if err != nil {
		t.Fatal(err)
	}
	if port == 0 {
		return nil
	}
	return int(port)
}

// TestPopulation: every socket that was made is there once, and is what it was made to be.
func TestPopulation(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		population := lab.AllStates(t)
		rows := live(t, everySocket)
		for _, s := range population.Sockets {
			found := rowsOf(rows, s)
			if len(found) != 1 {
				t.Errorf("%s %s: it is there %d times", s.Protocol, s.Label, len(found))
				continue
			}
			want := row{
				"proto": string(s.Protocol), "family": family(s.Local.Addr()), "state": s.State(),
				"laddr": s.Local.Addr().Unmap(), "lport": int(s.Local.Port()), "local": unmapped(s.Local),
				"raddr": nil, "rport": nil, "remote": nil, "inode": nil,
			}
			if s.Remote.IsValid() {
				want["raddr"], want["remote"] = s.Remote.Addr().Unmap(), unmapped(s.Remote)
			}
			if s.Remote.Port() != 0 {
				want["rport"] = int(s.Remote.Port())
			}
			if s.Inode != 0 {
				want["inode"] = int(s.Inode)
			}
			got := pick(found[0], "proto", "family", "state", "laddr", "lport", "local", "raddr", "rport", "remote",
				"inode")
			same(t, s.Label, lines([]row{got}), lines([]row{want}))
		}
	})
}

// rowsOf are the rows of a socket: by its inode, which MPTCP shares with its subflows, or else by its addresses.
func rowsOf(rows []row, s *lab.Socket) (found []row) {
	for _, r := range rows {
		byAddress := r["inode"] == nil && r["local"] == unmapped(s.Local) && r["remote"] == unmapped(s.Remote) &&
			r["family"] == family(s.Local.Addr())
		byInode := s.Inode != 0 && r["inode"] == int(s.Inode)
		if r["proto"] == string(s.Protocol) && (byInode || s.Inode == 0 && byAddress) {
			found = append(found, r)
		}
	}
	return found
}

func unmapped(a netip.AddrPort) netip.AddrPort { return netip.AddrPortFrom(a.Addr().Unmap(), a.Port()) }

func family(a netip.Addr) string {
	if a.Is4() {
		return "inet"
	}
	return "inet6"
}

// TestListedBefore: the kernel gives a listener of MPTCP a cookie when it is listed, and copies it to what connects
// then. All of them are there, and have keys of their own.
func TestListedBefore(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		listener := lab.Listen(t, lab.MPTCP, "127.0.0.1:0", lab.Backlog(100))
		const query, n = "sockets proto == mptcp | select cookie, inode, local, remote", 20
		live(t, query)
		for range n {
			lab.Dial(t, lab.MPTCP, listener.Local)
			lab.Dial(t, lab.MPTCP, listener.Local)
			listener.Accept()
		}
		rows := live(t, query)
		keys, cookies := map[string]bool{}, map[any]bool{}
		for i, line := range lines(rows) {
			keys[line], cookies[rows[i]["cookie"]] = true, true
		}
		if len(rows) != 1+4*n || len(keys) != len(rows) || len(cookies) > 1+2*n {
			t.Errorf("%d sockets, %d keys, %d cookies", len(rows), len(keys), len(cookies))
		}
		ours := 0
		for _, s := range ss(t) {
			if s.row["proto"] == "mptcp" {
				ours++
			}
		}
		if ours != len(rows) {
			t.Errorf("ss lists %d", ours)
		}
	})
}

// TestBoundInactive: a bound but idle TCP socket is listed where its state is named, and only there.
func TestBoundInactive(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		bound := lab.Bound(t, lab.TCP, "127.0.0.1:0")
		other := lab.Bound(t, lab.TCP, "[::1]:0")
		if len(live(t, "sockets state == BOUND_INACTIVE")) == 0 {
			t.Skip("this kernel does not list bound sockets")
		}
		for query, want := range map[string]int{
			"sockets":                                                                          0,
			"sockets state != LISTEN":                                                          0,
			"sockets not (state == BOUND_INACTIVE)":                                            0,
			"sockets proto == udp and state == bound_inactive":                                 0,
			"sockets state == bound_inactive":                                                  2,
			"sockets state in [LISTEN, bound]":                                                 2,
			"sockets state == BOUND and family == inet":                                        1,
			"sockets | extend s = state | where s == BOUND":                                    2,
			"sockets state == BOUND_INACTIVE or state == ESTAB":                                2,
			fmt.Sprintf("sockets state == BOUND_INACTIVE and lport == %d", bound.Local.Port()): 1,
			fmt.Sprintf("sockets state == BOUND_INACTIVE and inode == %d", other.Inode):        1,
		} {
			if got := live(t, query); len(got) != want {
				t.Errorf("%s: %d rows, want %d", query, len(got), want)
			}
		}
	})
}

// TestEmpty: a namespace without sockets gives no rows, and no warning.
func TestEmpty(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		if rows := live(t, everySocket); len(rows) != 0 {
			t.Errorf("%d rows: %v", len(rows), rows)
		}
	})
}
