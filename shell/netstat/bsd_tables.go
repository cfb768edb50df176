package netstat

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"netql/query/schema"
)

// deviceCondition is the condition for the interface that -I names; "" without one.
func (r *request) deviceCondition() string {
	if r.device == "" {
		return ""
	}
	return "name == " + strconv.Quote(r.device)
}

func bsdInterfaces(r *request) []Display {
	items := "name, flags, index, mtu, mac, addresses, rx_packets, rx_errors, tx_packets, tx_errors, collisions"
	if r.drops {
		items += ", drops = rx_dropped + tx_dropped"
	}
	l := Layout{columns: []column{
		{"Name", 10, starred}, numberColumn("Mtu", -5, "mtu"), {"Network", 18, networkOrLink},
		textColumn("Address", 20, "mac"), numberColumn("Ipkts", -8, "rx_packets"),
		numberColumn("Ierrs", -5, "rx_errors"), numberColumn("Opkts", -8, "tx_packets"),
		numberColumn("Oerrs", -5, "tx_errors"), numberColumn("Coll", -4, "collisions"),
	}}
	if r.drops {
		l.columns = append(l.columns, numberColumn("Drop", -4, "drops"))
	}
	table := Layout{columns: l.columns}
	l.lines = func(row Row) []string {
		lines := table.Lines(row)
		for _, network := range networks(row) {
			lines = append(lines, table.Lines(func(name string) any {
				if value, ok := network[name]; ok {
					return value
				}
				return row(name)
			})...)
		}
		return lines
	}
	return []Display{{r.compose("interfaces", []string{r.deviceCondition()}, "sort index", "select "+items), l}}
}

// networkOrLink is the network of an address's line; in the line of the interface itself, <Link#N> with its index.
func networkOrLink(row Row) string {
	if network, ok := row("network").(netip.Prefix); ok {
		return network.Masked().String()
	}
	return fmt.Sprintf("<Link#%d>", row.number("index"))
}

// starred is the name of an interface, with an asterisk where it is down.
func starred(row Row) string {
	if flags, _ := row("flags").([]string); !slices.Contains(flags, "UP") {
		return row.text("name") + "*"
	}
	return row.text("name")
}

// networks are the addresses of an interface, each of which has a line of its own: the address in the place of the
// link's, and the network that it belongs to. Each is the values in which that line differs from the interface's, by
// column.
func networks(row Row) (list []map[string]any) {
	addresses, _ := row("addresses").([]any)
	for _, a := range addresses {
		if p, ok := a.(netip.Prefix); ok {
			list = append(list, map[string]any{"network": p, "mac": p.Addr()})
		}
	}
	return list
}

// headingEvery is after how many samples the heading of the running counts is repeated.
const headingEvery = 20

// bsdTraffic are the running counts of -w: of the primary interface, or of that which -I names, beside those of all.
// The first sample has no difference to one before, and shows the counts since the interface was made.
func bsdTraffic(r *request) Display {
	order := "sort LOOPBACK in flags, not (UP in flags), index" // the first that packets come through
	if r.device != "" {
		order = "sort name != " + strconv.Quote(r.device) + ", index"
	}
	type runningCount struct{ name, heading, counter string }
	counters := []runningCount{
		{"in_packets", "packets", "rx_packets"}, {"in_errors", "errs", "rx_errors"},
		{"out_packets", "packets", "tx_packets"}, {"out_errors", "errs", "tx_errors"},
		{"collisions", "colls", "collisions"},
	}
	if r.drops {
		counters = append(counters, runningCount{"drops", "drops", "rx_dropped + tx_dropped"})
	}
	extend, stats := "", "interface = any(name)"
	totals := ""
	var own, total []column
	for _, c := range counters {
		extend += fmt.Sprintf(", %s = delta(%s) ?? %s", c.name, c.counter, bracketed(c.counter))
		stats += fmt.Sprintf(", %s = any(%s)", c.name, c.name)
		totals += fmt.Sprintf(", total_%s = sum(%s)", c.name, c.name)
		width := -9
		if c.heading != "packets" {
			width = -5
		}
		own = append(own, numberColumn(c.heading, width, c.name))
		total = append(total, numberColumn(c.heading, width, "total_"+c.name))
	}
	return Display{
		r.compose("interfaces", nil, order, "extend "+extend[2:], "stats "+stats+totals),
		Layout{columns: append(own, total...), Every: headingEvery, above: func(row Row) string {
			rest := 6 * (len(counters) - 4) // the width of the columns behind the four of packets and errors
			return fmt.Sprintf("%15s%16s%*s %15s%16s", "input ("+row.text("interface")+")", "output", rest, "",
				"input (Total)", "output")
		}},
	}
}

// bracketed puts an expression into brackets unless it is a single word.
func bracketed(expression string) string {
	if !strings.Contains(expression, " ") {
		return expression
	}
	return "(" + expression + ")"
}

func bsdRoutes(r *request) []Display {
	families := []string{"inet", "inet6"}
	if len(r.families) > 0 {
		families = r.families
	}
	titles := map[string]string{"inet": "Internet:", "inet6": "Internet6:"}
	gateway := "gateway ?? src"
	if !r.hostNumbers {
		gateway = "host(gateway ?? src)"
	}
	items := r.destination() + ", gateway = " + gateway + ", netstat_flags, refs, use, dev"
	var displays []Display
	for i, family := range families {
		l := Layout{Title: []string{"", titles[family]}, columns: []column{
			{"Destination", 26, bsdDestination},
			{"Gateway", 26, func(row Row) string {
				if row("gateway") == nil {
					return row.text("dev")
				}
				return row.address("gateway")
			}},
			textColumn("Flags", 7, "netstat_flags"), numberColumn("Refs", -6, "refs"), numberColumn("Use", -8, "use"),
			textColumn("Interface", 0, "dev"),
		}}
		if i == 0 {
			l.Title = append([]string{"Routing tables"}, l.Title...)
		}
		conditions := []string{"family == " + family, `table == "main"`}
		displays = append(displays, Display{r.compose("routes", conditions, "sort dst, metric", "select "+items), l})
	}
	return displays
}

func bsdDestination(row Row) string {
	switch dst := row.prefix("dst"); {
	case dst.Bits() == 0:
		return "default"
	case row("network") != nil:
		return row.text("network")
	case dst.IsSingleIP():
		return dst.Addr().String()
	default:
		return dst.String()
	}
}

func bsdMemory(r *request) []Display {
	const items = "kind, name, sockets, memory, pressure, limit, active_objects, object_size"
	return []Display{{
		r.compose("memory", []string{"sockets > 0 or memory != nil"}, "select "+items),
		Layout{Title: []string{"Network memory"}, columns: []column{
			textColumn("Kind", 10, "kind"), textColumn("Name", 20, "name"),
			textColumnOr("Sockets", -8, "sockets", "-"), textColumnOr("Bytes", -12, "memory", "-"),
			textColumnOr("Pressure", -14, "pressure", "-"), textColumnOr("Limit", -14, "limit", "-"),
			textColumnOr("Objects", -8, "active_objects", "-"), textColumnOr("Size", -6, "object_size", "-"),
		}},
	}}
}

// bsdHosts are the hosts on the links. Entries in NOARP are of groups, broadcasts and the loopback, which are no hosts.
func bsdHosts(r *request) []Display {
	conditions := []string{oneOf("family", r.families), "state != NOARP"}
	return []Display{{
		r.compose("neighbors", conditions, "select "+r.named("addr")+", mac, dev, state, flags, refs"),
		Layout{Title: []string{"Hosts on the links"}, columns: []column{
			textColumn("Host", 30, "addr"), textColumnOr("Address", 18, "mac", "-"),
			textColumnOr("Interface", 10, "dev", "-"), textColumnOr("State", 11, "state", "-"),
			textColumnOr("Refs", -4, "refs", "-"),
			{"Flags", 0, func(row Row) string { return flagWords(row("flags")) }},
		}},
	}}
}

func bsdRules(r *request) []Display {
	return []Display{{
		r.compose("rules", []string{oneOf("family", r.families)}, "sort family, priority, position",
			"select priority, family, from, to, iif, oif, fwmark, fwmask, action, table"),
		Layout{Title: []string{"Routing rules"}, columns: []column{
			numberColumn("Priority", -8, "priority"), textColumn("Family", 6, "family"),
			textColumnOr("From", 20, "from", "all"), textColumnOr("To", 20, "to", "all"),
			textColumnOr("Input", 8, "iif", "-"), textColumnOr("Output", 8, "oif", "-"), {"Mark", 10, mark},
			textColumn("Action", 11, "action"), textColumnOr("Table", 0, "table", "-"),
		}},
	}}
}

// mark is the packet mark of a rule and, where not all bits count, the mask, as ip rule prints them: 0x10/0xff.
func mark(row Row) string {
	const all = 1<<32 - 1
	switch {
	case row("fwmark") == nil:
		return "-"
	case row.number("fwmask") == all:
		return fmt.Sprintf("0x%x", row.number("fwmark"))
	}
	return fmt.Sprintf("0x%x/0x%x", row.number("fwmark"), row.number("fwmask"))
}

func bsdMulticast(r *request) []Display {
	family := []string{oneOf("family", r.families)}
	routes := r.named("source") + ", " + r.named("group") + ", packets, iif, outputs"
	return []Display{{
		r.compose("multicast_interfaces", family, "select vif, interface, local, remote, packets_in, packets_out"),
		Layout{Title: []string{"Virtual Interface Table"}, columns: []column{
			numberColumn(" Vif", -4, "vif"), textColumnOr("Interface", 12, "interface", "-"),
			textColumnOr("Local-Address", 18, "local", "-"), textColumn("Remote-Address", 18, "remote"),
			numberColumn("Pkts-In", -9, "packets_in"), numberColumn("Pkts-Out", -9, "packets_out"),
		}},
	}, {
		r.compose("multicast_routes", family, "select "+routes),
		Layout{Title: []string{"", "Multicast Forwarding Cache"}, columns: []column{
			textColumn(" Origin", 18, "source"), textColumn("Group", 18, "group"),
			numberColumn("Packets", -9, "packets"), textColumnOr("In-Vif", 8, "iif", "-"),
			{"Out-Vifs:Ttls", 0, outputs},
		}},
	}}
}

// outputs are the interfaces that a multicast route leads to, each with its TTL: eth0:1 eth1:4.
func outputs(row Row) string {
	list, _ := row("outputs").([]any)
	var texts []string
	for _, element := range list {
		if output, ok := element.(schema.Record); ok {
			texts = append(texts, schema.Format(output.Field("interface"))+":"+schema.Format(output.Field("ttl")))
		}
	}
	return schema.Visible(strings.Join(texts, " "))
}

// flagWords are flags, with commas between them.
func flagWords(v any) string {
	flags, _ := v.([]string)
	return schema.Visible(strings.Join(flags, ","))
}
