package tables_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os/exec"
	"strings"
	"testing"

	"netql/sources/lab"
)

// routedWorld has random routes in three tables, rules by source, mark, user, service and interface that choose among
// them, and some that lead nowhere.
func routedWorld(t *testing.T, r *rand.Rand) {
	t.Helper()
	var commands strings.Builder
	for i := range 3 {
		lab.Link(t, fmt.Sprint("way", i))
		fmt.Fprintf(&commands, "address add 192.168.%d.1/24 dev way%d\naddress add 2001:db8:9%d::1/64 dev way%d "+
			"nodad\n",
			i, i, i, i)
	}
	for i := range 400 {
		way, table := r.IntN(3), []string{"main", "100", "200"}[r.IntN(3)]
		prefix, gateway := netip.PrefixFrom(randomIPv4(r), 9+r.IntN(24)).Masked(),
			fmt.Sprintf("192.168.%d.%d", way, 2+r.IntN(9))
		if i%2 == 0 {
			prefix, gateway = netip.PrefixFrom(randomIPv6(r), 41+r.IntN(88)).Masked(),
				fmt.Sprintf("2001:db8:9%d::%x", way, 2+r.IntN(9))
		}
		switch r.IntN(8) {
		case 0:
			kind := []string{"unreachable", "prohibit", "blackhole", "throw"}[r.IntN(4)]
			fmt.Fprintf(&commands, "route replace %s %s table %s\n", kind, prefix, table)
		case 1:
			fmt.Fprintf(&commands, "route replace %s dev way%d table %s mtu 1400\n", prefix, way, table)
		default:
			fmt.Fprintf(&commands, "route replace %s via %s dev way%d table %s\n", prefix, gateway, way, table)
		}
	}
	for _, family := range []string{"", "-6 "} {
		for i, rule := range []string{"fwmark 7 lookup 100", "fwmark 8 uidrange 0-0 lookup 200", "oif way1 lookup 100",
			"ipproto tcp dport 443 lookup 200", "tos 0x10 lookup 100", "fwmark 9 prohibit", "fwmark 10 unreachable",
			"fwmark 11 blackhole"} {
			fmt.Fprintf(&commands, "%srule add priority %d %s\n", family, 100+i, rule)
		}
	}
	for _, line := range strings.Split(strings.TrimSpace(commands.String()), "\n") {
		lab.Tool(t, "", "ip", strings.Fields(line)...)
	}
}

func randomIPv4(r *rand.Rand) netip.Addr {
	return netip.AddrFrom4([4]byte{[]byte{10, 20, 30, 172}[r.IntN(4)], byte(r.IntN(4)), byte(r.IntN(256)),
		byte(r.IntN(256))})
}

func randomIPv6(r *rand.Rand) netip.Addr {
	return netip.AddrFrom16([16]byte{0x20, 1, 0xd, 0xb8, 0, byte(r.IntN(4)), byte(r.IntN(4)), 15: byte(r.IntN(256))})
}

// TestRouteToWays compares the ways to thousands of random addresses, by marks, users, interfaces, services and types
// of service, with ip route get.
func TestRouteToWays(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "ip")
		r := rand.New(rand.NewPCG(1, 15))
		routedWorld(t, r)
		refused := 0
		for _, also := range []struct{ condition, arguments string }{
			{"", ""}, {" and mark == 7", "mark 7"}, {" and uid == 0 and mark == 8", "uid 0 mark 8"},
			{" and oif == way1", "oif way1"},
			{" and ipproto == 6 and dport == 443", "ipproto tcp dport 443"}, {" and tos == 16", "tos 0x10"},
			{" and mark == 9", "mark 9"}, {" and mark == 10", "mark 10"}, {" and mark == 11", "mark 11"},
		} {
			var addresses []string
			seen := map[string]bool{}
			for len(addresses) < 250 {
				address := randomIPv4(r).String()
				if len(addresses)%2 == 0 {
					address = randomIPv6(r).String()
				}
				if !seen[address] {
					seen[address] = true
					addresses = append(addresses, address)
				}
			}
			ways := routesByIP(t, addresses, also.arguments)
			rows := live(t, "route_to dst in ["+strings.Join(addresses, ", ")+"]"+
				strings.Replace(also.condition, "way1", `"way1"`, 1)+
				" | select dst, gateway, dev, src, table, mtu, error")
			if len(rows) != len(addresses) {
				t.Fatalf("%s: %d rows of %d", also.condition, len(rows), len(addresses))
			}
			for i, row := range rows {
				want, ok := ways[addresses[i]]
				if !ok {
					want = "none"
				}
				table := row["table"]
				if table == nil { // ip leaves that out as it does the main table
					table = "main"
				}
				got := fmt.Sprint(row["gateway"], " ", row["dev"], " ", row["src"], " ", table, " ", row["mtu"])
				if row["error"] != nil {
					refused++
					got = "none"
				}
				if got != want {
					t.Errorf("%s%s goes %s (%v), by ip %s", addresses[i], also.condition, got, row["error"], want)
				}
			}
		}
		if refused < 100 {
			t.Errorf("only %d get nowhere", refused)
		}
	})
}

// routesByIP are the ways to addresses in ip's words, in the order of the test's columns, without those that get
// nowhere. One ip is asked for all, which gives a line of JSON for each way, and says which commands have failed.
func routesByIP(t *testing.T, addresses []string, arguments string) map[string]string {
	t.Helper()
	cmd := exec.Command("ip", "-force", "-json", "-details", "-batch", "-")
	batch := ""
	for _, address := range addresses {
		batch += fmt.Sprintln("route get", address, arguments)
	}
	var errors bytes.Buffer
	cmd.Stdin, cmd.Stderr = strings.NewReader(batch), &errors
	out, _ := cmd.Output() // an error where a command has failed
	ways := map[string]string{}
	for line := range bytes.Lines(out) {
		var answer []struct {
			Dst                          string
			Gateway, Dev, Prefsrc, Table any
			Metrics                      []struct{ Mtu any }
		}
		if err := json.Unmarshal(line, &answer); err != nil || len(answer) != 1 {
			t.Fatalf("%v: %s", err, line)
		}
		way := answer[0]
		if way.Table == nil {
			way.Table = "main"
		}
		var mtu any
		if len(way.Metrics) > 0 {
			mtu = way.Metrics[0].Mtu
		}
		ways[way.Dst] = fmt.Sprint(way.Gateway, " ", way.Dev, " ", way.Prefsrc, " ", way.Table, " ", mtu)
	}
	if failed := strings.Count(errors.String(), "Command failed -:"); len(ways)+failed != len(addresses) {
		t.Fatalf("ip tells of %d ways and %d failures of %d: %s", len(ways), failed, len(addresses), errors.String())
	}
	return ways
}

// TestRouteToWrong: what cannot be asked is a row that says so.
func TestRouteToWrong(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		for condition, want := range map[string]string{
			`oif == "nosuch0"`:   `there is no interface "nosuch0"`,
			`iif == "nosuch0"`:   `there is no interface "nosuch0"`,
			"mark == -1":         "mark is a number from 0 to 4294967295, not -1",
			"tos == 256":         "tos is a number from 0 to 255, not 256",
			"ipproto == 1000":    "ipproto is a number from 0 to 255, not 1000",
			"src == 2001:db8::1": "dst and src are of different address families",
			"src == 224.0.0.1":   "blackhole, or no packet may come from this source",
			"mark == 1":          "network is unreachable",
		} {
			rows := live(t, "route_to dst == 192.0.2.7 and "+condition+" | select error, type, dev")
			if len(rows) != 1 || rows[0]["error"] != want || rows[0]["type"] != nil || rows[0]["dev"] != nil {
				t.Errorf("%s: %v, want %s", condition, rows, want)
			}
		}
	})
}

// TestRouteToVRF: a socket bound to a VRF is routed by the VRF's table.
func TestRouteToVRF(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		if out, err := exec.Command("ip", "link", "add", "vrf7", "type", "vrf", "table",
			"77").CombinedOutput(); err != nil {
			t.Skipf("this kernel has no VRF: %v: %s", err, out)
		}
		lab.Tool(t, "", "ip", "link", "set", "vrf7", "up")
		lab.Link(t, "way0")
		lab.Tool(t, "", "ip", "link", "set", "way0", "master", "vrf7")
		lab.Tool(t, "", "ip", "address", "add", "10.7.0.1/24", "dev", "way0")
		rows := live(t, `route_to dst == 10.7.0.9 and oif == "vrf7" | select dev, table`)
		if len(rows) != 1 || rows[0]["dev"] != "way0" || rows[0]["table"] != "77" {
			t.Errorf("%v", rows)
		}
	})
}

// TestRouteToNexthops: of several nexthops the one that the kernel chooses is told, and in which prefix.
func TestRouteToNexthops(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		for i := range 2 {
			lab.Link(t, fmt.Sprint("way", i))
			lab.Tool(t, "", "ip", "address", "add", fmt.Sprintf("10.%d.0.1/24", i), "dev", fmt.Sprint("way", i))
		}
		lab.Tool(t, "", "ip", "route", "add", "172.16.0.0/16", "nexthop", "via", "10.0.0.2", "dev", "way0", "nexthop",
			"via", "10.1.0.2", "dev", "way1")
		chosen := map[string]bool{}
		for _, row := range live(t, "route_to dst in [172.16.0.1, 172.16.0.2, 172.16.0.3, 172.16.0.4, 172.16.0.5, "+
			"172.16.0.6, 172.16.0.7, 172.16.0.8] | select prefix, dev, nexthop, nexthops") {
			chosen[fmt.Sprintf("%v %v %v of %v", row["prefix"], row["dev"], row["nexthop"], row["nexthops"])] = true
		}
		if len(chosen) != 2 || !chosen["172.16.0.0/16 way0 1 of 2"] || !chosen["172.16.0.0/16 way1 2 of 2"] {
			t.Errorf("%v", chosen)
		}
	})
}
