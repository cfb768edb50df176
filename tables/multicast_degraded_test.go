package tables_test

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/sources"
	"netql/sources/netlink"
	"netql/sources/netlink/netlinktest"
	"netql/sources/vfs"
	"netql/sources/vfs/vfstest"
	"netql/tables"
)

// multicastFiles is the /proc/net of a machine on which multicast is at work.
func multicastFiles() vfstest.Files {
	files := vfstest.Files{}
	for name, text := range map[string]string{
		"if_inet6": "",
		"igmp": "Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n4\teth0      :     2      V2\n" +
			"\t\t\t\tE1000001     2 1:00000064\t\t1\n\t\t\t\t010000E0     1 0:00000000\t\t0\n",
		"igmp6":     "4    eth0            ff0200000000000000000001ff000002     1 00000004 0\n",
		"dev_mcast": "4    eth0            1     0     01005e000001\n7    tun0            1     0     \n",
		"mcfilter":  "Idx Device        MCA        SRC    INC    EXC\n",
		"mcfilter6": "Idx Device                Multicast Address                   Source Address    INC    EXC\n",
		"ip_mr_vif": "Interface      BytesIn  PktsIn  BytesOut PktsOut Flags Local    Remote\n" +
			" 0 eth0              84       1         0       0 00000 00000000 00000000\n",
		"ip6_mr_vif": "Interface      BytesIn  PktsIn  BytesOut PktsOut Flags\n" +
			" 0 eth0             104       1         0       0 00000\n",
		"ip_mr_cache": "Group    Origin   Iif     Pkts    Bytes    Wrong Oifs\n" +
			"00000000 00000000 0          2      168        1  0:1    9:64\n",
		"ip6_mr_cache": "Group                            Origin                           " +
			"Iif      Pkts  Bytes     Wrong  Oifs\n",
	} {
		files["/proc/net/"+name] = vfstest.File{Text: text}
	}
	return files
}

// silent is a kernel that lists nothing, or refuses.
func silent(failure error) netlink.Transport {
	return netlinktest.Func(func(netlink.Request) ([]netlink.Message, error) { return nil, failure })
}

// TestMulticastDegraded: what one file does not tell is warned about, and everything else is there.
func TestMulticastDegraded(t *testing.T) {
	const groups, routes, vifs = "multicast_groups | select *", "multicast_routes | select *",
		"multicast_interfaces | select *"
	edit := func(name, from, to string) func(vfstest.Files) {
		return func(files vfstest.Files) {
			path := "/proc/net/" + name
			files[path] = vfstest.File{Text: strings.Replace(files[path].Text, from, to, 1)}
		}
	}
	without := func(names ...string) func(vfstest.Files) {
		return func(files vfstest.Files) {
			for _, name := range names {
				delete(files, "/proc/net/"+name)
			}
		}
	}
	for name, test := range map[string]struct {
		query    string
		change   func(vfstest.Files)
		rows     int
		warnings []string // a part of each
	}{
		"all groups": {groups, without(), 5, nil},
		"no link-layer groups": {groups, without("dev_mcast"), 3,
			[]string{"not all multicast groups could be read: open /proc/net/dev_mcast"}},
		"no groups of IPv4": {groups, without("igmp"), 3, []string{"/proc/net/igmp: no such file"}},
		"no groups of IPv6": {groups, without("igmp6"), 4, []string{"/proc/net/igmp6: no such file"}},
		"no IPv6":           {groups, without("igmp6", "mcfilter6", "if_inet6"), 4, nil},
		"no filters": {groups, without("mcfilter", "mcfilter6"), 5,
			[]string{"sources of some multicast groups are unknown: open /proc/net/mcfilter:",
				"open /proc/net/mcfilter6:"}},
		"filters not asked for": {"multicast_groups", without("mcfilter", "mcfilter6"), 5, nil},
		"IPv4 not asked for":    {"multicast_groups family != inet", without("igmp"), 3, nil},
		"a torn group": {groups, edit("igmp", "2 1:00000064", ""), 4,
			[]string{"/proc/net/igmp: line 3: Reporter"}},
		"a torn interface": {groups, edit("igmp", ":     2      V2", ""), 3,
			[]string{"/proc/net/igmp: line 2: no colon"}},
		"new columns": {groups, edit("igmp", "Users Timer", "Users Timer New"), 3,
			[]string{"line 3: Reporter: the line ends before it"}},
		"an unknown querier": {"multicast_groups querier != nil", edit("igmp", "  V2", "NONE"), 0, nil},
		"all routes":         {routes, without(), 1, nil},
		"no routing of IPv6": {routes, without("ip6_mr_cache", "ip6_mr_vif"), 1,
			[]string{"this kernel has no multicast routing of inet6: open /proc/net/ip6_mr_cache"}},
		"no routing, no IPv6": {routes, without("ip6_mr_cache", "ip6_mr_vif", "if_inet6"), 1, nil},
		"no routing at all": {routes, without("ip_mr_cache", "ip6_mr_cache"), 0,
			[]string{"routing of inet: ", "routing of inet6: "}},
		"one family is wanted": {"multicast_routes family == inet", without("ip6_mr_cache"), 1, nil},
		"no names":             {routes, without("ip_mr_vif"), 1, []string{"/proc/net/ip_mr_vif"}},
		"a torn route": {routes, edit("ip_mr_cache", "168        1  0:1    9:64", "16"), 0,
			[]string{"/proc/net/ip_mr_cache: line 2: Wrong"}},
		"all virtual interfaces": {vifs, without(), 2, nil},
		"no interfaces of IPv4": {vifs, without("ip_mr_vif"), 1,
			[]string{"not all multicast interfaces could be read: this kernel has no multicast routing of inet: "}},
		"a torn interface line": {vifs, edit("ip6_mr_vif", "00000\n", "\n"), 1,
			[]string{"/proc/net/ip6_mr_vif: line 2: Flags"}},
	} {
		files := multicastFiles()
		test.change(files)
		a := ask(t, &sources.System{Netlink: silent(nil), Files: files}, test.query)
		if len(a.rows) != test.rows || len(a.warnings) != len(test.warnings) {
			t.Errorf("%s: %d rows, want %d, warnings %q, want %q", name, len(a.rows), test.rows, a.warnings,
				test.warnings)
			continue
		}
		for i, part := range test.warnings {
			if !strings.Contains(a.warnings[i], part) {
				t.Errorf("%s: warning %q, want %q", name, a.warnings[i], part)
			}
		}
	}
}

// TestMulticastRefused: who may not read one thing is told so, and gets the other.
func TestMulticastRefused(t *testing.T) {
	for name, test := range map[string]struct {
		netlink  error
		files    vfs.Files
		query    string
		rows     int
		warnings int
	}{
		"netlink is refused": {&netlink.Error{Errno: unix.EPERM}, multicastFiles(),
			"multicast_routes | select packets", 1, 1},
		"a file is refused":   {nil, forbidden{multicastFiles(), "/proc/net/ip_mr_cache"}, "multicast_routes", 0, 1},
		"a file of groups is": {nil, forbidden{multicastFiles(), "/proc/net/igmp"}, "multicast_groups", 3, 1},
		"changes all the time": {netlink.ErrInterrupted, multicastFiles(), "multicast_interfaces family == inet", 1,
			1},
		"no files":               {nil, vfstest.Files{"/proc/net": {Dir: true}}, "multicast_groups", 0, 2},
		"no files, and no proc":  {nil, vfstest.Files{}, "multicast_groups", 0, 1},
		"nothing and no routing": {nil, vfstest.Files{"/proc/net": {Dir: true}}, "multicast_interfaces", 0, 1},
	} {
		a := ask(t, &sources.System{Netlink: silent(test.netlink), Files: test.files}, test.query)
		if len(a.rows) != test.rows || len(a.warnings) != test.warnings {
			t.Errorf("%s: %d rows, want %d, warnings %q", name, len(a.rows), test.rows, a.warnings)
		}
	}
}

// TestMulticastNames: a virtual interface that has gone meanwhile is its number, and what is 0 or any is so.
func TestMulticastNames(t *testing.T) {
	system := &sources.System{Netlink: silent(nil), Files: multicastFiles()}
	same(t, "routes", lines(ask(t, system,
		"multicast_routes | select source, group, iif, oifs, table, wrong_iif").rows), []string{
		`group=0.0.0.0 iif=eth0 oifs=["eth0","vif9"] source=0.0.0.0 table=default wrong_iif=1`,
	})
	same(t, "interfaces", lines(ask(t, system,
		"multicast_interfaces | select interface, local, remote, flags, table").rows), []string{
		"flags=- interface=eth0 local=- remote=- table=default", "flags=- interface=eth0 local=- remote=- table=main",
	})
	same(t, "groups", lines(ask(t, system,
		"multicast_groups family == link or timer != nil | select interface, mac, timer, reporter, querier").rows),
		[]string{
			"interface=eth0 mac=01:00:5e:00:00:01 querier=- reporter=- timer=-",
			"interface=tun0 mac=- querier=- reporter=- timer=-",
			"interface=eth0 mac=- querier=V2 reporter=true timer=1",
		})
}

// TestMulticastPlan: what a query cannot want is not read.
func TestMulticastPlan(t *testing.T) {
	for text, want := range map[string]string{
		"multicast_groups":                      "/proc/net/igmp; /proc/net/igmp6; /proc/net/dev_mcast",
		"multicast_groups not (family == link)": "/proc/net/igmp; /proc/net/igmp6",
		"multicast_groups family == nil":        "nothing: no row can satisfy the conditions",
		"multicast_routes family == inet6":      "rtnetlink RTM_GETROUTE of multicast routing, inet6",
		"multicast_interfaces vif == 0":         "rtnetlink RTM_GETLINK of multicast routing; /proc/net/ip6_mr_vif",
		"multicast_interfaces family in [inet]": "rtnetlink RTM_GETLINK of multicast routing",
	} {
		system := &sources.System{Netlink: silent(nil), Files: multicastFiles()}
		plan, err := query.Compile(text, tables.Catalog(), tables.Ask(system))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := plan.Explain(); !strings.Contains(got, ": "+want+"\n") {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
