package netstat

import (
	"fmt"
	"strings"
)

// bsd is the netstat of 4.xBSD, with what FreeBSD and macOS added to it.
var bsd = Dialect{
	Name: "bsd", Title: "BSD",
	Synopsis: []string{
		"netstat [-AanvTxWl46] [-f address_family] [-p protocol] [system] [core]",
		"netstat [-ghimnrRsLBQ] [-f address_family] [-M core] [-N system]",
		"netstat [-abdnW] [-I [interface]] [-M core] [-N system] [-w wait] [-q howmany]",
		"netstat [-p protocol] [-M core] [-N system] [--libxo json]",
	},
	Flags: bsdFlags,
	Examples: []Example{
		{"-Aan", "all sockets with their control blocks", false},
		{"-a -f inet", "all sockets of IPv4", false},
		{"-a -f unix", "unix sockets", false},
		{"-f inet6 -n", "connections of IPv6", false},
		{"-i -d", "interfaces with dropped packets", false},
		{"-I lo -n", "one interface", false},
		{"-d -I lo -w 1", "traffic of one interface beside that of all, every second", false},
		{"-w 5", "traffic of the primary interface beside that of all, every 5 seconds", false},
		{"-m", "the memory of the network", false},
		{"-h", "hosts on the links", false},
		{"-r -n -f inet6", "the routing table of IPv6", false},
		{"-r -s -f inet", "statistics of routing", false},
		{"-g", "multicast routing", false},
		{"-g -s", "statistics of multicast", false},
		{"-R", "rules of policy routing", false},
		{"-s -f inet", "statistics of IPv4 and what it carries", false},
		{"-p icmp", "statistics of ICMP", false},
		{"-anvp tcp", "TCP sockets with their buffers and processes, as macOS' netstat has it", false},
		{"-an -f inet -p tcp", "TCP sockets of IPv4", false},
		{"-L -n", "the queues of listening sockets", false},
		{"-T -n -p tcp", "TCP connections with what was sent again", false},
		{"-x -n -p udp", "UDP sockets with their buffers and timers", true},
		{"-i -b -n", "interfaces with bytes", false},
		{"-i -a -f inet", "interfaces and multicast groups of IPv4", false},
		{"-i -W -6", "interfaces with addresses of IPv6 in full length", true},
		{"-a -n -4", "all sockets of IPv4", true},
		{"-r -l -n", "routing tables with MTUs", true},
		{"-B", "what captures packets", false},
		{"-Q", "the queues of received packets", false},
		{"-w 1 -q 5", "traffic in five samples", false},
		{"-r --libxo json", "the routing tables as JSON", false},
	},
	displays: bsdDisplays,
}

// bsdDisplays are the displays that the flags ask for together, in the order of the manual's options.
func bsdDisplays(r *request) (displays []Display) {
	r.bsdViews()
	onlyInterfaces := len(r.views) == 0 || len(r.views) == 1 && r.shows("interfaces")
	if r.interval > 0 && !r.aboutSockets() && onlyInterfaces {
		return []Display{bsdTraffic(r)}
	}
	about := ""
	for _, topic := range []struct{ view, topic string }{{"routes", "routing"}, {"multicast", "multicast"}} {
		if r.shows("statistics") && r.shows(topic.view) && len(r.chosen) == 0 {
			about = topic.topic
			displays = append(displays, bsdStatistics(r, about))
		}
	}
	for _, v := range []struct {
		name string
		make func(r *request) []Display
	}{
		{"listeners", bsdListeners}, {"interfaces", bsdInterfaces}, {"captures", bsdCaptures}, {"softnet", bsdSoftnet},
		{"memory", bsdMemory}, {"hosts", bsdHosts}, {"rules", bsdRules}, {"routes", bsdRoutes},
		{"multicast", bsdMulticast},
		{"statistics", func(r *request) []Display { return []Display{bsdStatistics(r, "")} }},
	} {
		instead := about != "" && (v.name == "routes" || v.name == "multicast" || v.name == "statistics")
		if r.shows(v.name) && !instead {
			displays = append(displays, v.make(r)...)
		}
	}
	if len(r.views) == 0 {
		displays = bsdSockets(r)
	}
	return displays
}

// bsdViews adds the views that flags ask for only beside others: -I the interfaces, unless it narrows captures, and -p
// statistics, unless it narrows sockets.
func (r *request) bsdViews() {
	if r.devices && !r.shows("captures") {
		r.view("interfaces")
	}
	if len(r.chosen) > 0 && !r.shows("listeners") && (len(r.views) > 0 || !r.aboutSockets() && !r.hostNumbers) {
		r.view("statistics")
	}
	for _, p := range r.chosen {
		if p.sockets == "" && len(r.views) == 0 {
			r.note("%s has no sockets: these are its statistics", p.names[0])
			r.view("statistics")
		}
	}
	if r.samples > 0 && r.interval == 0 {
		r.note("-q goes with an interval (-w): this is one sample")
	}
	if r.shows("interfaces") && r.shows("statistics") {
		r.note("Linux counts protocols for the machine, not for an interface")
	}
}

// aboutSockets says whether a flag says something about sockets that shows no other view.
func (r *request) aboutSockets() bool {
	return r.all || r.identities || r.tcpInfo || r.buffers || r.verbose || r.unix || len(r.families) > 0
}

// bsdSockets are the sockets and, unless a family or protocol of IP is asked for, unix sockets.
func bsdSockets(r *request) (displays []Display) {
	inet := len(r.families)+len(r.chosen) > 0 || !r.unix
	if inet {
		items := []string{"proto, family, recv_queue, send_queue, " + r.ends() + ", state"}
		for _, more := range r.bsdAdditions() {
			if more.asked {
				items = append(items, more.items)
			}
		}
		if r.identities {
			items = append([]string{"cookie"}, items...)
		}
		conditions := []string{r.bsdProtocolCondition(), oneOf("family", r.families), r.state()}
		displays = append(displays, Display{
			"sockets",
			r.compose("sockets", conditions, "sort proto, family", "select "+strings.Join(items, ", ")),
			bsdConnections(r), "sockets",
		})
	}
	if r.unix || !inet || len(r.families)+len(r.chosen) == 0 {
		displays = append(displays, bsdUnixSockets(r))
	}
	return displays
}

// addition are columns that a flag adds to sockets.
type addition struct {
	asked   bool
	items   string // of the select
	columns []column
}

// bsdAdditions are the columns that -T, -x and -v add to sockets.
func (r *request) bsdAdditions() []addition {
	return []addition{{r.tcpInfo, "total_retrans, rcv_ooopack", []column{
		numberColumn("Rexmit", -6, "total_retrans"), numberColumn("OOORcv", -6, "rcv_ooopack"),
	}}, {r.buffers, "rmem, rcvbuf, wmem, sndbuf, timer, timer_expires", []column{
		numberColumn("R-BCNT", -7, "rmem"), numberColumn("R-HIWA", -7, "rcvbuf"),
		numberColumn("S-BCNT", -7, "wmem"), numberColumn("S-HIWA", -7, "sndbuf"),
		textColumnOr("Timer", 10, "timer", "-"),
		{"Expires", -7, func(row Row) string { return fmt.Sprintf("%.2f", row.seconds("timer_expires")) }},
	}}, {r.verbose, "rhiwat = rcvbuf, shiwat = sndbuf, pid, process", []column{
		numberColumn("rhiwat", -7, "rhiwat"), numberColumn("shiwat", -7, "shiwat"),
		{"process:pid", 0, func(row Row) string {
			if row("pid") == nil {
				return "-"
			}
			return fmt.Sprintf("%s:%d", row.Text("process"), row.Number("pid"))
		}},
	}}}
}

// bsdProtocolCondition is the condition for the sockets of the protocols of -p; "" without it.
func (r *request) bsdProtocolCondition() string {
	var parts []string
	for _, p := range r.chosen {
		part := "proto == " + p.sockets
		if p.family == "inet6" {
			part += " and family == inet6"
		}
		parts = append(parts, part)
	}
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return "((" + strings.Join(parts, ") or (") + "))"
}

// bsdStates are BSD's names of states (netinet/tcp_fsm.h) where they differ from netql's.
var bsdStates = map[string]string{"SYN_RECEIVED": "SYN_RCVD", "UNCONN": "", "BOUND_INACTIVE": ""}

func bsdConnections(r *request) Layout {
	end := func(address, port string) func(Row) string {
		return func(row Row) string { return bsdEnd(row, address, port) }
	}
	l := Layout{Title: []string{"Active Internet connections"}, columns: []column{
		{"Proto", 5, func(row Row) string { return row.version6(nil) }},
		numberColumn("Recv-Q", -6, "recv_queue"), numberColumn("Send-Q", -6, "send_queue"),
		{"Local Address", 22, end("laddr", "lport")}, {"Foreign Address", 22, end("raddr", "rport")},
		{"(state)", 0, func(row Row) string {
			if datagrams[row.Text("proto")] {
				return ""
			}
			return spelling(bsdStates, row.Text("state"))
		}},
	}}
	if r.all {
		l.Title[0] += " (including servers)"
	}
	for _, more := range r.bsdAdditions() {
		if more.asked {
			l.columns[len(l.columns)-1].width = 12
			l.columns = append(l.columns, more.columns...)
		}
	}
	if r.identities {
		l.columns = append([]column{{"PCB", 8, hexadecimal("cookie")}}, l.columns...)
	}
	return l
}

// bsdEnd is one end of a socket: an address and a port with a dot between them.
func bsdEnd(row Row, address, port string) string {
	host := "*"
	if !isWildcard(row(address)) {
		host = row.Text(address)
	}
	return host + "." + row.Port(port)
}

// datagrams are the protocols whose sockets have no states.
var datagrams = map[string]bool{"udp": true, "udplite": true, "raw": true, "icmp": true}

// hexadecimal is the text of a column of numbers; "-" for NULL.
func hexadecimal(name string) func(Row) string {
	return func(row Row) string {
		if row(name) == nil {
			return "-"
		}
		return fmt.Sprintf("%x", row.Number(name))
	}
}

func bsdUnixSockets(r *request) Display {
	state := "state != LISTEN"
	if r.all {
		state = ""
	}
	const items = "cookie, type, recv_queue, send_queue, vfs_inode, peer, refs, path"
	return Display{
		"unix sockets", r.compose("unix_sockets", []string{state}, "select "+items),
		Layout{Title: []string{"Active UNIX domain sockets"}, columns: []column{
			{"Address", 8, hexadecimal("cookie")}, textColumn("Type", 9, "type"),
			numberColumn("Recv-Q", -6, "recv_queue"), numberColumn("Send-Q", -6, "send_queue"),
			numberColumn("Inode", -8, "vfs_inode"), numberColumn("Conn", -8, "peer"), numberColumn("Refs", -4, "refs"),
			textColumn("Addr", 0, "path"),
		}},
		"unix",
	}
}
