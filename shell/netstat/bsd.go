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
		"netstat [-himnrRs] [-f address_family] [-M core] [-N system]",
		"netstat [-dn] [-I [interface]] [-M core] [-N system] [-w wait]",
		"netstat [-p protocol] [-M core] [-N system]",
	},
	Flags: []Flag{
		{"A", "", false, "the protocol control blocks of sockets, by the kernel's cookie", "adds `cookie`", always(distinct), on(func(r *request) { r.identities = true })},
		{"a", "", false, "all sockets, those of servers too", "`sockets` in all states, `unix_sockets`", nil, on(func(r *request) { r.all = true })},
		{"d", "", false, "dropped packets, with -i, -I or an interval", "adds `rx_dropped + tx_dropped`", always(distinct), on(func(r *request) { r.drops = true })},
		{"f", "address_family", false, "inet, inet6 or unix alone; ns is unknown to Linux", "`where family == ...`, `unix_sockets`", always(distinct),
			func(r *request, a []string) error { return r.setFamily(a[0]) }},
		{"g", "", false, "multicast routing; with -s its statistics", "`multicast_interfaces`, `multicast_routes`", always(weak), on(func(r *request) { r.view("multicast") })},
		{"h", "", false, "the IMP host table: today the link-level hosts", "`neighbors`", always(distinct), on(func(r *request) {
			r.view("hosts")
			r.notes = append(r.notes, "there are no IMPs any more: these are the hosts on the links; for help, netql netstat --help")
		})},
		{"i", "", false, "interfaces", "`interfaces`", nil, on(func(r *request) { r.view("interfaces") })},
		{"I", "interface", true, "this interface alone; with an interval, in the place of the primary one", "`where name == ...`", always(distinct),
			func(r *request, a []string) error {
				if len(a) > 0 {
					r.device = a[0]
				}
				r.view("interfaces")
				return nil
			}},
		{"m", "", false, "the memory of the network", "`memory`", always(distinct), on(func(r *request) { r.view("memory") })},
		{"M", "core", false, "of a core: a capture, which netql record wrote", "`--capture`", always(distinct),
			func(r *request, a []string) error { r.core = a[0]; return nil }},
		{"N", "system", false, "of another system: a network namespace", "`--netns`", always(distinct),
			func(r *request, a []string) error { r.system = a[0]; return nil }},
		{"n", "", false, "addresses as numbers", "no `host()` and no `service()`", nil, on(func(r *request) { r.numeric = true })},
		{"p", "protocol", false, "statistics of a protocol, by a name or alias of /etc/protocols", "`proto_stats proto in [...]`", protocolSign(false),
			func(r *request, names []string) error {
				r.view("statistics")
				return r.setProtocols(names)
			}},
		{"R", "", false, "in the synopsis, and not described: the rules of policy routing", "`rules`", always(distinct), on(func(r *request) { r.view("rules") })},
		{"r", "", false, "routing tables; with -s statistics of routing", "`routes`", beside("s"), on(func(r *request) { r.view("routes") })},
		{"s", "", false, "statistics of each protocol", "`proto_stats`", nil, on(func(r *request) { r.view("statistics") })},
		{"w", "wait", false, "traffic of an interface and of all, again every so many seconds", "`delta(rx_packets)`, `watch`", always(distinct),
			func(r *request, a []string) error { return r.setInterval(a[0]) }},
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

func bsdDisplays(r *request) (displays []Display) {
	if r.interval > 0 && !r.all && !r.identities && (len(r.views) == 0 || len(r.views) == 1 && r.shows("interfaces")) {
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
		displays = append(displays, Display{
			r.compose("sockets", []string{oneOf("family", r.families), r.state()}, "sort proto, family", "select "+items), bsdConnections(r),
		})
	}
	if r.unix || r.all && !(inet && len(r.families) > 0) {
		displays = append(displays, bsdUnixSockets(r))
	}
	return displays
}

// bsdStates are the spellings of tcp_fsm.h.
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
		numeral("Recv-Q", -6, "recv_queue"), numeral("Send-Q", -6, "send_queue"),
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

// datagrams are the protocols without states.
var datagrams = map[string]bool{"udp": true, "udplite": true, "raw": true, "icmp": true}

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
	return Display{
		r.compose("unix_sockets", []string{state}, "select cookie, type, recv_queue, send_queue, vfs_inode, peer, refs, path"),
		Layout{Title: []string{"Active UNIX domain sockets"}, columns: []column{
			{"Address", 8, hexadecimal("cookie")}, shown("Type", 9, "type"), numeral("Recv-Q", -6, "recv_queue"), numeral("Send-Q", -6, "send_queue"),
			numeral("Inode", -8, "vfs_inode"), numeral("Conn", -8, "peer"), numeral("Refs", -4, "refs"), shown("Addr", 0, "path"),
		}},
	}
}

// bsdCounters are the counters of -s by the family of -f.
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

// bsdStatistics are the counters in words: those of the protocols, or those that are about a topic.
func bsdStatistics(r *request, topic string) Display {
	conditions := []string{oneOf("proto", r.counters(r.bsdCounters())), `kind != "setting"`}
	if topic != "" {
		conditions = []string{"topic == " + topic, `kind != "setting"`}
	}
	return Display{
		r.compose("proto_stats", conditions, "select proto, name, value, doc"),
		Layout{all: func(rows []Row) (lines []string) {
			last := ""
			for _, row := range rows {
				if proto := row.text("proto"); proto != last {
					lines, last = append(lines, proto+":"), proto
				}
				lines = append(lines, "\t"+row.text("value")+" "+inWords(row))
			}
			return lines
		}},
	}
}

// inWords is what the counter counts, as the manual's lines go: "3 segments received".
func inWords(row Row) string {
	doc := strings.TrimSuffix(row.text("doc"), ".")
	if doc == "" {
		return row.text("name")
	}
	doc, _, _ = strings.Cut(doc, "; ")
	first, rest, _ := strings.Cut(doc, " ")
	if first == strings.ToUpper(first) || strings.ToUpper(first[1:2]) == first[1:2] { // an abbreviation: ICMP, SYNs
		return first + " " + rest
	}
	return strings.ToLower(first[:1]) + first[1:] + " " + rest
}
