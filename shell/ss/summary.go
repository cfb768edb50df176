package ss

import (
	"fmt"

	"netql/shell/netstat"
)

// summaryDisplays are the queries of -s: how many connections there are, then the pools of the network's memory, whose
// rows have the other numbers.
func (r *request) summaryDisplays() []netstat.Display {
	connections := 0 // of the first query, shown among the numbers of the second
	first := func(rows []netstat.Row) []string {
		for _, row := range rows {
			connections = row.Number("value")
		}
		return nil
	}
	second := func(rows []netstat.Row) []string { return summaryLines(connections, rows) }
	return []netstat.Display{
		{Name: "connections", Query: `proto_stats proto == tcp and name == "CurrEstab" | select proto, name, value`,
			Layout: netstat.SummaryLayout(first)},
		{Name: "memory", Query: `memory kind in [all, transport, fragments] or kind == protocol and ` +
			`name in ["RAW", "RAWv6", "UDP", "UDPv6", "TCP", "TCPv6"] | ` +
			`select kind, name, sockets, allocated, orphans, time_wait, datagrams`,
			Layout: netstat.SummaryLayout(second)},
	}
}

// summaryLines are the lines of -s.
func summaryLines(connections int, rows []netstat.Row) []string {
	n := func(kind, name, column string) int {
		for _, row := range rows {
			if row.Text("kind") == kind && (row.Text("name") == name || kind == "all") {
				return row.Number(column)
			}
		}
		return 0
	}
	allocated, waiting := n("transport", "tcp", "allocated"), n("transport", "tcp", "time_wait")
	four := map[string]int{}
	six := map[string]int{}
	for _, name := range []string{"RAW", "UDP", "TCP"} {
		four[name], six[name] = n("protocol", name, "sockets"), n("protocol", name+"v6", "sockets")
		four["INET"] += four[name]
		six["INET"] += six[name]
	}
	four["FRAG"], six["FRAG"] = n("fragments", "ip", "datagrams"), n("fragments", "ip6", "datagrams")
	lines := []string{
		fmt.Sprintf("Total: %d", n("all", "", "sockets")),
		fmt.Sprintf("TCP:   %d (estab %d, closed %d, orphaned %d, timewait %d)", allocated+waiting, connections,
			allocated-(four["TCP"]+six["TCP"]-waiting), n("transport", "tcp", "orphans"), waiting),
		"",
		"Transport Total     IP        IPv6",
	}
	for _, name := range []string{"RAW", "UDP", "TCP", "INET", "FRAG"} {
		lines = append(lines, fmt.Sprintf("%-9s %-9d %-9d %-9d", name, four[name]+six[name], four[name], six[name]))
	}
	return append(lines, "")
}
