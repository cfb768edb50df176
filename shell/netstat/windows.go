package netstat

import (
	"fmt"
	"strings"
)

// windows is the netstat of Windows XP. -i is not in its manual, and shows what it shows elsewhere; -b and -q are of later
// versions.
var windows = Dialect{
	Name: "windows", Title: "Windows XP",
	Synopsis: []string{"netstat [-a] [-b] [-e] [-n] [-o] [-p Protocol ...] [-q] [-r] [-s] [Interval]"},
	Flags: []Flag{
		{"a", "", false, "all connections, and the TCP and UDP ports on which the computer listens", "`sockets` in all states",
			nil, on(func(r *request) { r.all = true })},
		{"b", "", false, "the program of each connection", "adds `process` and `program`",
			always(distinct), on(func(r *request) { r.executables = true })},
		{"e", "", false, "Ethernet statistics: bytes and packets sent and received; goes with -s", "`ethernet`, summed over the interfaces",
			unless("arig"), on(func(r *request) { r.view("ethernet") })},
		{"i", "", false, "the interfaces and their counters", "`interfaces`", nil, on(func(r *request) { r.view("interfaces") })},
		{"n", "", false, "addresses and ports as numbers", "no `host()` and no `service()`", nil, on(func(r *request) { r.numeric = true })},
		{"o", "", false, "the process (PID) of each connection", "adds `pid`", always(weak), on(func(r *request) { r.pids = true })},
		{"p", "Protocol ...", false, "connections of tcp, udp, tcpv6 or udpv6; with -s statistics of these, icmp, ip, icmpv6 or ipv6", "`where proto in [...]`",
			protocolSign(true), (*request).setProtocols},
		{"q", "", false, "with -a's: ports that are bound, and neither listen nor are connected", "`state in [... BOUND_INACTIVE]`",
			always(distinct), on(func(r *request) { r.bound = true })},
		{"r", "", false, "the interfaces and the routing tables", "`interfaces`, `routes`", nil, on(func(r *request) { r.view("routes") })},
		{"s", "", false, "statistics of each protocol", "`proto_stats`, by the names of the MIB", nil, on(func(r *request) { r.view("statistics") })},
	},
	Examples: []Example{
		{"-a", "every connection and listening port"},
		{"-e -s", "the Ethernet statistics and the statistics of all protocols"},
		{"-s -p tcp udp", "the statistics of TCP and UDP alone"},
		{"-o 5", "active TCP connections with their processes, every 5 seconds"},
		{"-n -o", "active TCP connections with their processes, as numbers"},
		{"-ano", "all of it, as numbers"},
		{"-b", "active TCP connections with their programs"},
		{"-r", "the interfaces and the routing tables"},
		{"-p udpv6 -a", "the ports of UDP over IPv6"},
	},
	displays: windowsDisplays,
}

// on is a flag without argument.
func on(set func(r *request)) func(*request, []string) error {
	return func(r *request, _ []string) error {
		set(r)
		return nil
	}
}

func windowsDisplays(r *request) (displays []Display) {
	for _, v := range []struct {
		name string
		make func(r *request) []Display
	}{
		{"interfaces", func(r *request) []Display { return []Display{linuxInterfaces(r)} }},
		{"routes", windowsRoutes}, {"ethernet", windowsEthernet}, {"statistics", windowsStatistics},
	} {
		if r.shows(v.name) {
			displays = append(displays, v.make(r)...)
		}
	}
	if displays == nil {
		displays = []Display{windowsSockets(r)}
	}
	return displays
}

func windowsSockets(r *request) Display {
	items := "proto, " + r.ends() + ", state"
	if r.executables {
		items += ", process, executable = program"
	}
	if r.pids {
		items += ", pid"
	}
	sort := ""
	if r.all || r.bound || len(r.chosen) > 1 {
		sort = "sort proto, family"
	}
	return Display{
		r.compose("sockets", []string{r.windowsProtocols(), r.state()}, sort, "select "+items),
		windowsConnections(r),
	}
}

// windowsProtocols is which sockets are shown: those that -p names, else those of TCP, and with -a those of UDP.
func (r *request) windowsProtocols() string {
	if len(r.chosen) == 0 {
		if r.all || r.bound {
			return "proto in [tcp, udp]"
		}
		return "proto == tcp"
	}
	var parts []string
	for _, p := range r.chosen {
		parts = append(parts, fmt.Sprintf("proto == %s and family == %s", p.transport, p.family))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return "((" + strings.Join(parts, ") or (") + "))"
}

// windowsStates are the states that Windows spells in its own way.
var windowsStates = map[string]string{"LISTEN": "LISTENING", "UNCONN": "", "BOUND_INACTIVE": "BOUND"}

func windowsConnections(r *request) Layout {
	l := Layout{Title: []string{"", "Active Connections", ""}, columns: []column{
		{"  Proto", 7, func(row Row) string { return "  " + strings.ToUpper(row.text("proto")) }},
		{"Local Address", 22, func(row Row) string { return row.windowsEnd("laddr", "lport") }},
		{"Foreign Address", 22, windowsForeign},
		{"State", 15, func(row Row) string { return spelling(windowsStates, row.text("state")) }},
	}}
	if r.pids {
		l.columns = append(l.columns, numeral("PID", 0, "pid"))
	}
	if r.executables {
		table := Layout{columns: l.columns}
		l.lines = func(row Row) []string { return append(table.Lines(row), windowsProgram(row)...) }
	}
	return l
}

// windowsForeign is where the other end is: a listener has nobody's address, a datagram socket any.
func windowsForeign(row Row) string {
	switch {
	case row("raddr") != nil:
		return row.windowsEnd("raddr", "rport")
	case row.text("proto") == "udp":
		return "*:*"
	case strings.Contains(row.text("laddr"), ":"):
		return "[::]:0"
	}
	return "0.0.0.0:0"
}

func (r Row) windowsEnd(address, port string) string {
	host := r.text(address)
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + r.text(port)
}

// windowsProgram is the line of -b below a connection.
func windowsProgram(row Row) []string {
	switch {
	case row("executable") != nil:
		return []string{" [" + row.text("executable") + "]"}
	case row("process") != nil:
		return []string{" [" + row.text("process") + "]"}
	}
	return []string{" Can not obtain ownership information"}
}

func windowsEthernet(r *request) []Display {
	return []Display{{
		r.compose("ethernet", nil, "group by statistic: received = sum(received), sent = sum(sent)"),
		Layout{Title: []string{"", "Interface Statistics", ""}, columns: []column{
			{"", 20, func(row Row) string {
				words := strings.ReplaceAll(strings.Replace(row.text("statistic"), "non_unicast", "non-unicast", 1), "_", " ")
				return strings.ToUpper(words[:1]) + words[1:]
			}},
			shown("Received", -15, "received"), shown("Sent", -15, "sent"),
		}},
	}}
}

const windowsRule = "==========================================================================="

func windowsRoutes(r *request) []Display {
	routes := func(family, items string) string {
		return r.compose("routes", []string{"table == \"main\"", "family == " + family, "not cached"}, "select "+items, "sort dst, metric")
	}
	gateway := func(row Row) string {
		if row("gateway") == nil {
			return "On-link"
		}
		return row.address("gateway")
	}
	return []Display{{
		r.compose("interfaces", nil, "select index, mac, name", "sort index"),
		Layout{Title: []string{windowsRule, "Interface List"}, lines: func(row Row) []string {
			mac := strings.ReplaceAll(row.text("mac"), ":", " ")
			return []string{fmt.Sprintf("%3d...%s%s %s", row.number("index"), mac, strings.Repeat(".", max(0, 24-len(mac))), row.text("name"))}
		}},
	}, {
		routes("inet", "dst, "+r.named("gateway")+", src, dev, metric"),
		Layout{Title: []string{windowsRule, "", "IPv4 Route Table", windowsRule, "Active Routes:"}, columns: []column{
			{"Network Destination", -19, func(row Row) string { return row.prefix("dst").Addr().String() }},
			{"Netmask", -16, func(row Row) string { return netmask(row.prefix("dst")) }},
			{"Gateway", -16, gateway},
			{"Interface", -16, func(row Row) string {
				if row("src") != nil {
					return row.text("src")
				}
				return row.text("dev")
			}},
			numeral("Metric", -6, "metric"),
		}},
	}, {
		routes("inet6", "dev, metric, dst, "+r.named("gateway")),
		Layout{Title: []string{windowsRule, "", "IPv6 Route Table", windowsRule, "Active Routes:"}, columns: []column{
			shown(" If", 8, "dev"), numeral("Metric", -6, "metric"), shown("Network Destination", 30, "dst"), {"Gateway", 0, gateway},
		}},
	}}
}
