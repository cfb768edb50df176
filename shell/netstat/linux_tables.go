package netstat

import (
	"fmt"
	"slices"
	"strings"
)

// linuxRoutes are the routing tables and, with -C, what the kernel learned for single destinations.
func linuxRoutes(r *request) (displays []Display) {
	if r.symbolic {
		r.hostNumbers = true // so do net-tools, whose routes take -N for a kind of -n
	}
	four := len(r.families) == 0 || slices.Contains(r.families, "inet")
	six := slices.Contains(r.families, "inet6")
	for _, family := range []struct {
		asked         bool
		routes, cache func(*request) Display
	}{{four, linuxRoutes4, linuxCache4}, {six, linuxRoutes6, linuxCache6}} {
		if family.asked && (r.fib || !r.cache) {
			displays = append(displays, family.routes(r))
		}
		if family.asked && r.cache {
			displays = append(displays, family.cache(r))
		}
	}
	return displays
}

// linuxRoutes4 shows the routes of /proc/net/route, which net-tools reads: those of the main table, without broadcasts
// and multicasts, and one nexthop of each route.
func linuxRoutes4(r *request) Display {
	items := r.destination() + ", " + r.named("gateway") + ", netstat_flags, metric, advmss, window, rtt, dev"
	conditions := []string{
		"family == inet", `table == "main"`, "type not in [broadcast, multicast]", "nexthop == 1", "not cached",
	}
	l := Layout{Title: []string{"Kernel IP routing table"}, columns: []column{
		{"Destination", 15, func(row Row) string {
			dst := row.prefix("dst")
			switch {
			case dst.Bits() == 0 && !r.hostNumbers:
				return "default"
			case row("network") != nil:
				return cut(row.Text("network"), 15)
			}
			return dst.Addr().String()
		}},
		{"Gateway", 15, unlessReject(func(row Row) string { return cut(orUnspecified(row.address("gateway")), 15) })},
		{"Genmask", 15, func(row Row) string { return netmask(row.prefix("dst")) }},
		textColumn("Flags", 5, "netstat_flags"),
	}}
	mss := func(row Row) string {
		if advmss := row.Number("advmss"); advmss > 0 {
			return fmt.Sprint(advmss + 40) // as the kernel has it in the column MTU (fib_route_seq_show)
		}
		return "0"
	}
	device := unlessReject(func(row Row) string {
		if row("dev") == nil {
			return "*"
		}
		return row.Text("dev")
	})
	window := unlessReject(func(row Row) string { return fmt.Sprint(row.Number("window")) })
	irtt := unlessReject(func(row Row) string { return fmt.Sprint(int(row.seconds("rtt") * 1000)) })
	zero := func(Row) string { return "0" }
	switch r.extensions {
	case 0:
		l.columns = append(l.columns, column{"MSS", -5, unlessReject(mss)}, column{"Window", 6, window},
			column{"irtt", -5, irtt}, column{"Iface", 0, device})
	default:
		l.columns = append(l.columns, metricColumn("Metric", 6), column{"Ref", 3, unlessReject(zero)},
			column{"Use", -6, zero}, column{"Iface", 8, device})
	}
	if r.extensions > 1 {
		l.columns = append(l.columns, column{"MSS", 5, unlessReject(mss)}, column{"Window", 6, window},
			column{"irtt", 0, irtt})
	}
	return Display{"routes of IPv4", r.compose("routes", conditions, "select "+items), l, "routes"}
}

// metricColumn shows the metric of a route as net-tools does, which reads it as a signed number of 32 bits.
func metricColumn(heading string, width int) column {
	return column{heading, width, func(row Row) string { return fmt.Sprint(int32(row.Number("metric"))) }}
}

// unlessReject is the text, but "-" for a route that rejects packets (flag !).
func unlessReject(text func(Row) string) func(Row) string {
	return func(row Row) string {
		if strings.Contains(row.Text("netstat_flags"), "!") {
			return "-"
		}
		return text(row)
	}
}

func orUnspecified(address string) string {
	if address == "" {
		return "0.0.0.0"
	}
	return address
}

func cut(text string, room int) string { return text[:min(len(text), room)] }

// linuxRoutes6 shows the routes of /proc/net/ipv6_route, which net-tools reads: those of all tables.
func linuxRoutes6(r *request) Display {
	return linuxTable6(r, "routes of IPv6", "Kernel IPv6 routing table", "table != nil", "not cached")
}

// linuxCache6 shows what the kernel learned for single destinations. Where it has learned nothing, net-tools shows
// headings alone, and so does this.
func linuxCache6(r *request) Display {
	return linuxTable6(r, "routing cache of IPv6", "Kernel IPv6 routing cache", "cached")
}

func linuxTable6(r *request, name, title string, conditions ...string) Display {
	conditions = append([]string{"family == inet6"}, conditions...)
	return Display{
		name, r.compose("routes", conditions, "select dst, gateway, netstat_flags, metric, refs, use, dev"),
		Layout{Title: []string{title}, columns: []column{
			{"Destination", 30, func(row Row) string {
				if dst := row.prefix("dst"); dst.Bits() > 0 || r.hostNumbers {
					return dst.String()
				}
				return "[::]/0"
			}},
			{"Next Hop", 26, func(row Row) string {
				switch address := row.address("gateway"); {
				case address != "":
					return address
				case r.hostNumbers:
					return "::"
				}
				return "[::]"
			}},
			textColumn("Flag", 4, "netstat_flags"), metricColumn("Met", 3), numberColumn("Ref", 3, "refs"),
			numberColumn("Use", -4, "use"), textColumn("If", 0, "dev"),
		}},
		"routes",
	}
}

// linuxCache4 shows what the kernel learned for single destinations by redirects and path MTUs. Its table, which
// net-tools read, is gone since Linux 3.6; the exceptions of routes are what is left of it.
func linuxCache4(r *request) Display {
	items := "dst, " + r.named("gateway") + ", netstat_flags, mtu, window, rtt, dev"
	return Display{
		"routing cache of IPv4", r.compose("routes", []string{"family == inet", "cached"}, "select "+items),
		Layout{Title: []string{"Kernel IP routing cache"}, columns: []column{
			{"Source", 15, func(Row) string { return "0.0.0.0" }},
			{"Destination", 15, func(row Row) string { return row.prefix("dst").Addr().String() }},
			{"Gateway", 15, func(row Row) string { return cut(orUnspecified(row.address("gateway")), 15) }},
			textColumn("Flags", 5, "netstat_flags"), numberColumn("MSS", -5, "mtu"),
			numberColumn("Window", 6, "window"),
			{"irtt", -5, func(row Row) string { return fmt.Sprint(int(row.seconds("rtt") * 1000)) }},
			textColumn("Iface", 0, "dev"),
		}},
		"routes",
	}
}

func linuxGroups(r *request) []Display {
	families := r.families
	if len(families) == 0 {
		families = []string{"inet", "inet6"}
	}
	items := "interface, users, " + r.named("group")
	return []Display{{
		"multicast groups",
		r.compose("multicast_groups", []string{oneOf("family", families)}, "sort family", "select "+items),
		Layout{
			Title: []string{
				"IPv6/IPv4 Group Memberships",
				"Interface       RefCnt Group",
				"--------------- ------ ---------------------",
			},
			lines: func(row Row) []string {
				name, users, group := row.Text("interface"), row.Number("users"), row.address("group")
				return []string{fmt.Sprintf("%-15s %-6d %s", name, users, group)}
			},
		},
		"groups",
	}}
}
