package netstat

import (
	"fmt"
	"strings"
)

// windows is the netstat of Windows, of XP and what came until 11.
var windows = Dialect{
	Name: "windows", Title: "Windows", anyCase: true,
	Synopsis: []string{
		"netstat [-a] [-b] [-c] [-d] [-e] [-f] [-i] [-n] [-o] [-p Protocol ...] [-q] [-r] [-s] [-t] [-x] [-y] " +
			"[Interval]",
	},
	Flags: windowsFlags,
	Examples: []Example{
		{"-a", "every connection and listening port", false},
		{"-e -s", "the Ethernet statistics and the statistics of all protocols", false},
		{"-s -p tcp udp", "the statistics of TCP and UDP alone", false},
		{"-o 5", "active TCP connections with their processes, every 5 seconds", false},
		{"-n -o", "active TCP connections with their processes, as numbers", false},
		{"-ano", "all of it, as numbers", false},
		{"-b", "active TCP connections with their programs", false},
		{"-r", "the interfaces and the routing tables", false},
		{"-p udpv6 -a", "the ports of UDP over IPv6", false},
		{"-q -n", "ports that are bound too, as numbers", false},
		{"-c", "processes by the number of their ports", true},
		{"-d -n", "active TCP connections with their DSCP, as numbers", true},
		{"-n -f", "active TCP connections with the names of the other ends", false},
		{"-i -n", "active TCP connections with the time in their state", false},
	},
	displays: windowsDisplays,
}

// windowsDisplays are the displays that the flags ask for together: connections only where no other display is.
func windowsDisplays(r *request) (displays []Display) {
	for _, v := range []struct {
		name string
		make func(r *request) []Display
	}{
		{"ports", windowsPorts}, {"routes", windowsRoutes}, {"ethernet", windowsEthernet},
		{"statistics", windowsStatistics},
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
	items := "proto, " + r.windowsEnds() + ", state"
	if r.stateTimes {
		r.note("Linux tells the time in a state of TIME_WAIT alone")
	}
	for _, more := range r.windowsAdditions() {
		if more.asked {
			items += ", " + more.items
		}
	}
	sort := ""
	if r.all || r.bound || len(r.chosen) > 1 {
		sort = "sort proto, family"
	}
	return Display{
		"sockets", r.compose("sockets", []string{r.protocolCondition(), r.state()}, sort, "select "+items),
		windowsConnections(r), "sockets",
	}
}

// windowsEnds are the items of a select for both ends. With -f the other end has its name even with -n.
func (r *request) windowsEnds() string {
	if r.fullNames && r.hostNumbers {
		return "laddr, lport, raddr = host(raddr), rport"
	}
	return r.ends()
}

// windowsAdditions are the columns that flags add to sockets. A connection stays in TIME_WAIT for 60 seconds
// (TCP_TIMEWAIT_LEN of net/tcp.h), of which the timer tells how many are left.
func (r *request) windowsAdditions() []addition {
	return []addition{
		{r.dscp, "dscp = floor(tos / 4)", []column{textColumnOr("DSCP", 6, "dscp", "-")}},
		{r.stateTimes, "in_state = (state == TIME_WAIT ? 60s - timer_expires : nil)", []column{
			{"Time in State (ms)", 18, func(row Row) string {
				if row("in_state") == nil {
					return "-"
				}
				return fmt.Sprint(int(row.seconds("in_state") * 1000))
			}},
		}},
		{r.executables, "process, executable = program", nil},
		{r.pids, "pid", []column{{"PID", 0, windowsPID}}},
	}
}

// windowsPID is the process of a socket. Windows has 0 where there is none any more, in TIME_WAIT; who has another
// socket may be unknown to us.
func windowsPID(row Row) string {
	switch {
	case row("pid") != nil:
		return row.Text("pid")
	case row.Text("state") == "TIME_WAIT":
		return "0"
	}
	return "-"
}

// windowsPorts are the processes, those with the most ports first.
func windowsPorts(r *request) []Display {
	return []Display{{
		"ports", r.compose("sockets", []string{"proto in [tcp, udp]"},
			"group by pid, process: tcp = sum(proto == tcp ? 1 : 0), udp = sum(proto == udp ? 1 : 0)",
			"sort tcp + udp desc, pid"),
		Layout{Title: []string{"", "Processes by ports", ""}, columns: []column{
			textColumnOr("PID", -8, "pid", "-"), numberColumn("TCP", -8, "tcp"), numberColumn("UDP", -8, "udp"),
			textColumnOr("Process", 0, "process", "-"),
		}},
		"ports",
	}}
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
		{"  Proto", 7, func(row Row) string { return "  " + strings.ToUpper(row.Text("proto")) }},
		{"Local Address", 22, func(row Row) string { return row.windowsEnd("laddr", "lport") }},
		{"Foreign Address", 22, windowsForeign},
		{"State", 15, func(row Row) string { return spelling(windowsStates, row.Text("state")) }},
	}}
	for _, more := range r.windowsAdditions() {
		if more.asked {
			l.columns = append(l.columns, more.columns...)
		}
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
	case row.Text("proto") == "udp":
		return "*:*"
	case strings.Contains(row.Text("laddr"), ":"):
		return "[::]:0"
	}
	return "0.0.0.0:0"
}

func (r Row) windowsEnd(address, port string) string {
	host := r.Text(address)
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + r.Text(port)
}

// windowsProgram is the line of -b below a connection: the program in square brackets.
func windowsProgram(row Row) []string {
	switch {
	case row("executable") != nil:
		return []string{" [" + row.Text("executable") + "]"}
	case row("process") != nil:
		return []string{" [" + row.Text("process") + "]"}
	}
	return []string{" Can not obtain ownership information"}
}

func windowsEthernet(r *request) []Display {
	return []Display{{
		"ethernet", r.compose("ethernet", nil, "group by statistic: received = sum(received), sent = sum(sent)"),
		Layout{Title: []string{"", "Interface Statistics", ""}, columns: []column{
			{"", 20, func(row Row) string {
				words := strings.Replace(row.Text("statistic"), "non_unicast", "non-unicast", 1)
				words = strings.ReplaceAll(words, "_", " ")
				return strings.ToUpper(words[:1]) + words[1:]
			}},
			textColumn("Received", -15, "received"), textColumn("Sent", -15, "sent"),
		}},
		"ethernet",
	}}
}

const windowsRule = "==========================================================================="

// windowsGateway is the gateway of a route. A route that rejects packets has none, and is not on a link either.
func windowsGateway(row Row) string {
	switch kind := row.Text("type"); {
	case kind != "unicast":
		return strings.ToUpper(kind[:1]) + kind[1:]
	case row("gateway") == nil:
		return "On-link"
	}
	return row.address("gateway")
}

// windowsRoutesOf is the query for the routes of a family.
func windowsRoutesOf(r *request, family, items string) string {
	conditions := []string{`table == "main"`, "family == " + family, "not cached"}
	return r.compose("routes", conditions, "select "+items, "sort dst, metric")
}

func windowsRoutes(r *request) []Display {
	return []Display{{
		"interfaces", r.compose("interfaces", nil, "select index, mac, name", "sort index"),
		Layout{Title: []string{windowsRule, "Interface List"}, lines: func(row Row) []string {
			mac := strings.ReplaceAll(row.Text("mac"), ":", " ")
			dots := strings.Repeat(".", max(0, 24-len(mac)))
			return []string{fmt.Sprintf("%3d...%s%s %s", row.Number("index"), mac, dots, row.Text("name"))}
		}},
		"routes",
	}, {
		"routes of IPv4", windowsRoutesOf(r, "inet", "dst, type, "+r.named("gateway")+", src, dev, metric"),
		Layout{Title: []string{windowsRule, "", "IPv4 Route Table", windowsRule, "Active Routes:"}, columns: []column{
			{"Network Destination", -19, func(row Row) string { return row.prefix("dst").Addr().String() }},
			{"Netmask", -16, func(row Row) string { return netmask(row.prefix("dst")) }},
			{"Gateway", -16, windowsGateway},
			{"Interface", -16, func(row Row) string {
				if row("src") != nil {
					return row.Text("src")
				}
				return row.Text("dev")
			}},
			numberColumn("Metric", -6, "metric"),
		}},
		"routes",
	}, {
		"routes of IPv6", windowsRoutesOf(r, "inet6", "dev, metric, dst, type, "+r.named("gateway")),
		Layout{Title: []string{windowsRule, "", "IPv6 Route Table", windowsRule, "Active Routes:"}, columns: []column{
			textColumn(" If", 8, "dev"), numberColumn("Metric", -6, "metric"),
			textColumn("Network Destination", 30, "dst"), {"Gateway", 0, windowsGateway},
		}},
		"routes",
	}}
}
