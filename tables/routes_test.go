package tables_test

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"netql/query"
	"netql/sources"
	"netql/sources/lab"
	"netql/sources/netlink"
	"netql/tables"
)

// routeObject is an object of ip's JSON.
type routeObject = map[string]any

// routeJSON asks ip, whose numbers are float64.
func routeJSON(t testing.TB, arguments ...string) []routeObject {
	t.Helper()
	return toolJSON(t, "ip", append([]string{"-json", "-details"}, arguments...)...)
}

// integer is a number of JSON as tables have it.
func integer(v any) any {
	if f, ok := v.(float64); ok {
		return int(f)
	}
	return v
}

// routeColumns are compared with ip's.
var routeColumns = []string{"family", "table", "dst", "from", "gateway", "dev", "src", "type", "scope", "protocol",
	"metric", "tos", "nexthop", "weight", "nexthop_id", "flags", "cached", "pref", "realms", "encap", "expires", "mtu",
	"advmss", "rtt", "rttvar", "rto_min",
	"window", "ssthresh", "cwnd", "initcwnd", "initrwnd", "reordering", "hoplimit", "quickack", "fastopen_no_cookie",
	"features", "congestion"}

// TestRoutesAgainstIP compares every route, and every exception once, with ip's, field by field.
func TestRoutesAgainstIP(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		routeWorld(t)
		compareRoutes(t)
		// With compatibility off, the kernel tells the number of a nexthop routeObject and not what is in it.
		const query = "routes nexthop_id != nil and type == unicast | select dst, gateway, dev, weight, nexthop"
		before := lines(live(t, query))
		script(t, "echo 0 >/proc/sys/net/ipv4/nexthop_compat_mode")
		same(t, "nexthop objects", lines(live(t, query)), before)
		if len(before) != 5 {
			t.Errorf("%d nexthops of objects, want 5", len(before))
		}
	})
}

func compareRoutes(t *testing.T) {
	t.Helper()
	got, want := steadyClocks(t, func() []row { return allIPRoutes(t) }, func() []row {
		rows := live(t, "routes encap == nil | select "+strings.Join(routeColumns, ", "))
		for _, r := range rows {
			if expires, ok := r["expires"].(time.Duration); ok { // ip tells whole seconds
				r["expires"] = expires.Truncate(time.Second)
			}
		}
		return rows
	}, "expires")
	same(t, "routes", lines(got), lines(want))
	same(t, "encapsulation", lines(live(t, "routes encap != nil | select dst, dev, encap")),
		[]string{"dev=rt0 dst=10.9.0.0/16 encap=ip"})
	if len(got) < 50 {
		t.Errorf("%d routes only", len(got))
	}
}

// allIPRoutes are all routes, and each exception once, as ip tells them.
func allIPRoutes(t *testing.T) (rows []row) {
	t.Helper()
	seen := map[string]bool{}
	for _, family := range []string{"inet", "inet6"} {
		list := routeJSON(t, "-family", family, "route", "show", "table", "all")
		list = append(list, routeJSON(t, "-family", family, "route", "show", "table", "all", "cache")...)
		for _, o := range list {
			if o["encap"] != nil {
				continue // ip writes two members of one name, dst
			}
			for _, r := range ipRoutes(t, family, o) {
				key := lines(withoutColumns([]row{r}, "expires"))[0]
				if r["cached"] != true || !seen[key] {
					rows = append(rows, r)
				}
				seen[key] = true
			}
		}
	}
	return rows
}

// ipRoutes are a route's rows as ip tells them.
func ipRoutes(t *testing.T, family string, o routeObject) (rows []row) {
	t.Helper()
	hops := []any{o}
	if list, ok := o["nexthops"].([]any); ok {
		hops = list
	}
	for i, hop := range hops {
		r := row{}
		for _, column := range routeColumns {
			r[column] = nil
		}
		r["family"], r["nexthop"], r["cached"] = family, i+1, isCached(o)
		for name, value := range o {
			r.routeField(t, name, value, o)
		}
		for name, value := range hop.(routeObject) {
			r.routeField(t, name, value, hop.(routeObject))
		}
		if r["metric"] == nil && r["cached"] == false {
			r["metric"] = 0
		}
		r.defaults()
		rows = append(rows, r)
	}
	return rows
}

// isCached: for IPv4 ip says so, and of IPv6 it shows in the cache what no other list has.
func isCached(o routeObject) bool {
	_, v4 := o["cache"]
	_, protocol := o["protocol"]
	return v4 || !protocol
}

// defaults are what ip leaves out. It writes no scope and no protocol of exceptions.
func (r row) defaults() {
	for column, value := range map[string]any{"scope": "global", "protocol": "unspec"} {
		if r[column] == nil {
			r[column] = value
		}
	}
	if r["cached"] == true && r["family"] == "inet6" {
		r["protocol"] = "boot" // that of the route, which the kernel tells
	}
}

// routeField puts a member of ip's routeObject into the row.
func (r row) routeField(t *testing.T, name string, value any, o routeObject) {
	t.Helper()
	switch name {
	case "dst":
		r["dst"] = ipPrefix(t, r["family"], value)
	case "from":
		r["from"] = ipPrefix(t, r["family"], value)
	case "gateway", "prefsrc":
		column := map[string]string{"gateway": "gateway", "prefsrc": "src"}[name]
		r[column] = routeAddress(t, value, o["dev"])
	case "via":
		r["gateway"] = routeAddress(t, value.(routeObject)["host"], o["dev"])
	case "nhid":
		r["nexthop_id"] = integer(value)
	case "tos":
		r["tos"] = 0x10 // the only one there is
	case "flow":
		flow := value.(routeObject)
		r["realms"] = flow["to"]
		if flow["from"] != nil {
			r["realms"] = flow["from"].(string) + "/" + flow["to"].(string)
		}
	case "flags", "cache":
		for _, flag := range value.([]any) {
			flags, _ := r["flags"].([]string)
			if !slices.Contains(flags, flag.(string)) {
				r["flags"] = append(flags, flag.(string))
			}
		}
	case "expires":
		r["expires"] = time.Duration(value.(float64)) * time.Second
	case "metrics":
		for _, metrics := range value.([]any) {
			r.metrics(metrics.(routeObject))
		}
	case "nexthops", "nh_info": // of which the route has what counts
	default:
		if slices.Contains(routeColumns, name) {
			r[name] = integer(value)
		}
	}
}

func (r row) metrics(metrics routeObject) {
	for name, value := range metrics {
		switch name {
		case "rtt", "rttvar", "rto_min":
			r[name] = time.Duration(value.(float64)) * time.Millisecond
		case "quickack", "fastopen_no_cookie":
			r[name] = value.(float64) != 0
		case "ecn":
			r["features"] = []string{"ecn"}
		default:
			r[name] = integer(value)
		}
	}
}

func ipPrefix(t *testing.T, family any, value any) any {
	t.Helper()
	text := value.(string)
	switch {
	case text == "default" && family == "inet":
		text = "0.0.0.0/0"
	case text == "default":
		text = "::/0"
	case !strings.Contains(text, "/"):
		addr := netip.MustParseAddr(text)
		return netip.PrefixFrom(addr, addr.BitLen())
	}
	return netip.MustParsePrefix(text)
}

func routeAddress(t *testing.T, value, device any) any {
	t.Helper()
	addr := netip.MustParseAddr(value.(string))
	if addr.IsLinkLocalUnicast() && addr.Is6() {
		return addr.WithZone(device.(string))
	}
	return addr
}

// TestRoutesAgainstNetstat compares the letters, and the references of IPv6, with netstat's. It shows the main table of
// IPv4, and of a route only the first nexthop.
func TestRoutesAgainstNetstat(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		routeWorld(t)
		var want []string
		for _, f := range netstat(t, "-rn") {
			mask := netip.MustParseAddr(f[2]).AsSlice()
			bits := 0
			for _, b := range mask {
				bits += strings.Count(fmt.Sprintf("%b", b), "1")
			}
			want = append(want, fmt.Sprintf("%s/%d %s", f[0], bits, f[3]))
		}
		var got []string
		for _, r := range live(t,
			`routes family == inet and table == "main" and not cached and nexthop == 1 and `+
				"type not in [broadcast, multicast] | select dst, netstat_flags") {
			got = append(got, cell(r["dst"])+" "+cell(r["netstat_flags"]))
		}
		same(t, "netstat -rn", got, want)

		want, got = nil, nil
		for _, f := range netstat(t, "-rn", "-6") {
			// the kernel's own guard, a mapped prefix, and routes that /proc has only in part
			if f[3] != "-1" && f[0] != "0.0.0.0/96" && !strings.HasPrefix(f[1], "fe80::2") {
				want = append(want, strings.Join([]string{f[0], f[2], f[3], f[4], f[6]}, " "))
			}
		}
		for _, r := range live(t,
			"routes family == inet6 and table != nil and not cached and "+
				"(gateway == nil or not (gateway in fe80::20/123 or gateway == fe80::2)) | "+
				"select dst, netstat_flags, metric, refs, dev") {
			if r["dst"] != netip.MustParsePrefix("::ffff:0.0.0.0/96") {
				got = append(got, strings.Join([]string{cell(r["dst"]), cell(r["netstat_flags"]), cell(r["metric"]),
					cell(r["refs"]), cell(r["dev"])}, " "))
			}
		}
		same(t, "netstat -rn -6", got, want)
	})
}

// TestRoutesInOrder: without the local table, routes are in the order in which ip route shows them.
func TestRoutesInOrder(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		routeWorld(t)
		for _, family := range []string{"inet", "inet6"} {
			var got, want []string
			for _, o := range routeJSON(t, "-family", family, "route", "show", "table", "main") {
				if o["encap"] == nil { // ip writes two members of one name, dst
					want = append(want, strings.TrimSuffix(fmt.Sprint(o["dst"]), "/128"))
				}
			}
			for _, r := range live(t, "routes family == "+family+" and nexthop == 1 and encap == nil and not cached") {
				if text := cell(r["dst"]); r["table"] == "main" {
					text = strings.TrimSuffix(strings.TrimSuffix(text, "/32"), "/128")
					got = append(got, strings.NewReplacer("0.0.0.0/0", "default", "::/0", "default").Replace(text))
				} else if r["table"] == "local" {
					t.Errorf("a route of the local table: %v", r)
				}
			}
			if len(want) < 10 || !slices.Equal(got, want) {
				t.Errorf("%s: %q\nip route has\n%q", family, got, want)
			}
		}
	})
}

// netstat gives the fields of its lines, without the headings.
func netstat(t *testing.T, arguments ...string) (list [][]string) {
	t.Helper()
	out := lab.Tool(t, "", "netstat", append(arguments, "--wide")...)
	for _, line := range strings.Split(strings.TrimSpace(out), "\n")[2:] {
		list = append(list, strings.Fields(line))
	}
	return list
}

// TestRouteHints: conditions by which the kernel narrows the lists, and what only some of them say.
func TestRouteHints(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		routeWorld(t)
		system := sources.Live()
		system.Netlink = remembering{system.Netlink, map[string][]netlink.Message{}}
		for _, condition := range []string{
			`table == "main"`, `table == "100"`, `table in ["main", "100", "4000000000"]`,
			`table_id == 254 and table == "100"`,
			`table == "777"`, `table != "main"`, `not (table == "main")`, `table contains "a"`, `table == "254"`,
			`table_id in 100..254`,
			`table_id == 0`, `table_id == -1`, `table_id in [1, 2, 3, 4, 5, 6, 7, 8, 254]`,
			`table == "main" or dev == "rt0"`,
			`dev == "rt0"`, `dev == "lo"`, `dev == "none"`, `dev == nil`, `dev == "rt0" and table == "100"`,
			`dev in ["lo", "rt0"]`,
			`cached`, `not cached`, `cached == true and table == "main"`, `cached == nil`,
			`cached and dev == "rt0" and family == inet6`,
			`table == "main" and type == blackhole`, `dev == "rt0" and position == 2`, `dev == "rt0" and weight == 4`,
			`type == blackhole`, `type == unicast`, `type == local`, `type == unreachable`, `type == prohibit`,
			`type == multicast and table != "local"`, `type == unspec`, `type == nil`,
			`type in [blackhole, prohibit, throw]`, `not (type in [unicast, local])`,
			`type == unicast and protocol == "static"`, `type == unicast and dst contains 10.2.0.1`,
			`protocol == "static"`, `protocol == "kernel"`, `protocol == "boot"`, `protocol == "ra"`,
			`protocol == "dhcp"`, `protocol == "unspec"`, `protocol == "4"`, `protocol == "300"`,
			`protocol == "redirect"`, `protocol == "unspec" and cached`, `protocol == "boot" and cached`,
			`cached and type == unicast`, `cached and type == local`, `not cached and protocol == "boot"`,
			`protocol in ["static", "unspec"]`, `protocol != "kernel"`, `protocol == "boot" and table == "100"`,
			`protocol == "boot" and position == 2`, `protocol == "boot" and dev == "rt0" and type == unicast`,
		} {
			for _, columns := range []string{"dst, gateway, table, nexthop, cached",
				"dst, gateway, table, nexthop, cached, position"} {
				text := "routes " + condition + " | select " + columns
				hinted, plain := compareHints(t, system, text)
				same(t, text, hinted, plain)
			}
		}
	})
}

// TestRoutesExplain: what is asked for.
func TestRoutesExplain(t *testing.T) {
	for text, want := range map[string]string{
		"routes":                 "rtnetlink RTM_GETROUTE, inet; inet6; without the local table",
		"routes family == inet6": "rtnetlink RTM_GETROUTE, inet6; without the local table",
		`routes table == "main"`: "rtnetlink RTM_GETROUTE, inet table 254; inet6 table 254",
		`routes table == "blue" and not cached`: "rtnetlink RTM_GETROUTE, inet table 100 without exceptions; inet6 " +
			"table 100 without exceptions",
		"routes dst contains 127.0.0.1": "rtnetlink RTM_GETROUTE, inet; inet6",
		"routes | count by table":       "rtnetlink RTM_GETROUTE, inet; inet6",
		"routes | extend t = table":     "rtnetlink RTM_GETROUTE, inet; inet6",
		"routes | select *":             "rtnetlink RTM_GETROUTE, inet; inet6",
		"routes | select dst, gateway":  "rtnetlink RTM_GETROUTE, inet; inet6; without the local table",
		"routes | drop gateway":         "rtnetlink RTM_GETROUTE, inet; inet6; without the local table",
		// A column that no later stage reads is named, too: a count is of the rows that the query shows without it.
		"routes | select dst, table | count":                                   "rtnetlink RTM_GETROUTE, inet; inet6",
		"routes | extend t = table | count":                                    "rtnetlink RTM_GETROUTE, inet; inet6",
		"routes | select dst, type, dev | limit 1000 | count":                  "rtnetlink RTM_GETROUTE, inet; inet6",
		"routes | select dst, t = scope | select dst | distinct dst":           "rtnetlink RTM_GETROUTE, inet; inet6",
		"interfaces | join routes on name == dev | select name, table | count": "rtnetlink RTM_GETROUTE, inet; inet6",
		"interfaces | join routes on name == dev | count": "rtnetlink RTM_GETROUTE, inet; " +
			"inet6; without the local table",
		"routes | select * | count": "rtnetlink RTM_GETROUTE, inet; inet6",
		"routes | count":            "rtnetlink RTM_GETROUTE, inet; inet6; without the local table",
		"routes cached and family == inet": "rtnetlink RTM_GETROUTE, inet exceptions only; without the local " +
			"table",
		`routes dev == "eth0"`: `rtnetlink RTM_GETROUTE, inet; inet6; over "eth0"; without the ` +
			"local table",
		`routes dev == "eth0" and position == 1`: "rtnetlink RTM_GETROUTE, inet; inet6; without the local table",
		"routes table_id == 5 and table_id == 6": "nothing: no route can satisfy the conditions",
		"rules":                                  "rtnetlink RTM_GETRULE, inet, inet6",
		"rules family == inet":                   "rtnetlink RTM_GETRULE, inet",
	} {
		system := systemWith(map[string]string{"/etc/iproute2/rt_tables": "100 blue\n"}, nil)
		plan, err := query.Compile(text, tables.Catalog(), tables.Ask(system))
		if err != nil {
			t.Fatal(err)
		}
		if explained := plan.Explain(); !strings.Contains(explained, ": "+want+"\n") {
			t.Errorf("%s: %s, want %s", text, explained, want)
		}
	}
}
