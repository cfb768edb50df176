package netstat

import (
	"fmt"
	"slices"
	"strings"

	"netql/query/schema"
)

// linux is the netstat of Linux' net-tools. What it shows for people equals what net-tools 2.10 prints, but for the
// number of blanks, and that labels of addresses always stand below their interface.
var linux = Dialect{
	Name: "linux", Title: "Linux' net-tools",
	Synopsis: []string{
		"netstat [-vWnNcaeolp] [-t] [-u] [-U] [-S] [-w] [-x] [-4] [-6] [-A Family]",
		"netstat [-vWnNceea] [-4] [-6] [-FC] {-r | -i | -g | -s [-tuwS]}",
		"netstat {-V | -h | -M | -Z}",
	},
	Flags: linuxFlags,
	Examples: []Example{
		{"-tulpn", "who listens: TCP and UDP servers with their programs", false},
		{"-tan", "all TCP sockets", false},
		{"-tuln", "TCP and UDP servers", false},
		{"-an", "all sockets, those of unix too", false},
		{"-tanpo", "all TCP sockets with programs and timers", false},
		{"-tane", "all TCP sockets with users and inodes", false},
		{"-i", "interfaces", false},
		{"-rn", "the IPv4 routing table", false},
		{"-6 -rn", "the IPv6 routing tables", false},
		{"-g -4", "multicast groups of IPv4", false},
		{"-s -t", "statistics of TCP", false},
		{"-xlp", "unix servers with their programs", false},
		{"-tanvW", "all TCP sockets, with addresses in full length", false},
		{"-SUwn", "SCTP, UDP-Lite and raw sockets", false},
		{"-A inet6 -an", "all sockets of IPv6", false},
		{"-ie", "interfaces as ifconfig shows them", false},
		{"-r -N", "the IPv4 routing table, with addresses as numbers", false},
		{"-r -F -C", "the IPv4 routing table, and what the kernel learned for single destinations", false},
		{"-t --numeric-hosts", "TCP connections, with names of services alone", false},
		{"-t --numeric-ports", "TCP connections, with names of hosts alone", false},
		{"-ta -e --numeric-users", "TCP sockets with numbers of users", false},
		{"-tnc", "TCP connections, again every second", false},
	},
	displays: linuxDisplays,
}

var linuxFamilies = []string{"inet", "inet6", "unix", "ip"}

// areLinuxFamilies says whether a word is families with commas between them, as -A takes them.
func areLinuxFamilies(word string) bool {
	for name := range strings.SplitSeq(strings.ToLower(word), ",") {
		if !slices.Contains(linuxFamilies, name) && !slices.Contains(linuxElsewhere, name) {
			return false
		}
	}
	return true
}

// linuxDisplays are the displays that the flags ask for together, in net-tools' order: sockets only where no other
// display is asked for.
func linuxDisplays(r *request) (displays []Display) {
	if r.all && r.listening {
		r.note("-a shows sockets that listen as well: -l adds nothing")
	}
	for _, v := range []struct {
		name string
		make func(r *request) []Display
	}{
		{"routes", linuxRoutes}, {"interfaces", linuxInterfaces}, {"statistics", linuxStatistics},
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

// shownSockets is the end of net-tools' titles, which says which sockets are shown.
func (r *request) shownSockets() string {
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
	conditions := []string{oneOf("proto", transports), oneOf("family", r.families), r.state()}
	return Display{
		"sockets", r.compose("sockets", conditions, "sort proto, family", "select "+items), linuxConnections(r),
		"sockets",
	}
}

// linuxStates are net-tools' names of states where they differ from netql's.
var linuxStates = map[string]string{
	"SYN_RECEIVED": "SYN_RECV", "FIN_WAIT_1": "FIN_WAIT1", "FIN_WAIT_2": "FIN_WAIT2", "CLOSED": "CLOSE", "UNCONN": "",
}

// rawStates are those of raw sockets, which net-tools shows as the kernel's numbers.
var rawStates = map[string]string{"UNCONN": "7", "ESTABLISHED": "1"}

func linuxConnections(r *request) Layout {
	end := func(address, port string) func(Row) string {
		return func(row Row) string { return r.linuxEnd(row, address, port) }
	}
	l := Layout{Title: []string{"Active Internet connections " + r.shownSockets()}, columns: []column{
		{"Proto", 5, func(row Row) string { return row.version6(map[string]string{"udplite": "udpl"}) }},
		numberColumn("Recv-Q", -6, "recv_queue"), numberColumn("Send-Q", -6, "send_queue"),
		{"Local Address", 23, end("laddr", "lport")}, {"Foreign Address", 23, end("raddr", "rport")},
		{"State", 11, func(row Row) string {
			if row.Text("proto") == "raw" {
				return spelling(rawStates, row.Text("state"))
			}
			return spelling(linuxStates, row.Text("state"))
		}},
	}}
	if r.extended {
		l.columns = append(l.columns, column{"User", 10, func(row Row) string {
			switch user := row.Text("user"); {
			case user != "" && !r.userNumbers:
				return user
			case row("uid") == nil && !r.userNumbers:
				return "root" // the kernel has user 0 for those in /proc/net/tcp
			}
			return fmt.Sprint(row.Number("uid"))
		}}, numberColumn("Inode", 10, "inode"))
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
	host, service := row.address(address), row.Port(port)
	six := row.Text("family") == "inet6"
	switch {
	case host == "" && six:
		host = "::"
	case host == "":
		host = "0.0.0.0"
	}
	if !r.hostNumbers && host == "::" {
		host = "[::]"
	}
	const room = 22
	if len(host)+len(service) > room && !r.wide {
		service = service[:min(len(service), room-4)]
		host = host[:min(len(host), room-len(service))]
	}
	return host + ":" + service
}

// linuxProgram shows the owner of a socket as PID/program. net-tools finds none for a connection that nobody has
// accepted yet.
var linuxProgram = column{"PID/Program name", 19, func(row Row) string {
	if status := row.Text("owner_status"); status != "ok" && status != "partial" {
		return "-"
	}
	const room = 19
	text := fmt.Sprintf("%d/%s", row.Number("pid"), schema.Format(row("program")))
	return schema.Visible(text[:min(len(text), room)])
}}

// linuxTimers are net-tools' names of timers.
var linuxTimers = map[string]string{
	"": "off", "retransmit": "on", "keepalive": "keepalive", "time_wait": "timewait", "probe": "probe",
}

// linuxTimer is a timer as net-tools shows it: its name and, in brackets, the seconds until it fires, the
// retransmissions and the probes.
func linuxTimer(row Row) string {
	timer := row.Text("timer")
	retransmits := 0
	if timer == "retransmit" {
		retransmits = row.Number("retransmits")
	}
	return fmt.Sprintf("%s (%.2f/%d/%d)",
		linuxTimers[timer], row.seconds("timer_expires"), retransmits, row.Number("probes"))
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
	l := Layout{Title: []string{"Active UNIX domain sockets " + r.shownSockets()}, columns: []column{
		{"Proto", 5, func(Row) string { return "unix" }},
		numberColumn("RefCnt", 6, "refs"),
		{"Flags", 11, func(row Row) string {
			if row.Text("state") == "LISTEN" {
				return "[ ACC ]"
			}
			return "[ ]"
		}},
		{"Type", 10, func(row Row) string { return strings.ToUpper(row.Text("type")) }},
		{"State", 13, func(row Row) string { return spelling(linuxUnixStates, row.Text("state")) }},
		numberColumn("I-Node", 8, "inode"),
	}}
	if r.pids {
		l.columns = append(l.columns, linuxProgram)
	}
	l.columns = append(l.columns, textColumn("Path", 0, "path"))
	return Display{"unix sockets", r.compose("unix_sockets", []string{state}, "select "+items), l, "unix"}
}

// linuxUnixStates are net-tools' names of the states of unix sockets.
var linuxUnixStates = map[string]string{"LISTEN": "LISTENING", "ESTABLISHED": "CONNECTED", "UNCONN": ""}
