package tables_test

import (
	"cmp"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/sources/lab"
)

// makeNetwork has something to find for each of the operators' questions about other tables than sockets.
func makeNetwork(t *testing.T) {
	t.Helper()
	makeLinks(t)
	lab.Neighbors(t)
	script(t, `
		ip link add idle0 type bridge
		ip link set idle0 up
		ip link add qu0 type veth peer name qu1
		ip link set qu0 up
		ip link set qu1 up
		ip address add 192.168.5.1/24 dev qu0
		ip route add default via 192.168.5.2 metric 50
		ip route add default via 192.168.5.3 metric 20 table 100
		ip -6 route add default via fe80::2 dev qu0 metric 30
		ip route add 10.77.0.0/16 via 192.168.5.2
		ip route add blackhole 10.78.0.0/16`)
	unknownPacket(t, "qu0")
	lab.SynSent(t, "127.0.0.1:443")
}

// unknownPacket sends a frame to everybody that no protocol wants, so that who receives it drops it. 0x88b5 is the
// EtherType for experiments.
func unknownPacket(t *testing.T, link string) {
	t.Helper()
	frame := append([]byte("\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x01\x88\xb5"), make([]byte, 46)...)
	device, err := net.InterfaceByName(link)
	if err != nil {
		t.Fatal(err)
	}
	s := lab.Packet(t, unix.SOCK_RAW, 0, "")
	if err := unix.Sendto(s.FD(), frame, 0, &unix.SockaddrLinklayer{Ifindex: device.Index}); err != nil {
		t.Fatal(err)
	}
	s.Close()
}

// TestTableQuestions: the queries that must work about other tables give what arithmetic over all rows gives.
func TestTableQuestions(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeNetwork(t)
		for _, q := range tableQuestions {
			askAndCompute(t, q)
		}
	})
}

var tableQuestions = []question{
	{"interfaces | where operstate == down and flags contains UP", func(all []row) []row {
		return picked(matches(all, func(r row) bool {
			return r.is("operstate", "down") && strings.Contains(cell(r["flags"]), `"UP"`)
		}), append(interfaceDefaults, "flags")...)
	}},
	{"interfaces rx_dropped + rx_errors > 0 | extend pct = 100.0 * rx_dropped / rx_packets | sort -pct",
		func(all []row) []row {
			rows := matches(all, func(r row) bool { return r["rx_dropped"].(int)+r["rx_errors"].(int) > 0 })
			for _, r := range rows {
				r["pct"] = 100 * float64(r["rx_dropped"].(int)) / float64(r["rx_packets"].(int))
			}
			slices.SortStableFunc(rows, func(a, b row) int {
				return cmp.Compare(b["pct"].(float64), a["pct"].(float64))
			})
			return picked(rows, append(interfaceDefaults, "rx_dropped", "rx_errors", "pct")...)
		}},
	{"interfaces speed >= 10Gbit and mtu != 9000 | select name, speed, mtu", func(all []row) []row {
		return picked(matches(all, func(r row) bool { return r.over("speed", 1e10-1) && !r.is("mtu", 9000) }), "name",
			"speed", "mtu")
	}},
	{"routes dst == 0.0.0.0/0 or dst == ::/0 | sort metric", func(all []row) []row {
		rows := matches(all, func(r row) bool {
			return r.is("dst", netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0"))
		})
		return picked(sorted(rows, "metric", false), "dst", "gateway", "dev", "src", "type", "protocol", "metric",
			"table")
	}},
	{"neighbors state in [failed, incomplete] | count by dev", func(all []row) []row {
		return counted(matches(all, func(r row) bool { return r.is("state", "FAILED", "INCOMPLETE") }), "dev")
	}},
	{"neighbors | group by mac: ips = count(), list(addr) | where ips > 1", func(all []row) []row {
		groups, members := tally(all, "mac")
		for i, g := range groups {
			g["ips"], g["list_addr"] = len(members[i]), different(members[i], "addr")
		}
		return matches(groups, func(r row) bool { return r.over("ips", 1) })
	}},
	{"ethernet | group by statistic: received = sum(received), sent = sum(sent)", func(all []row) []row {
		groups, members := tally(all, "statistic")
		for i, g := range groups {
			g["received"], g["sent"] = sum(members[i], "received"), sum(members[i], "sent")
		}
		return groups
	}},
}

var interfaceDefaults = []string{
	"name", "operstate", "mtu", "addresses", "speed", "rx_bytes", "tx_bytes", "errors", "drops",
}

// different are the addresses of some rows in their order, as list() has them.
func different(rows []row, column string) []any {
	var addresses []netip.Addr
	for _, r := range rows {
		addresses = append(addresses, r[column].(netip.Addr))
	}
	slices.SortFunc(addresses, netip.Addr.Compare)
	var list []any
	for _, a := range slices.Compact(addresses) {
		list = append(list, a)
	}
	return list
}

// TestJoinQuestion: routes through a router, each with the state of its interface.
func TestJoinQuestion(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeNetwork(t)
		got := live(t, "routes | where gateway in 192.168.0.0/16 | join left interfaces on dev == name | select dst, "+
			"gateway, dev, operstate")
		states := map[any]any{}
		for _, r := range live(t, "interfaces | select name, operstate") {
			states[r["name"]] = r["operstate"]
		}
		var want []row
		for _, r := range matches(live(t, "routes | select dst, gateway, dev"),
			func(r row) bool { return r.within("gateway", "192.168.0.0/16") }) {
			r["operstate"] = states[r["dev"]]
			want = append(want, r)
		}
		if len(want) != 3 {
			t.Errorf("%d routes, want 3", len(want))
		}
		same(t, "join", lines(got), lines(want))
	})
}

// keepSending sends 100 bytes now and then, until it is told to stop.
func keepSending(t *testing.T, address string) (stop func()) {
	t.Helper()
	connection, err := net.Dial("udp", address)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for !errors.Is(err, net.ErrClosed) { // nobody listens, which is an error of every other time
			_, err = connection.Write(make([]byte, 100))
			time.Sleep(10 * time.Millisecond)
		}
	}()
	return func() { connection.Close() }
}

// TestRateQuestions: what grows does so at a rate, and nothing else is lost or has one.
func TestRateQuestions(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		makeNetwork(t)
		stop := keepSending(t, "127.0.0.1:9")
		defer stop()
		var rates []row
		lab.Await(t, "lo is the busiest interface", func() bool { // in a second in which something was sent
			rates = live(t, "interfaces | select name, rx = rate(rx_bytes), tx = rate(tx_bytes) | sort rx desc")
			return rates[0]["name"] == "lo" && rates[0]["rx"].(float64) >= 8*100
		})
		same(t, "interfaces", lines(picked(rates, "name")), lines(live(t, "interfaces | select name")))
		if rates[0]["rx"] != rates[0]["tx"] {
			t.Errorf("lo receives what it sends, not %v", rates[0])
		}
		rates = live(t, `proto_stats name contains "Retrans" | select name, rate(value)`)
		same(t, "proto_stats", lines(picked(rates, "name")),
			lines(live(t, `proto_stats name contains "Retrans" | select name`)))
		for _, r := range rates {
			if v, ok := r["rate_value"].(float64); !ok || v < 0 || v > 1000 {
				t.Errorf("%v", r)
			}
		}
	})
}
