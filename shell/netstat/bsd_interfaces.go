package netstat

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// quoted is a text as a query has it.
func quoted(text string) string { return strconv.Quote(text) }

// deviceCondition is the condition for the interface that -I names; "" without one.
func (r *request) deviceCondition() string {
	if r.device == "" {
		return ""
	}
	return "name == " + quoted(r.device)
}

// bsdInterfaces are the interfaces, with a row for each address; with -a multicast groups, too. A family leaves the
// addresses of it alone.
func bsdInterfaces(r *request) []Display {
	join := "join left addresses on name == dev"
	if len(r.families) > 0 {
		join = "join addresses on name == dev"
	}
	address := "address = host(addr)"
	if r.hostNumbers {
		address = "address = addr"
	}
	items := "name, flags, index, mtu, mac, network, " + address +
		", rx_packets, rx_errors, tx_packets, tx_errors, collisions"
	if r.bytes {
		items += ", rx_bytes, tx_bytes"
	}
	if r.drops {
		items += ", drops = rx_dropped + tx_dropped"
	}
	family := ""
	if len(r.families) > 0 {
		family = "where " + oneOf("family", r.families)
	}
	displays := []Display{{
		"interfaces",
		r.compose("interfaces", []string{r.deviceCondition()}, join, family, "sort index", "select "+items),
		bsdInterfaceLayout(r), "interfaces",
	}}
	if r.all {
		displays = append(displays, bsdGroups(r))
	}
	return displays
}

// bsdGroups are the multicast groups of the interfaces.
func bsdGroups(r *request) Display {
	device := ""
	if r.device != "" {
		device = "interface == " + quoted(r.device)
	}
	conditions := []string{device, oneOf("family", r.families)}
	return Display{
		"multicast groups",
		r.compose("multicast_groups", conditions, "select interface, "+r.named("group")+", mac, users"),
		Layout{Title: []string{"", "Multicast groups"}, columns: []column{
			textColumn("Name", 10, "interface"), {"Group", 40, func(row Row) string {
				if row("group") == nil {
					return row.Text("mac")
				}
				return row.address("group")
			}}, numberColumn("Refs", -4, "users"),
		}},
		"interfaces",
	}
}

// bsdInterfaceLayout has a line for the link of each interface, unless a family is asked for, and one for each address.
// Where addresses are cut, the counters stand below their headings; else the columns are as wide as any address.
func bsdInterfaceLayout(r *request) Layout {
	network, address := 18, 20
	if r.wide {
		network, address = 43, 39
	}
	columns := []column{
		{"Name", 10, starred}, numberColumn("Mtu", -5, "mtu"),
		{"Network", network, func(row Row) string { return cut(networkOrLink(row), network) }},
		{"Address", address, func(row Row) string { return cut(row.address("address"), address) }},
		numberColumn("Ipkts", -8, "rx_packets"), numberColumn("Ierrs", -5, "rx_errors"),
		numberColumn("Opkts", -8, "tx_packets"), numberColumn("Oerrs", -5, "tx_errors"),
		numberColumn("Coll", -4, "collisions"),
	}
	if r.bytes {
		columns = slices.Insert(columns, 8, numberColumn("Obytes", -10, "tx_bytes"))
		columns = slices.Insert(columns, 6, numberColumn("Ibytes", -10, "rx_bytes"))
	}
	if r.drops {
		columns = append(columns, numberColumn("Drop", -4, "drops"))
	}
	table := Layout{columns: columns}
	withLinks := len(r.families) == 0
	return Layout{columns: columns, summary: func(rows []Row) (lines []string) {
		last := ""
		for _, row := range rows {
			if name := row.Text("name"); withLinks && name != last {
				lines = append(lines, table.Lines(linkOf(row))...)
				last = name
			}
			if row("network") != nil {
				lines = append(lines, table.Lines(row)...)
			}
		}
		return lines
	}}
}

// linkOf is the row of an interface's link: its link-level address in the place of an address.
func linkOf(row Row) Row {
	return func(name string) any {
		switch name {
		case "network":
			return nil
		case "address":
			return row("mac")
		}
		return row(name)
	}
}

// networkOrLink is the network of an address's line; in the line of the interface itself, <Link#N> with its index.
func networkOrLink(row Row) string {
	if network, ok := row("network").(netip.Prefix); ok {
		return network.Masked().String()
	}
	return fmt.Sprintf("<Link#%d>", row.Number("index"))
}

// starred is the name of an interface, with an asterisk where it is down.
func starred(row Row) string {
	if flags, _ := row("flags").([]string); !slices.Contains(flags, "UP") {
		return row.Text("name") + "*"
	}
	return row.Text("name")
}

// headingEvery is after how many samples the heading of the running counts is repeated.
const headingEvery = 20

// runningCount is a counter whose growth -w shows.
type runningCount struct {
	name, heading, counter string
	out                    bool // of what is sent
}

// runningCounts are those that the flags ask for, in the order of their columns.
func (r *request) runningCounts() (counts []runningCount) {
	bytes := func(name, counter string, out bool) {
		if r.bytes {
			counts = append(counts, runningCount{name, "bytes", counter, out})
		}
	}
	counts = append(counts, runningCount{"in_packets", "packets", "rx_packets", false},
		runningCount{"in_errors", "errs", "rx_errors", false})
	bytes("in_bytes", "rx_bytes", false)
	counts = append(counts, runningCount{"out_packets", "packets", "tx_packets", true},
		runningCount{"out_errors", "errs", "tx_errors", true})
	bytes("out_bytes", "tx_bytes", true)
	counts = append(counts, runningCount{"collisions", "colls", "collisions", true})
	if r.drops {
		counts = append(counts, runningCount{"drops", "drops", "rx_dropped + tx_dropped", true})
	}
	return counts
}

// bsdTraffic are the running counts of -w: of the primary interface, or of that which -I names, beside those of all.
// The first sample has no difference to one before, and shows the counts since the interface was made.
func bsdTraffic(r *request) Display {
	order := "sort LOOPBACK in flags, not (UP in flags), index" // the first that packets come through
	if r.device != "" {
		order = "sort name != " + quoted(r.device) + ", index"
	}
	counters := r.runningCounts()
	extend, stats, totals := "", "interface = any(name)", ""
	var own, total []column
	for _, c := range counters {
		extend += fmt.Sprintf(", %s = delta(%s) ?? %s", c.name, c.counter, bracketed(c.counter))
		stats += fmt.Sprintf(", %s = any(%s)", c.name, c.name)
		totals += fmt.Sprintf(", total_%s = sum(%s)", c.name, c.name)
		own = append(own, numberColumn(c.heading, widthOfCount[c.heading], c.name))
		total = append(total, numberColumn(c.heading, widthOfCount[c.heading], "total_"+c.name))
	}
	return Display{
		"traffic", r.compose("interfaces", nil, order, "extend "+extend[2:], "stats "+stats+totals),
		Layout{columns: append(own, total...), Every: headingEvery, Running: true, above: func(row Row) string {
			return strings.TrimRight(aboveCounts(counters, "input ("+row.Text("interface")+")")+" "+
				aboveCounts(counters, "input (Total)"), " ")
		}},
		"traffic",
	}
}

// widthOfCount are the widths of columns of running counts, by heading.
var widthOfCount = map[string]int{"packets": -9, "bytes": -11, "errs": -5, "colls": -5, "drops": -5}

// aboveCounts is what stands above the columns of the counts: what came in above its columns, and what went out.
func aboveCounts(counters []runningCount, input string) string {
	in, out, behind := -1, -1, 0
	for _, c := range counters {
		width := 1 - widthOfCount[c.heading]
		switch {
		case !c.out:
			in += width
		case c.heading == "colls" || c.heading == "drops":
			behind += width
		default:
			out += width
		}
	}
	return fmt.Sprintf("%*s %*s%*s", in, input, out, "output", behind, "")
}

// bracketed puts an expression into brackets unless it is a single word.
func bracketed(expression string) string {
	if !strings.Contains(expression, " ") {
		return expression
	}
	return "(" + expression + ")"
}
