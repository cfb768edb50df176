package netstat

import (
	"fmt"
	"strings"
)

// windows is the netstat of Windows XP. -i is not in its manual, and shows what it shows elsewhere; -b and -q are of
// later versions.
var windows = Dialect{
	Name: "windows", Title: "Windows XP",
	Synopsis: []string{"netstat [-a] [-b] [-e] [-i] [-n] [-o] [-p Protocol ...] [-q] [-r] [-s] [Interval]"},
	Flags: []Flag{
		{Letter: "a", Doc: "all connections, and the TCP and UDP ports on which the computer listens",
			Becomes: "`sockets` in all states", set: func(r *request) { r.all = true }},
		{Letter: "b", tells: distinct, Doc: "the program of each connection", Becomes: "adds `process` and `program`",
			set: func(r *request) { r.executables = true }},
		{Letter: "e", tells: weak, without: "arig",
			Doc:     "Ethernet statistics: bytes and packets sent and received; goes with -s",
			Becomes: "`ethernet`, summed over the interfaces", view: "ethernet"},
		{Letter: "i", Doc: "the interfaces and their counters", Becomes: "`interfaces`", view: "interfaces"},
		{Letter: "n", Doc: "addresses and ports as numbers", Becomes: "no `host()` and no `service()`",
			set: (*request).numbers},
		{Letter: "o", tells: weak, Doc: "the process (PID) of each connection", Becomes: "adds `pid`",
			set: func(r *request) { r.pids = true }},
		{Letter: "p", Argument: "Protocol ...", tellsBy: windowsProtocols,
			Doc:     "connections of tcp, udp, tcpv6 or udpv6; with -s statistics of these, icmp, ip, icmpv6 or ipv6",
			Becomes: "`where proto in [...]`", take: (*request).setProtocols},
		{Letter: "q", tells: distinct, Doc: "with -a's: ports that are bound, and neither listen nor are connected",
			Becomes: "`state in [... BOUND_INACTIVE]`", set: func(r *request) { r.bound = true }},
		{Letter: "r", Doc: "the interfaces and the routing tables", Becomes: "`interfaces`, `routes`", view: "routes"},
		{Letter: "s", Doc: "statistics of each protocol", Becomes: "`proto_stats`, by the names of the MIB",
			view: "statistics"},
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
		{"-q -n", "ports that are bound too, as numbers"},
		{"-i", "the interfaces"},
	},
	displays: windowsDisplays,
}

// windowsDisplays are the displays that the flags ask for together: connections only where no other display is.
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
		r.compose("sockets", []string{r.protocolCondition(), r.state()}, sort, "select "+items),
		windowsConnections(r),
	}
}

// protocolCondition is the condition for the protocols that Windows shows: those of -p, else TCP, and with -a UDP, too.
func (r *request) protocolCondition() string {
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

// windowsStates are Windows' names of states where they differ from netql's.
var windowsStates = map[string]string{"LISTEN": "LISTENING", "UNCONN": "", "BOUND_INACTIVE": "BOUND"}

func windowsConnections(r *request) Layout {
	l := Layout{Title: []string{"", "Active Connections", ""}, columns: []column{
		{"  Proto", 7, func(row Row) string { return "  " + strings.ToUpper(row.text("proto")) }},
		{"Local Address", 22, func(row Row) string { return row.windowsEnd("laddr", "lport") }},
		{"Foreign Address", 22, windowsForeign},
		{"State", 15, func(row Row) string { return spelling(windowsStates, row.text("state")) }},
	}}
	if r.pids {
		l.columns = append(l.columns, numberColumn("PID", 0, "pid"))
	}
	if r.executables {
		table := Layout{columns: l.columns}
		l.lines = func(row Row) []string { return append(table.Lines(row), windowsProgram(row)...) }
	}
	return l
}

// windowsForeign is the address of the other end. Without one, Windows shows 0.0.0.0:0 for a listener and *:* for UDP.
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

// windowsProgram is the line of -b below a connection: the program in square brackets.
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
				words := strings.Replace(row.text("statistic"), "non_unicast", "non-unicast", 1)
				words = strings.ReplaceAll(words, "_", " ")
				return strings.ToUpper(words[:1]) + words[1:]
			}},
			textColumn("Received", -15, "received"), textColumn("Sent", -15, "sent"),
		}},
	}}
}

const windowsRule = "==========================================================================="

func windowsRoutes(r *request) []Display {
	routes := func(family, items string) string {
		conditions := []string{`table == "main"`, "family == " + family, "not cached"}
		return r.compose("routes", conditions, "select "+items, "sort dst, metric")
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
			dots := strings.Repeat(".", max(0, 24-len(mac)))
			return []string{fmt.Sprintf("%3d...%s%s %s", row.number("index"), mac, dots, row.text("name"))}
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
			numberColumn("Metric", -6, "metric"),
		}},
	}, {
		routes("inet6", "dev, metric, dst, "+r.named("gateway")),
		Layout{Title: []string{windowsRule, "", "IPv6 Route Table", windowsRule, "Active Routes:"}, columns: []column{
			textColumn(" If", 8, "dev"), numberColumn("Metric", -6, "metric"),
			textColumn("Network Destination", 30, "dst"), {"Gateway", 0, gateway},
		}},
	}}
}
