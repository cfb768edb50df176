package netstat

import (
	"fmt"
	"slices"
	"strings"

	"netql/query/schema"
)

// linux is the netstat of Linux' net-tools. What it shows for people equals what net-tools 2.10 prints, but for the
// number of blanks.
var linux = Dialect{
	Name: "linux", Title: "Linux' net-tools",
	Synopsis: []string{
		"netstat [-vWncaeolp] [-t] [-u] [-U] [-S] [-w] [-x] [-4] [-6] [-A Family]",
		"netstat [-vWnceea] [-4] [-6] {-r | -i | -g | -s [-tuw]}",
	},
	Flags: []Flag{
		{"4", "", false, "IPv4 alone", "`where family == inet`", always(distinct),
			on(func(r *request) { r.families = append(r.families, "inet") })},
		{"6", "", false, "IPv6 alone", "`where family == inet6`", always(distinct),
			on(func(r *request) { r.families = append(r.families, "inet6") })},
		{"A", "Family", false, "a family of addresses alone: inet, inet6 or unix", "as `-4`, `-6`, `-x`",
			always(distinct),
			func(r *request, a []string) error { return r.setFamily(a[0]) }},
		{"a", "", false, "all sockets, or interfaces that are down as well", "`sockets` in all states", nil,
			on(func(r *request) { r.all = true })},
		{"c", "", false, "again every second", "`watch 1s`", always(distinct), on(func(r *request) { r.interval = 1 })},
		{"e", "", false, "more: the user and inode of sockets; metric, references and use of routes",
			"adds `uid`, `user`, `inode`", nil,
			on(func(r *request) { r.extended = true; r.extensions++ })},
		{"g", "", false, "multicast groups", "`multicast_groups`", nil, on(func(r *request) { r.view("groups") })},
		{"i", "", false, "interfaces", "`interfaces`", nil, on(func(r *request) { r.view("interfaces") })},
		{"l", "", false, "listening sockets alone", "`state in [LISTEN, UNCONN]`", always(distinct),
			on(func(r *request) { r.listening = true })},
		{"n", "", false, "addresses, ports and users as numbers", "no `host()` and no `service()`", nil,
			on(func(r *request) { r.numeric = true })},
		{"o", "", false, "timers", "adds `timer`, `timer_expires`", nil, on(func(r *request) { r.timers = true })},
		{"p", "", false, "the process and program of each socket", "adds `pid`, `program`", always(distinct),
			on(func(r *request) { r.pids = true })},
		{"r", "", false, "routing tables", "`routes`", nil, on(func(r *request) { r.view("routes") })},
		{"s", "", false, "statistics of each protocol", "`proto_stats`", nil,
			on(func(r *request) { r.view("statistics") })},
		{"S", "", false, "SCTP sockets", "`proto == sctp`", always(distinct), transport("sctp")},
		{"t", "", false, "TCP sockets", "`proto == tcp`", always(distinct), transport("tcp")},
		{"u", "", false, "UDP sockets", "`proto == udp`", always(distinct), transport("udp")},
		{"U", "", false, "UDP-Lite sockets", "`proto == udplite`", always(distinct), transport("udplite")},
		{"v", "", false, "be verbose", "nothing", always(distinct), on(func(*request) {})},
		{"w", "", false, "raw sockets", "`proto == raw`", always(distinct), transport("raw")},
		{"W", "", false, "addresses in full length", "nothing: only tables for people cut them", always(distinct),
			on(func(r *request) { r.wide = true })},
		{"x", "", false, "unix sockets", "`unix_sockets`", always(distinct), on(func(r *request) { r.unix = true })},
	},
	Examples: []Example{
		{"-tulpn", "who listens: TCP and UDP servers with their programs"},
		{"-tan", "all TCP sockets"},
		{"-tuln", "TCP and UDP servers"},
		{"-an", "all sockets, those of unix too"},
		{"-tanpo", "all TCP sockets with programs and timers"},
		{"-tane", "all TCP sockets with users and inodes"},
		{"-i", "interfaces"},
		{"-rn", "the IPv4 routing table"},
		{"-6 -rn", "the IPv6 routing tables"},
		{"-g -4", "multicast groups of IPv4"},
		{"-s -t", "statistics of TCP"},
		{"-xlp", "unix servers with their programs"},
		{"-tnc", "TCP connections, again every second"},
	},
	displays: linuxDisplays,
}

var linuxFamilies = []string{"inet", "inet6", "unix"}

func isLinuxFamily(word string) bool { return slices.Contains(linuxFamilies, strings.ToLower(word)) }

func transport(name string) func(*request, []string) error {
	return on(func(r *request) { r.transports = append(r.transports, name) })
}

func linuxDisplays(r *request) (displays []Display) {
	for _, v := range []struct {
		name string
		make func(r *request) []Display
	}{
		{"routes", linuxRoutes}, {"interfaces", func(r *request) []Display { return []Display{linuxInterfaces(r)} }},
		{"statistics", linuxStatistics},
	} {
		if r.shows(v.name) {
			displays = append(displays, v.make(r)...)
		}
	}
	if displays == nil {
		return linuxLists(r)
	}
	if r.shows("groups") {
		displays = append(displays, linuxGroups(r)...)
	}
	if (len(r.transports) > 0 || r.unix) && !r.shows("statistics") {
		r.notes = append(r.notes, "sockets are not shown beside routes or interfaces: ask for them alone")
	}
	return displays
}

// linuxLists are the lists that net-tools shows one after the other where several are asked for: sockets of IP,
// multicast groups, unix sockets.
func linuxLists(r *request) (displays []Display) {
	groups, transports := r.shows("groups"), len(r.transports) > 0
	inet := transports || len(r.families) > 0
	if transports || !groups && (inet || !r.unix) {
		displays = append(displays, linuxSockets(r))
	}
	if groups {
		displays = append(displays, linuxGroups(r)...)
	}
	if r.unix || !groups && !inet {
		displays = append(displays, linuxUnixSockets(r))
	}
	return displays
}

// which is in brackets which sockets are shown.
func (r *request) which() string {
	switch {
	case r.all:
		return "(servers and established)"
	case r.listening:
		return "(only servers)"
	}
	return "(w/o servers)"
}

// netToolsProtocols are those that net-tools lists.
var netToolsProtocols = []string{"tcp", "sctp", "udp", "udplite", "raw"}

func linuxSockets(r *request) Display {
	transports := r.transports
	if len(transports) == 0 {
		transports = netToolsProtocols
	}
	items := "proto, family, recv_queue = recv_queue ?? accept_queue, send_queue, " + r.ends() + ", state"
	if r.extended {
		items += ", uid, user, inode"
	}
	if r.pids {
		items += ", pid, program, owner_status"
	}
	if r.timers {
		items += ", timer, timer_expires, retransmits, probes"
	}
	return Display{
		r.compose("sockets", []string{oneOf("proto", transports), oneOf("family", r.families), r.state()},
			"sort proto, family", "select "+items),
		linuxConnections(r),
	}
}

// linuxStates are net-tools' spellings.
var linuxStates = map[string]string{"SYN_RECEIVED": "SYN_RECV", "FIN_WAIT_1": "FIN_WAIT1", "FIN_WAIT_2": "FIN_WAIT2",
	"CLOSED": "CLOSE", "UNCONN": ""}

// rawStates are those of raw sockets, which net-tools shows as the kernel's numbers.
var rawStates = map[string]string{"UNCONN": "7", "ESTABLISHED": "1"}

func linuxConnections(r *request) Layout {
	end := func(address, port string) func(Row) string {
		return func(row Row) string { return r.linuxEnd(row, address, port) }
	}
	l := Layout{Title: []string{"Active Internet connections " + r.which()}, columns: []column{
		{"Proto", 5, func(row Row) string { return row.version6(map[string]string{"udplite": "udpl"}) }},
		numeral("Recv-Q", -6, "recv_queue"), numeral("Send-Q", -6, "send_queue"),
		{"Local Address", 23, end("laddr", "lport")}, {"Foreign Address", 23, end("raddr", "rport")},
		{"State", 11, func(row Row) string {
			if row.text("proto") == "raw" {
				return spelling(rawStates, row.text("state"))
			}
			return spelling(linuxStates, row.text("state"))
		}},
	}}
	if r.extended {
		l.columns = append(l.columns, column{"User", 10, func(row Row) string {
			switch user := row.text("user"); {
			case user != "" && !r.numeric:
				return user
			case row("uid") == nil && !r.numeric:
				return "root" // the kernel has user 0 for those in /proc/net/tcp
			}
			return fmt.Sprint(row.number("uid"))
		}}, numeral("Inode", 10, "inode"))
	}
	if r.pids {
		l.columns = append(l.columns, linuxProgram)
	}
	if r.timers {
		l.columns = append(l.columns, column{"Timer", 0, linuxTimer})
	}
	return l
}

// linuxEnd is one end of a socket, cut to 22 characters and a colon unless -W says otherwise.
func (r *request) linuxEnd(row Row, address, port string) string {
	host, service := row.address(address), row.port(port)
	six := row.text("family") == "inet6"
	switch {
	case host == "" && six:
		host = "::"
	case host == "":
		host = "0.0.0.0"
	}
	if !r.numeric && host == "::" {
		host = "[::]"
	}
	const room = 22
	if len(host)+len(service) > room && !r.wide {
		service = service[:min(len(service), room-4)]
		host = host[:min(len(host), room-len(service))]
	}
	return host + ":" + service
}

// linuxProgram is whose socket it is. A connection that nobody has accepted yet is nobody's.
var linuxProgram = column{"PID/Program name", 19, func(row Row) string {
	if status := row.text("owner_status"); status != "ok" && status != "partial" {
		return "-"
	}
	const room = 19
	text := fmt.Sprintf("%d/%s", row.number("pid"), schema.Format(row("program")))
	return schema.Visible(text[:min(len(text), room)])
}}

// linuxTimers are net-tools' words; the number in brackets behind the time is of retransmissions, the last of probes.
var linuxTimers = map[string]string{"": "off", "retransmit": "on", "keepalive": "keepalive", "time_wait": "timewait",
	"probe": "probe"}

func linuxTimer(row Row) string {
	timer := row.text("timer")
	retransmits := 0
	if timer == "retransmit" {
		retransmits = row.number("retransmits")
	}
	return fmt.Sprintf("%s (%.2f/%d/%d)", linuxTimers[timer], row.seconds("timer_expires"), retransmits,
		row.number("probes"))
}

func linuxUnixSockets(r *request) Display {
	state := "state != LISTEN"
	switch {
	case r.all:
		state = ""
	case r.listening:
		state = "state == LISTEN"
	}
	items := "refs, type, state, inode, path"
	if r.pids {
		items += ", pid, program, owner_status"
	}
	l := Layout{Title: []string{"Active UNIX domain sockets " + r.which()}, columns: []column{
		{"Proto", 5, func(Row) string { return "unix" }},
		numeral("RefCnt", 6, "refs"),
		{"Flags", 11, func(row Row) string {
			if row.text("state") == "LISTEN" {
				return "[ ACC ]"
			}
			return "[ ]"
		}},
		{"Type", 10, func(row Row) string { return strings.ToUpper(row.text("type")) }},
		{"State", 13, func(row Row) string { return spelling(linuxUnixStates, row.text("state")) }},
		numeral("I-Node", 8, "inode"),
	}}
	if r.pids {
		l.columns = append(l.columns, linuxProgram)
	}
	l.columns = append(l.columns, shown("Path", 0, "path"))
	return Display{r.compose("unix_sockets", []string{state}, "select "+items), l}
}

var linuxUnixStates = map[string]string{"LISTEN": "LISTENING", "ESTABLISHED": "CONNECTED", "UNCONN": ""}
