package ss

import "netql/shell/netstat"

// Option is one option of ss.
type Option struct {
	Letter   string   // "" if it has none
	Long     []string // its long names
	Argument string   // what usage calls its argument; "" if it takes none
	Doc      string   // what it shows
	Becomes  string   // what it becomes in a query; "" if netql does not take it
	Instead  string   // what to do where netql does not take it

	set  func(r *request)
	take func(r *request, argument string) error
}

// Options are all options of ss, in the order of its usage.
func Options() []Option {
	return []Option{
		{Letter: "h", Long: []string{"help"}, Doc: "usage", Becomes: "nothing",
			set: func(r *request) { r.help = true }},
		{Letter: "V", Long: []string{"version"}, Doc: "the version, netql's", Becomes: "nothing",
			set: func(r *request) { r.version = true }},
		{Letter: "n", Long: []string{"numeric"}, Doc: "ports as numbers, rates to the last digit",
			Becomes: "no `service()`", set: func(r *request) { r.numeric = true }},
		{Letter: "r", Long: []string{"resolve"}, Doc: "the names of hosts", Becomes: "`host()`",
			set: func(r *request) { r.resolve = true }},
		{Letter: "a", Long: []string{"all"}, Doc: "sockets in all states", Becomes: "no condition on `state`",
			set: func(r *request) { r.wanted = everyState }},
		{Letter: "l", Long: []string{"listening"}, Doc: "listening sockets alone",
			Becomes: "`state in [LISTEN, UNCONN]`", set: func(r *request) { r.wanted = listen | closed }},
		{Letter: "B", Long: []string{"bound-inactive"}, Doc: "TCP sockets that are bound and idle",
			Becomes: "`state == BOUND_INACTIVE`", set: func(r *request) { r.wanted = boundInactive }},
		{Letter: "o", Long: []string{"options"}, Doc: "timers", Becomes: "adds `timer`, `timer_expires`, `retransmits`",
			set: func(r *request) { r.timers = true }},
		{Letter: "e", Long: []string{"extended"}, Doc: "timers, users, inodes, cookies, marks and control groups",
			Becomes: "adds `uid`, `inode`, `cookie`, `mark`, `cgroup`, `shutdown`",
			set:     func(r *request) { r.timers, r.details = true, true }},
		{Letter: "m", Long: []string{"memory"}, Doc: "the memory of sockets",
			Becomes: "adds `rmem`, `rcvbuf` and so on",
			set:     func(r *request) { r.memory = true }},
		{Letter: "p", Long: []string{"processes"}, Doc: "the processes that have the socket",
			Becomes: "adds `pid`, `process`, `owners`", set: func(r *request) { r.processes = true }},
		{Letter: "T", Long: []string{"threads"}, Doc: "the threads that have the socket",
			Instead: "netql knows the processes of sockets, -p, and not which of their threads have them"},
		{Letter: "i", Long: []string{"info"}, Doc: "what TCP knows of the connection",
			Becomes: "adds `rtt`, `cwnd` and so on",
			set:     func(r *request) { r.info = true }},
		{Long: []string{"tipcinfo"}, Doc: "what TIPC knows of the socket",
			Instead: "netql has no table of TIPC sockets"},
		{Letter: "s", Long: []string{"summary"}, Doc: "how many sockets there are", Becomes: "`memory`",
			set: func(r *request) { r.summary = true }},
		{Long: []string{"tos"}, Doc: "the type of service", Becomes: "adds `tos`",
			set: func(r *request) { r.tos = true }},
		{Long: []string{"cgroup"}, Doc: "control groups", Becomes: "adds `cgroup`",
			set: func(r *request) { r.cgroup = true }},
		{Letter: "b", Long: []string{"bpf"}, Doc: "the instructions of BPF filters",
			Instead: "how many instructions a packet socket's filter has is in netql packet_sockets: filter"},
		{Letter: "E", Long: []string{"events"}, Doc: "sockets of TCP and UDP as they are destroyed",
			Becomes: "`follow`",
			set:     func(r *request) { r.events = true }},
		{Letter: "Z", Long: []string{"context"}, Doc: "the SELinux contexts of processes",
			Instead: "netql has no contexts: -p shows the processes, and ps -Z theirs"},
		{Letter: "z", Long: []string{"contexts"}, Doc: "the SELinux contexts of processes and sockets",
			Instead: "netql has no contexts: -p shows the processes, and ps -Z theirs"},
		{Letter: "N", Long: []string{"net"}, Argument: "NSNAME", Doc: "another network namespace", Becomes: "`--netns`",
			take: func(r *request, name string) error { r.namespace = name; return nil }},
		{Letter: "4", Long: []string{"ipv4"}, Doc: "IPv4 alone", Becomes: "`family == inet`",
			set: func(r *request) { r.addFamily("inet") }},
		{Letter: "6", Long: []string{"ipv6"}, Doc: "IPv6 alone", Becomes: "`family == inet6`",
			set: func(r *request) { r.addFamily("inet6") }},
		{Letter: "0", Long: []string{"packet"}, Doc: "packet sockets", Becomes: "`packet_sockets`",
			set: func(r *request) { r.addFamily("link") }},
		{Letter: "t", Long: []string{"tcp"}, Doc: "TCP sockets", Becomes: "`proto == tcp`",
			set: func(r *request) { r.addTables("tcp") }},
		{Letter: "M", Long: []string{"mptcp"}, Doc: "MPTCP sockets", Becomes: "`proto == mptcp`",
			set: func(r *request) { r.addTables("mptcp") }},
		{Letter: "S", Long: []string{"sctp"}, Doc: "SCTP sockets", Becomes: "`proto == sctp`",
			set: func(r *request) { r.addTables("sctp") }},
		{Letter: "u", Long: []string{"udp"}, Doc: "UDP sockets", Becomes: "`proto == udp`",
			set: func(r *request) { r.addTables("udp") }},
		{Letter: "d", Long: []string{"dccp"}, Doc: "DCCP sockets",
			Instead: "netql has no table of DCCP sockets, which Linux 6.16 took away"},
		{Letter: "w", Long: []string{"raw"}, Doc: "raw sockets", Becomes: "`proto == raw`",
			set: func(r *request) { r.addTables("raw") }},
		{Letter: "x", Long: []string{"unix"}, Doc: "unix sockets", Becomes: "`unix_sockets`",
			set: func(r *request) { r.addFamily("unix") }},
		{Long: []string{"tipc"}, Doc: "TIPC sockets", Instead: "netql has no table of TIPC sockets"},
		{Long: []string{"vsock"}, Doc: "vsock sockets", Instead: "netql has no table of vsock sockets"},
		{Long: []string{"xdp"}, Doc: "XDP sockets", Instead: "netql has no table of XDP sockets"},
		{Letter: "f", Long: []string{"family"}, Argument: "FAMILY",
			Becomes: "as `-4`, `-6`, `-0`, `-x`; `netlink_sockets`",
			Doc:     "a family of addresses: inet, inet6, link, unix or netlink", take: (*request).takeFamily},
		{Letter: "K", Long: []string{"kill"}, Doc: "closes the sockets",
			Instead: "netql reads, and closes no socket: ss itself does, with the same filter"},
		{Letter: "H", Long: []string{"no-header"}, Doc: "no line of headings", Becomes: "`--no-header`",
			set: func(r *request) { r.noHeader = true }},
		{Letter: "Q", Long: []string{"no-queues"}, Doc: "no columns of queues",
			Becomes: "no `recv_queue` and `send_queue`", set: func(r *request) { r.noQueues = true }},
		{Letter: "O", Long: []string{"oneline"}, Doc: "each socket on one line",
			Becomes: "nothing: other formats have that",
			set:     func(r *request) { r.oneLine = true }},
		{Long: []string{"inet-sockopt"}, Doc: "options of IP sockets", Instead: "netql does not read them"},
		{Letter: "A", Long: []string{"query", "socket"}, Argument: "QUERY[,QUERY]", take: (*request).takeTables,
			Doc: "kinds of sockets, or with a ! before the name not these", Becomes: "the tables, `proto` and `type`"},
		{Letter: "D", Long: []string{"diag"}, Argument: "FILE", Doc: "what the kernel says into a file",
			Instead: "netql record FILE writes all that the kernel says, and --capture FILE asks it"},
		{Letter: "F", Long: []string{"filter"}, Argument: "FILE", Doc: "filters from a file; - is stdin",
			Becomes: "`where`", take: (*request).takeFile},
		{Long: []string{"bpf-maps"}, Doc: "the BPF storage of sockets", Instead: "netql does not read it"},
		{Long: []string{"bpf-map-id"}, Argument: "MAP_ID", Doc: "the BPF storage of sockets in one map",
			Instead: "netql does not read it"},
	}
}

// usage is the option in all its spellings.
func (o Option) usage() string {
	text := ""
	for _, name := range o.Long {
		if text != "" {
			text += ", "
		}
		text += "--" + name
		if o.Argument != "" {
			text += "=" + o.Argument
		}
	}
	switch {
	case o.Letter == "":
		return text
	case o.Argument != "":
		return "-" + o.Letter + " " + o.Argument + ", " + text
	}
	return "-" + o.Letter + ", " + text
}

// name is the option as errors call it.
func (o Option) name() string {
	if o.Letter != "" {
		return "-" + o.Letter
	}
	return "--" + o.Long[0]
}

// ask adds what the option asks for to the request.
func (o Option) ask(r *request, argument string) error {
	switch {
	case o.Instead != "":
		return &netstat.Error{Message: "ss " + o.name() + " (" + o.Doc + ") is not for netql", Hint: o.Instead}
	case o.take != nil:
		return o.take(r, argument)
	}
	o.set(r)
	return nil
}
