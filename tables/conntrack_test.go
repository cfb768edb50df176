package tables_test

import (
	"encoding/xml"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources"
	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
)

// ctFlow is a flow as conntrack(8) writes it in XML, its most complete form.
type ctFlow struct {
	Metas []struct {
		Direction string   `xml:"direction,attr"`
		Network   struct { // layer3
			Family int    `xml:"protonum,attr"`
			Src    string `xml:"src"`
			Dst    string `xml:"dst"`
		} `xml:"layer3"`
		Transport struct { // layer4
			Number int `xml:"protonum,attr"`
			Sport  int `xml:"sport"`
			Dport  int `xml:"dport"`
		} `xml:"layer4"`
		Zone     *int `xml:"zone"`
		Counters *struct {
			Packets int `xml:"packets"`
			Bytes   int `xml:"bytes"`
		} `xml:"counters"`
		// What follows is of both directions.
		State     string    `xml:"state"`
		Timeout   int       `xml:"timeout"`
		Mark      int       `xml:"mark"`
		Use       int       `xml:"use"`
		ID        int       `xml:"id"`
		Assured   *struct{} `xml:"assured"`
		Unreplied *struct{} `xml:"unreplied"`
		Start     int64     `xml:"timestamp>start"`
	} `xml:"meta"`
}

// ctFlows are the flows as conntrack(8) lists them.
func ctFlows(t *testing.T) (rows []row) {
	t.Helper()
	var list struct {
		Flows []ctFlow `xml:"flow"`
	}
	if err := xml.Unmarshal([]byte(lab.Tool(t, "", "conntrack", "--dump", "--output", "xml,id,ktimestamp")),
		&list); err != nil {
		t.Fatal(err)
	}
	for _, f := range list.Flows {
		r := row{"zone": 0, "reply_zone": 0}
		for _, m := range f.Metas {
			switch m.Direction {
			case "original":
				r["src"], r["dst"] = netip.MustParseAddr(m.Network.Src), netip.MustParseAddr(m.Network.Dst)
				r["sport"], r["dport"] = orZero(m.Transport.Sport), orZero(m.Transport.Dport)
				r["family"], r["proto_number"] = map[int]string{2: "inet", 10: "inet6"}[m.Network.Family],
					m.Transport.Number
				r["packets"], r["bytes"] = nil, nil
				if m.Counters != nil {
					r["packets"], r["bytes"] = m.Counters.Packets, m.Counters.Bytes
				}
				if m.Zone != nil {
					r["zone"] = *m.Zone
				}
			case "reply":
				r["reply_src"], r["reply_dst"] = netip.MustParseAddr(m.Network.Src), netip.MustParseAddr(m.Network.Dst)
				r["reply_sport"], r["reply_dport"] = orZero(m.Transport.Sport), orZero(m.Transport.Dport)
				r["reply_packets"], r["reply_bytes"] = nil, nil
				if m.Counters != nil {
					r["reply_packets"], r["reply_bytes"] = m.Counters.Packets, m.Counters.Bytes
				}
				if m.Zone != nil {
					r["reply_zone"] = *m.Zone
				}
			case "independent":
				r["state"], r["start"] = orNil(m.State), nil
				r["timeout"], r["mark"], r["use"], r["id"] = time.Duration(m.Timeout)*time.Second, m.Mark, m.Use, m.ID
				r["replied"], r["assured"] = m.Unreplied == nil, m.Assured != nil
				if m.Start != 0 {
					r["start"] = time.Unix(0, m.Start)
				}
				if m.Zone != nil {
					r["zone"], r["reply_zone"] = *m.Zone, *m.Zone
				}
			}
		}
		rows = append(rows, r)
	}
	return rows
}

func orZero(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// TestSameAsConntrack: every flow that conntrack(8) lists is there once, with the same facts. In XML it writes
// neither ICMP's types, labels and helpers, nor GRE's keys, it takes SCTP's states for TCP's, and of the status it has
// two bits.
func TestSameAsConntrack(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Flows(t)
		ours := func() []row {
			return withoutColumns(live(t, "conntrack | select *, replied = status contains SEEN_REPLY, assured = "+
				"status contains ASSURED"), "proto", "status", "labels", "helper", "icmp_type", "icmp_code", "icmp_id")
		}
		got, want := steadyClocks(t, func() []row { return inXML(ctFlows(t)) }, func() []row { return inXML(ours()) },
			"timeout")
		if len(want) < 25 {
			t.Errorf("conntrack lists only %d", len(want))
		}
		same(t, "conntrack", lines(got), lines(want))
	})
}

// inXML takes away what conntrack(8) does not write, or writes wrongly, of two protocols.
func inXML(rows []row) []row {
	wrong := map[any][]string{47: {"sport", "dport", "reply_sport", "reply_dport"}, 132: {"state"}}
	for _, r := range rows {
		for _, column := range wrong[r["proto_number"]] {
			r[column] = nil
		}
	}
	return rows
}

// TestFlows: what was made is there, and translated addresses, helpers, labels and ICMP are told.
func TestFlows(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Flows(t)
		for i, state := range lab.FlowStates() {
			rows := live(t, "conntrack sport == "+strconv.Itoa(2000+i)+" | select state, proto, family, dport, timeout")
			if len(rows) != 1 || rows[0]["state"] != state || rows[0]["proto"] != "tcp" ||
				!rows[0].over("timeout", 3000) {
				t.Errorf("%s: %v", state, rows)
			}
		}
		for _, test := range []struct{ query, want string }{
			{"status contains DST_NAT | select dport, reply_src, reply_sport, reply_dst",
				"dport=8080 reply_dst=127.0.0.5 reply_sport=9090 reply_src=127.0.0.1"},
			{"helper == 'ftp' | select dport, labels, mark, state",
				"dport=2121 labels=[5,70] mark=7 state=ESTABLISHED"},
			{"proto == icmp | select icmp_type, icmp_code, src, sport, packets, reply_packets",
				"icmp_code=0 icmp_type=8 packets=1 reply_packets=1 sport=- src=127.0.0.1"},
			{"proto == icmp6 and src == ::1 | select icmp_type, bytes, reply_bytes",
				"bytes=48 icmp_type=128 reply_bytes=48"},
			{"icmp_id == 9 | select src, dst, icmp_type, status",
				`dst=fe80::2 icmp_type=128 src=fe80::1 status=["CONFIRMED"]`},
			{"zone == 3 | select state, zone, reply_zone", "reply_zone=3 state=SYN_SENT zone=3"},
			{"zone == 4 | select state, zone, reply_zone", "reply_zone=0 state=SYN_SENT zone=4"},
			{"reply_zone == 5 | select proto, zone, reply_zone", "proto=udp reply_zone=5 zone=0"},
			{"mark == 42 | select status", `status=["SEEN_REPLY","ASSURED","CONFIRMED"]`},
			{"packets == nil | select src, bytes, start", "bytes=- src=10.0.0.1 start=-"},
			{"proto == gre | select sport, dport, state", "dport=6 sport=5 state=-"},
			{"proto == sctp | select state", "state=COOKIE_WAIT"},
			{"proto == ospf | select proto_number, sport", "proto_number=89 sport=-"},
			{"proto == nil | select proto_number", "proto_number=253"},
			{"sport == 5301 and family == inet6 | select bytes, reply_bytes, replied = status contains SEEN_REPLY",
				"bytes=148 replied=true reply_bytes=248"},
		} {
			if got := strings.Join(lines(live(t, "conntrack "+test.query)), "\n"); got != test.want {
				t.Errorf("%s:\n%s\nwant\n%s", test.query, got, test.want)
			}
		}
	})
}

// TestOrdinaryUserFlows: who may not read flows gets none, and is told what it takes.
func TestOrdinaryUserFlows(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Flows(t)
		rows, warnings := unprivileged(t, "conntrack")
		if len(rows) > 0 || len(warnings) != 1 || !strings.Contains(warnings[0], "CAP_NET_ADMIN") {
			t.Errorf("%d rows, warnings %q", len(rows), warnings)
		}
	})
}

// TestWithoutConntrack: a kernel without netfilter, or without connection tracking, has no flows, and that is said.
func TestWithoutConntrack(t *testing.T) {
	for name, failure := range map[string]error{
		"no netfilter": unix.EPROTONOSUPPORT, "no connection tracking": &netlink.Error{Errno: unix.EINVAL},
	} {
		system := &sources.System{Netlink: netlinktest.Func(func(netlink.Request) ([]netlink.Message, error) {
			return nil, failure
		})}
		a := ask(t, system, "conntrack")
		if len(a.rows) > 0 || len(a.warnings) != 1 ||
			!strings.Contains(a.warnings[0], "this kernel has no module for it") {
			t.Errorf("%s: %d rows, warnings %q", name, len(a.rows), a.warnings)
		}
	}
}
