package tables_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/query/schema"
	"netql/sources"
	"netql/sources/lab"
	"netql/sources/netlink"
)

// populateMulticast makes group memberships, and a multicast router with traffic.
func populateMulticast(t testing.TB) {
	t.Helper()
	lab.Cable(t, "mcast0", "mcast0peer", "198.51.100.1/24", "2001:db8:a::1/64")
	lab.Cable(t, "mcast1", "mcast1peer", "203.0.113.1/24", "2001:db8:b::1/64")
	lab.Join(t, "mcast0", "239.1.2.3")
	lab.Join(t, "mcast0", "239.1.2.3")
	lab.Join(t, "mcast0", "232.1.2.3", "198.51.100.10", "198.51.100.9")
	lab.Join(t, "mcast0", "239.1.2.4").Block("mcast0", "239.1.2.4", "198.51.100.9")
	lab.Join(t, "mcast1", "ff0e::7")
	lab.Join(t, "mcast1", "ff02::fb")
	lab.Join(t, "mcast1", "ff3e::7", "2001:db8::9") // the last one: see multicastFilters

	four, other, six := lab.Router4(t, 0), lab.Router4(t, 1000), lab.Router6(t, 0)
	four.Vif(0, "mcast0", lab.VifUseIndex)
	four.Tunnel(1, "203.0.113.1", "203.0.113.9")
	four.Route("198.51.100.1", "239.1.2.3", 0, map[uint16]byte{1: 3})
	four.Route("198.51.100.1", "239.1.2.5", 0, map[uint16]byte{0: 1, 1: 200})
	four.Route("198.51.100.1", "239.1.2.6", 1, nil)
	other.Vif(5, "mcast1", lab.VifUseIndex)
	other.Route("0.0.0.0", "239.9.9.9", 5, map[uint16]byte{5: 1})
	six.Vif(0, "mcast0", 0)
	six.Vif(1, "mcast1", 0)
	six.Route("2001:db8:a::1", "ff0e::7", 0, map[uint16]byte{1: 1})
	for range 3 {
		lab.Send(t, "mcast0", "239.1.2.3", 100)
	}
	lab.Send(t, "mcast0", "ff0e::7", 100)
	sendUnrouted(t)
}

// sendUnrouted sends packets for which there is no route, of which the kernel knows for ten seconds.
func sendUnrouted(t testing.TB) {
	t.Helper()
	lab.Send(t, "mcast0", "239.1.2.99", 100)
	lab.Send(t, "mcast0", "ff0e::99", 100)
}

// ipMulticast asks ip(8) for JSON.
func ipMulticast(t *testing.T, into any, arguments ...string) {
	t.Helper()
	out := ip(t, append([]string{"-j"}, arguments...)...)
	if err := json.Unmarshal([]byte(out), into); err != nil {
		t.Fatalf("ip -j %v: %v\n%s", arguments, err, out)
	}
}

// TestGroupsAsIP: every membership that ip maddr lists is there, and nothing more.
func TestGroupsAsIP(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populateMulticast(t)
		ip(t, "maddr", "add", "01:00:5e:00:00:77", "dev", "mcast0")
		var links []struct {
			Name   string `json:"ifname"`
			Groups []struct {
				Link, Family, Address string
				Users                 int
			} `json:"maddr"`
		}
		ipMulticast(t, &links, "maddr")
		var want, netstat []row
		for _, link := range links {
			for _, g := range link.Groups {
				r := row{"interface": link.Name, "family": g.Family, "group": nil, "mac": nil, "users": max(1, g.Users)}
				if g.Link != "" {
					r["family"], r["mac"] = "link", g.Link
				} else {
					r["group"] = g.Address
					netstat = append(netstat, pick(r, "interface", "group", "users"))
				}
				want = append(want, r)
			}
		}
		rows := live(t, "multicast_groups | select interface, family, group, mac, users")
		for _, r := range rows {
			if a, ok := r["group"].(netip.Addr); ok {
				if zone := a.Zone(); zone != "" && zone != r["interface"] ||
					(zone == "") == a.IsLinkLocalMulticast() && a.Is6() {
					t.Errorf("%v: zone of %v", r, a)
				}
				r["group"] = a.WithZone("")
			}
		}
		same(t, "ip maddr", lines(rows), lines(want))
		if len(want) < 30 {
			t.Errorf("only %d groups", len(want))
		}
		same(t, "static", lines(live(t, "multicast_groups static | select interface, mac")),
			[]string{"interface=mcast0 mac=01:00:5e:00:00:77"})
		same(t, "netstat -g", lines(netstatGroups(t)), lines(netstat))
	})
}

// netstatGroups are interface, count and group of each line of netstat -gn.
func netstatGroups(t *testing.T) (rows []row) {
	t.Helper()
	out := lab.Tool(t, "", "netstat", "-gn")
	for _, line := range slices.Collect(strings.Lines(out))[3:] {
		f := strings.Fields(line)
		rows = append(rows, row{"interface": f[0], "users": number(t, f[1]), "group": f[2]})
	}
	return rows
}

// TestGroupFilters: what the sockets of this test have joined and blocked.
func TestGroupFilters(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populateMulticast(t)
		rows := live(t, "multicast_groups included != nil or excluded != nil | select interface, group, included, "+
			"excluded")
		same(t, "filters", lines(rows), []string{
			`excluded=- group=232.1.2.3 included=["198.51.100.9","198.51.100.10"] interface=mcast0`,
			`excluded=["198.51.100.9"] group=239.1.2.4 included=- interface=mcast0`,
			`excluded=- group=ff3e::7 included=["2001:db8::9"] interface=mcast1`,
		})
		for text, want := range map[string]int{
			"multicast_groups any(included, # in 198.51.100.0/24)": 1, "multicast_groups group == ff02::fb": 1,
			"multicast_groups family == link and group != nil":                              0,
			"multicast_groups family == link and mac == 33:33:00:00:00:fb":                  1,
			"multicast_groups querier == 'V3' and interface == 'mcast0' and family == inet": 4,
		} {
			if got := live(t, text); len(got) != want {
				t.Errorf("%s: %d rows, want %d", text, len(got), want)
			}
		}
	})
}

// TestGroupTimers: on a link that speaks IGMPv2, a new member reports itself at once, and again within ten seconds each
// time, as often as igmp_qrv says, here for longer than any test takes (igmp_timer_expire in net/ipv4/igmp.c).
func TestGroupTimers(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Cable(t, "mcast0", "mcast0peer", "198.51.100.1/24")
		sysctl(t, "net/ipv4/conf/mcast0/force_igmp_version", "2")
		sysctl(t, "net/ipv4/igmp_qrv", "1000")
		for i := range 10 {
			lab.Join(t, "mcast0", fmt.Sprintf("239.1.2.%d", i))
		}
		const query = "multicast_groups family == inet and interface == 'mcast0' and group in 239.0.0.0/8 and " +
			"reporter and timer <= 10s and querier == 'V2'"
		lab.Await(t, "a report", func() bool { return len(live(t, query)) > 0 })
	})
}

// ipRoute is a route as ip mroute shows it; it leaves out a threshold of 1.
type ipRoute struct {
	Src, Dst, Iif, State, Table string
	Multipath                   []struct {
		Oif string
		TTL int
	}
	Packets, Bytes *int
	Wrong          *int `json:"wrong_if"`
}

// TestMulticastRoutesAsIP compares every route, in all tables, with ip mroute.
func TestMulticastRoutesAsIP(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populateMulticast(t)
		for family, least := range map[string]int{"inet": 5, "inet6": 2} {
			var rows, want []row
			agree(t, "ip mroute of "+family, func() (_, _ []string) { // again where the kernel forgot one meanwhile
				rows, want = steady(t, func() []row { return ipMulticastRoutes(t, family) }, func() []row {
					return live(t, "multicast_routes family == "+family+
						" | select family, table, source, group, iif, oifs, outputs, state, packets, bytes, wrong_iif")
				})
				return lines(rows), lines(want)
			})
			if len(rows) < least {
				t.Errorf("%s: only %d routes", family, len(rows))
			}
		}
		for text, want := range map[string]int{
			"multicast_routes state == unresolved": 2, "multicast_routes wrong_iif > 0": 1,
			"multicast_routes 'mcast1' in oifs": 4, "multicast_routes table == '1000'": 1,
			"multicast_routes any(outputs, .ttl == 200)": 1, "multicast_routes last_used < 1h": 2,
			"multicast_routes packets == 0 and last_used == nil":   3,
			"multicast_routes protocol == mrouted and not offload": 7,
			"multicast_routes packets == 3 and bytes == 384":       1,
		} {
			lab.Await(t, fmt.Sprintf("%d rows of %s", want, text), func() bool {
				sendUnrouted(t)
				return len(live(t, text)) == want
			})
		}
	})
}

// ipMulticastRoutes are the routes of a family, after packets for which there is none.
func ipMulticastRoutes(t *testing.T, family string) (rows []row) {
	t.Helper()
	sendUnrouted(t)
	var list []ipRoute
	ipMulticast(t, &list, "-f", family, "-s", "-d", "mroute", "show", "table", "all")
	for _, r := range list {
		rows = append(rows, r.row(family))
	}
	return rows
}

func (r ipRoute) row(family string) row {
	got := row{"family": family, "table": r.Table, "source": r.Src, "group": r.Dst, "iif": r.Iif, "state": r.State,
		"oifs": nil, "outputs": nil}
	if r.Iif == "unresolved" {
		got["iif"] = nil
	}
	var names, outputs []any
	for _, o := range r.Multipath {
		names = append(names, o.Oif)
		fields := []schema.Field{{Name: "interface"}, {Name: "ttl"}}
		outputs = append(outputs, schema.Record{Fields: fields, Values: []any{o.Oif, max(1, o.TTL)}})
	}
	if len(names) > 0 {
		got["oifs"], got["outputs"] = names, outputs
	}
	for name, n := range map[string]*int{"packets": r.Packets, "bytes": r.Bytes, "wrong_iif": r.Wrong} {
		got[name] = nil
		if n != nil {
			got[name] = *n
		} else if r.Packets != nil {
			got[name] = 0 // ip leaves it out
		}
	}
	return got
}

// TestMulticastInterfacesAsProc compares the virtual interfaces of the default tables with /proc, and knows the other.
func TestMulticastInterfacesAsProc(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populateMulticast(t)
		const query = "multicast_interfaces | select family, table, vif, interface, bytes_in, packets_in, bytes_out, " +
			"packets_out"
		want := append(procVifs(t, "ip_mr_vif", "inet", "default"), procVifs(t, "ip6_mr_vif", "inet6", "main")...)
		same(t, "proc", lines(live(t, query+" | where table != '1000'")), lines(want))
		same(t, "known", lines(live(t,
			"multicast_interfaces | select table, vif, interface, local, remote, flags, packets_in, packets_out")),
			[]string{
				`flags=["use_ifindex"] interface=mcast0 local=- packets_in=3 packets_out=0 remote=- ` +
					`table=default vif=0`,
				`flags=- interface=mcast1 local=203.0.113.1 packets_in=0 packets_out=3 ` +
					`remote=203.0.113.9 table=default vif=1`,
				`flags=["use_ifindex"] interface=mcast1 local=- packets_in=0 packets_out=0 remote=- table=1000 vif=5`,
				`flags=- interface=mcast0 local=- packets_in=1 packets_out=0 remote=- table=main vif=0`,
				`flags=- interface=mcast1 local=- packets_in=0 packets_out=1 remote=- table=main vif=1`,
			})
	})
}

// procVifs reads a file of /proc/net: number, name, bytes and packets in, bytes and packets out.
func procVifs(t *testing.T, file, family, table string) (rows []row) {
	t.Helper()
	text, err := os.ReadFile("/proc/net/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range slices.Collect(strings.Lines(string(text)))[1:] {
		f := strings.Fields(line)
		rows = append(rows, row{
			"family": family, "table": table, "vif": number(t, f[0]), "interface": f[1], "bytes_in": number(t, f[2]),
			"packets_in": number(t, f[3]),
			"bytes_out":  number(t, f[4]), "packets_out": number(t, f[5]),
		})
	}
	return rows
}

// TestMulticastRegister: PIM's interface has a flag of another number in each family.
func TestMulticastRegister(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Router4(t, 0).Vif(3, "", lab.VifRegister)
		lab.Router6(t, 0).Vif(4, "", lab.VifRegister6)
		same(t, "register", lines(live(t,
			"multicast_interfaces flags contains register | select family, vif, interface, flags")), []string{
			`family=inet flags=["register"] interface=pimreg vif=3`,
			`family=inet6 flags=["register"] interface=pim6reg vif=4`,
		})
	})
}

// TestMulticastOtherTable6: the kernel does not list what other tables of IPv6 have, so the answer says that it is
// partial.
func TestMulticastOtherTable6(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Cable(t, "mcast0", "mcast0peer", "2001:db8:a::1/64")
		six := lab.Router6(t, 77)
		six.Vif(0, "mcast0", 0)
		six.Route("2001:db8:a::1", "ff0e::7", 0, nil)
		same(t, "routes", lines(live(t, "multicast_routes | select table, iif, oifs")),
			[]string{"iif=mcast0 oifs=- table=77"})
		a := ask(t, sources.Live(), "multicast_interfaces")
		if len(a.rows) != 0 || len(a.warnings) != 1 ||
			!strings.Contains(a.warnings[0], "does not list those of inet6 in table 77") {
			t.Errorf("%d rows, %q", len(a.rows), a.warnings)
		}
		if a := ask(t, sources.Live(), "multicast_interfaces family == inet"); len(a.warnings) != 0 {
			t.Errorf("%q", a.warnings)
		}
	})
}

// withoutMulticast is a kernel that does not list multicast routing: it lists all other links and routes, or refuses.
type withoutMulticast struct {
	netlink.Transport
	refusal error
}

func (w withoutMulticast) Dump(ctx context.Context, r netlink.Request) iter.Seq2[netlink.Message, error] {
	if r.Protocol == unix.NETLINK_ROUTE && r.Payload[0] >= 128 {
		if w.refusal != nil {
			return func(yield func(netlink.Message, error) bool) { yield(netlink.Message{}, w.refusal) }
		}
		r.Payload = append([]byte{unix.AF_UNSPEC}, r.Payload[1:]...)
	}
	return func(yield func(netlink.Message, error) bool) {
		for m, err := range w.Transport.Dump(ctx, r) {
			if err == nil && m.Data[0] >= 128 {
				continue
			}
			if !yield(m, err) {
				return
			}
		}
	}
}

// TestMulticastWithoutRtnetlink: /proc shows the same of the default tables.
func TestMulticastWithoutRtnetlink(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populateMulticast(t)
		for name, test := range map[string]struct {
			refusal  error
			warnings int
		}{"old kernel": {nil, 0}, "refused": {unix.EPERM, 1}} {
			system := sources.Live()
			system.Netlink = withoutMulticast{system.Netlink, test.refusal}
			for _, query := range []string{
				"multicast_routes table != '1000' | drop protocol, offload, last_used",
				"multicast_interfaces table != '1000'  and family == inet | select *",
				"multicast_interfaces family == inet6 | select *",
			} {
				var a answer
				agree(t, name+", "+query, func() (_, _ []string) { // again where the kernel forgot a route meanwhile
					sendUnrouted(t)
					a = ask(t, system, query)
					return lines(a.rows), lines(live(t, query))
				})
				if (len(a.warnings) > 0) != (test.warnings > 0 && !strings.Contains(query, "inet6")) {
					t.Errorf("%s, %s: %d rows, warnings %q", name, query, len(a.rows), a.warnings)
				}
			}
			rows := ask(t, system, "multicast_routes | count by protocol, offload, last_used").rows
			if len(rows) != 1 || cell(rows[0]["protocol"])+cell(rows[0]["offload"])+
				cell(rows[0]["last_used"]) != "---" {
				t.Errorf("%s: %q", name, lines(rows))
			}
		}
	})
}
