package netstat

import (
	"fmt"
	"strings"
)

// bsd is the netstat of 4.xBSD.
var bsd = Dialect{
	Name: "bsd", Title: "4.xBSD",
	Synopsis: []string{
		"netstat [-Aan] [-f address_family] [system] [core]",
		"netstat [-ghimnrRs] [-f address_family] [-M core] [-N system]",
		"netstat [-dn] [-I [interface]] [-M core] [-N system] [-w wait]",
		"netstat [-p protocol] [-M core] [-N system]",
	},
	Flags: []Flag{
		{Letter: "A", tells: distinct, Doc: "the protocol control blocks of sockets, by the kernel's cookie",
			Becomes: "adds `cookie`", set: func(r *request) { r.identities = true }},
		{Letter: "a", Doc: "all sockets, those of servers too", Becomes: "`sockets` in all states, `unix_sockets`",
			set: func(r *request) { r.all = true }},
		{Letter: "d", tells: distinct, Doc: "dropped packets, with -i, -I or an interval",
			Becomes: "adds `rx_dropped + tx_dropped`", set: func(r *request) { r.drops = true }},
		{Letter: "f", Argument: "address_family", tells: distinct,
			Doc:     "inet, inet6 or unix alone; ns is unknown to Linux",
			Becomes: "`where family == ...`, `unix_sockets`",
			take:    func(r *request, a []string) error { return r.setFamily(a[0]) }},
		{Letter: "g", tells: weak, Doc: "multicast routing; with -s its statistics",
			Becomes: "`multicast_interfaces`, `multicast_routes`", view: "multicast"},
		{Letter: "h", tells: distinct, Doc: "the IMP host table: today the link-level hosts", Becomes: "`neighbors`",
			view: "hosts", set: func(r *request) {
				r.notes = append(r.notes, "there are no IMPs any more: these are the hosts on the links; "+
					"for help, netql netstat --help")
			}},
		{Letter: "i", Doc: "interfaces", Becomes: "`interfaces`", view: "interfaces"},
		{Letter: "I", Argument: "interface", Optional: true, tells: distinct,
			Doc:     "this interface alone; with an interval, in the place of the primary one",
			Becomes: "`where name == ...`", view: "interfaces", take: func(r *request, a []string) error {
				r.device = strings.Join(a, "")
				return nil
			}},
		{Letter: "m", tells: distinct, Doc: "the memory of the network", Becomes: "`memory`", view: "memory"},
		{Letter: "M", Argument: "core", tells: distinct, Doc: "of a core: a capture, which netql record wrote",
			Becomes: "`--capture`", take: func(r *request, a []string) error { r.core = a[0]; return nil }},
		{Letter: "N", Argument: "system", tells: distinct, Doc: "of another system: a network namespace",
			Becomes: "`--netns`", take: func(r *request, a []string) error { r.system = a[0]; return nil }},
		{Letter: "n", Doc: "addresses as numbers", Becomes: "no `host()` and no `service()`",
			set: (*request).numbers},
		{Letter: "p", Argument: "protocol", tellsBy: bsdProtocols,
			Doc:     "statistics of a protocol, by a name or alias of /etc/protocols",
			Becomes: "`proto_stats proto in [...]`", view: "statistics", take: (*request).setProtocols},
		{Letter: "R", tells: distinct, Doc: "in the synopsis, and not described: the rules of policy routing",
			Becomes: "`rules`", view: "rules"},
		{Letter: "r", tells: weak, with: "s", Doc: "routing tables; with -s statistics of routing",
			Becomes: "`routes`", view: "routes"},
		{Letter: "s", Doc: "statistics of each protocol", Becomes: "`proto_stats`", view: "statistics"},
		{Letter: "w", Argument: "wait", tells: distinct,
			Doc:     "traffic of an interface and of all, again every so many seconds",
			Becomes: "`delta(rx_packets)`, `watch`",
			take:    func(r *request, a []string) error { return r.setInterval(a[0]) }},
	},
	Examples: []Example{
		{"-Aan", "all sockets with their control blocks"},
		{"-a -f inet", "all sockets of IPv4"},
		{"-a -f unix", "unix sockets"},
		{"-f inet6 -n", "connections of IPv6"},
		{"-i -d", "interfaces with dropped packets"},
		{"-I lo -n", "one interface"},
		{"-d -I lo -w 1", "traffic of one interface beside that of all, every second"},
		{"-w 5", "traffic of the primary interface beside that of all, every 5 seconds"},
		{"-m", "the memory of the network"},
		{"-h", "hosts on the links"},
		{"-r -n -f inet6", "the routing table of IPv6"},
		{"-r -s -f inet", "statistics of routing"},
		{"-g", "multicast routing"},
		{"-g -s", "statistics of multicast"},
		{"-R", "rules of policy routing"},
		{"-s -f inet", "statistics of IPv4 and what it carries"},
		{"-p icmp", "statistics of ICMP"},
	},
	displays: bsdDisplays,
}

// bsdDisplays are the displays that the flags ask for together, in the order of the manual's options.
func bsdDisplays(r *request) (displays []Display) {
	onlyInterfaces := len(r.views) == 0 || len(r.views) == 1 && r.shows("interfaces")
	if r.interval > 0 && !r.all && !r.identities && onlyInterfaces {
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
		{"interfaces", bsdInterfaces}, {"memory", bsdMemory}, {"hosts", bsdHosts}, {"rules", bsdRules},
		{"routes", bsdRoutes}, {"multicast", bsdMulticast},
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

func bsdSockets(r *request) (displays []Display) {
	inet := len(r.families) > 0 || !r.unix
	if inet {
		items := "proto, family, recv_queue, send_queue, " + r.ends() + ", state"
		if r.identities {
			items = "cookie, " + items
		}
		conditions := []string{oneOf("family", r.families), r.state()}
		displays = append(displays, Display{
			r.compose("sockets", conditions, "sort proto, family", "select "+items), bsdConnections(r),
		})
	}
	if r.unix || r.all && !(inet && len(r.families) > 0) {
		displays = append(displays, bsdUnixSockets(r))
	}
	return displays
}

// bsdStates are BSD's names of states (netinet/tcp_fsm.h) where they differ from netql's.
var bsdStates = map[string]string{"SYN_RECEIVED": "SYN_RCVD", "UNCONN": "", "BOUND_INACTIVE": ""}

func bsdConnections(r *request) Layout {
	end := func(address, port string) func(Row) string {
		return func(row Row) string {
			host := "*"
			if !isWildcard(row(address)) {
				host = row.text(address)
			}
			return host + "." + row.port(port)
		}
	}
	l := Layout{Title: []string{"Active Internet connections"}, columns: []column{
		{"Proto", 5, func(row Row) string { return row.version6(nil) }},
		numberColumn("Recv-Q", -6, "recv_queue"), numberColumn("Send-Q", -6, "send_queue"),
		{"Local Address", 22, end("laddr", "lport")}, {"Foreign Address", 22, end("raddr", "rport")},
		{"(state)", 0, func(row Row) string {
			if datagrams[row.text("proto")] {
				return ""
			}
			return spelling(bsdStates, row.text("state"))
		}},
	}}
	if r.all {
		l.Title[0] += " (including servers)"
	}
	if r.identities {
		l.columns = append([]column{{"PCB", 8, hexadecimal("cookie")}}, l.columns...)
	}
	return l
}

// datagrams are the protocols whose sockets have no states.
var datagrams = map[string]bool{"udp": true, "udplite": true, "raw": true, "icmp": true}

// hexadecimal is the text of a column of numbers; "-" for NULL.
func hexadecimal(name string) func(Row) string {
	return func(row Row) string {
		if row(name) == nil {
			return "-"
		}
		return fmt.Sprintf("%x", row.number(name))
	}
}

func bsdUnixSockets(r *request) Display {
	state := "state != LISTEN"
	if r.all {
		state = ""
	}
	const items = "cookie, type, recv_queue, send_queue, vfs_inode, peer, refs, path"
	return Display{
		r.compose("unix_sockets", []string{state}, "select "+items),
		Layout{Title: []string{"Active UNIX domain sockets"}, columns: []column{
			{"Address", 8, hexadecimal("cookie")}, textColumn("Type", 9, "type"),
			numberColumn("Recv-Q", -6, "recv_queue"), numberColumn("Send-Q", -6, "send_queue"),
			numberColumn("Inode", -8, "vfs_inode"), numberColumn("Conn", -8, "peer"), numberColumn("Refs", -4, "refs"),
			textColumn("Addr", 0, "path"),
		}},
	}
}

// bsdCounters are the groups of proto_stats that -s shows, for the family that -f names.
func (r *request) bsdCounters() []string {
	four := []string{"ip", "ip_ext", "icmp", "icmpmsg", "tcp", "tcp_ext", "udp", "udplite"}
	six := []string{"ip6", "icmp6", "udp6", "udplite6"}
	switch strings.Join(r.families, " ") {
	case "inet":
		return four
	case "inet6":
		return six
	}
	return append(four, six...)
}

// bsdStatistics are the counters of the protocols, each worded by its doc; with a topic, those of that topic instead.
func bsdStatistics(r *request, topic string) Display {
	conditions := []string{oneOf("proto", r.counters(r.bsdCounters())), `kind != "setting"`}
	if topic != "" {
		conditions = []string{"topic == " + topic, `kind != "setting"`}
	}
	return Display{
		r.compose("proto_stats", conditions, "select proto, name, value, doc"),
		Layout{summary: func(rows []Row) (lines []string) {
			last := ""
			for _, row := range rows {
				if proto := row.text("proto"); proto != last {
					lines, last = append(lines, proto+":"), proto
				}
				lines = append(lines, "\t"+row.text("value")+" "+counterPhrase(row))
			}
			return lines
		}},
	}
}

// counterPhrase is what stands behind the value of a counter, as in the manual's lines ("3 segments received"): the
// doc's first clause in lower case, else the counter's name.
func counterPhrase(row Row) string {
	doc := strings.TrimSuffix(row.text("doc"), ".")
	if doc == "" {
		return row.text("name")
	}
	doc, _, _ = strings.Cut(doc, "; ")
	first, rest, _ := strings.Cut(doc, " ")
	abbreviation := first == strings.ToUpper(first) || strings.ToUpper(first[1:2]) == first[1:2] // ICMP, SYNs
	if abbreviation {
		return first + " " + rest
	}
	return strings.ToLower(first[:1]) + first[1:] + " " + rest
}
