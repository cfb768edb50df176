package netstat

import (
	"strconv"
	"strings"
)

// bsdFlags are those of 4.xBSD's netstat, and of its descendants on FreeBSD and macOS. Where these differ from the
// ancestor (-h, -R), the ancestor's meaning stays.
var bsdFlags = []Flag{
	{Letter: "4", on: bsdFamilies, Doc: "as -f inet (FreeBSD)", Becomes: "`where family == inet`",
		set: func(r *request) { r.addFamily("inet") }},
	{Letter: "6", on: bsdFamilies, Doc: "as -f inet6 (FreeBSD)", Becomes: "`where family == inet6`",
		set: func(r *request) { r.addFamily("inet6") }},
	{Letter: "A", tells: distinct, on: "sockets unix",
		Doc:     "the protocol control blocks of sockets, by the kernel's cookie",
		Becomes: "adds `cookie`", set: func(r *request) { r.identities = true }},
	{Letter: "a", on: "sockets unix interfaces",
		Doc:     "all sockets, those of servers too; with -i multicast groups",
		Becomes: "`sockets` in all states, `unix_sockets`; `multicast_groups`",
		set:     func(r *request) { r.all = true }},
	{Letter: "B", tells: distinct, Doc: "what captures packets: packet sockets, for BSD's bpf devices",
		Becomes: "`packet_sockets`", view: "captures"},
	{Letter: "b", tells: distinct, with: "iIw", on: "interfaces traffic",
		Doc: "bytes too, with -i, -I or an interval", Becomes: "adds `rx_bytes` and `tx_bytes`",
		set: func(r *request) { r.bytes = true }},
	{Letter: "d", tells: distinct, on: "interfaces traffic", Doc: "dropped packets, with -i, -I or an interval",
		Becomes: "adds `rx_dropped + tx_dropped`", set: func(r *request) { r.drops = true }},
	{Letter: "f", Argument: "address_family", tells: distinct, on: bsdFamilies,
		Doc:     "inet, inet6 or unix alone; ns is unknown to Linux",
		Becomes: "`where family == ...`, `unix_sockets`",
		take:    func(r *request, a []string) error { return r.setFamily(a[0]) }},
	{Letter: "g", tells: weak, Doc: "multicast routing; with -s its statistics",
		Becomes: "`multicast_interfaces`, `multicast_routes`", view: "multicast"},
	{Letter: "h", tells: distinct, Doc: "the IMP host table: today the link-level hosts", Becomes: "`neighbors`",
		view: "hosts", set: func(r *request) {
			r.note("there are no IMPs any more: these are the hosts on the links; help is netstat --help")
		}},
	{Letter: "i", Doc: "interfaces", Becomes: "`interfaces`", view: "interfaces"},
	{Letter: "I", Argument: "interface", Optional: true, tells: distinct, on: "interfaces traffic captures",
		Doc:     "this interface alone; with an interval, in the place of the primary one",
		Becomes: "`where name == ...`", take: func(r *request, a []string) error {
			r.device, r.devices = strings.Join(a, ""), true
			return nil
		}},
	{Letter: "L", tells: distinct, Doc: "the queues of listening sockets: used, and their limit",
		Becomes: "`accept_queue`, `accept_backlog`", view: "listeners"},
	{Letter: "l", on: "sockets routes interfaces", keeps: true,
		Doc: "addresses in full length; with -r the MTU too (macOS)", Becomes: "adds `mtu`",
		set: func(r *request) { r.wide, r.mtus = true, true }},
	{Letter: "m", tells: distinct, Doc: "the memory of the network", Becomes: "`memory`", view: "memory"},
	{Letter: "M", Argument: "core", tells: distinct, Doc: "of a core: a capture, which netql record wrote",
		Becomes: "`--capture`", take: func(r *request, a []string) error { r.core = a[0]; return nil }},
	{Letter: "N", Argument: "system", tells: distinct, Doc: "of another system: a network namespace",
		Becomes: "`--netns`", take: func(r *request, a []string) error { r.system = a[0]; return nil }},
	{Letter: "n", keeps: true, Doc: "addresses as numbers", Becomes: "no `host()` and no `service()`",
		set: (*request).numbers},
	{Letter: "p", Argument: "protocol", tellsBy: bsdProtocols, on: "sockets listeners statistics",
		Doc: "statistics of a protocol, by a name or alias of /etc/protocols; with -a, -n, -f or what else is said " +
			"of sockets, and without -s, its sockets",
		Becomes: "`proto_stats proto in [...]`, `sockets proto in [...]`", take: (*request).setProtocols},
	{Letter: "Q", tells: distinct, Doc: "the queues of received packets of each CPU, for FreeBSD's netisr",
		Becomes: "`softnet`", view: "softnet"},
	{Letter: "q", Argument: "howmany", Doc: "end after so many samples, with an interval (FreeBSD)",
		Becomes: "the end of `watch`", take: func(r *request, a []string) error { return r.setSamples(a[0]) }},
	{Letter: "R", tells: distinct, Doc: "in the synopsis, and not described: the rules of policy routing",
		Becomes: "`rules`", view: "rules"},
	{Letter: "r", tells: weak, with: "s", Doc: "routing tables; with -s statistics of routing",
		Becomes: "`routes`", view: "routes"},
	{Letter: "s", Doc: "statistics of each protocol; -ss without those that are 0", Becomes: "`proto_stats`",
		view: "statistics", set: func(r *request) { r.repeated++ }},
	{Letter: "T", tells: distinct, on: "sockets",
		Doc:     "what TCP sent again and what came out of order; Linux counts no zero windows by connection",
		Becomes: "adds `total_retrans`, `rcv_ooopack`", set: func(r *request) { r.tcpInfo = true }},
	{Letter: "v", tellsBy: verboseOfBSD, on: "sockets", Doc: "buffers, and the process of each socket (macOS)",
		Becomes: "adds `rcvbuf`, `sndbuf`, `pid`, `process`", set: func(r *request) { r.verbose = true }},
	{Letter: "W", keeps: true, Doc: "addresses in full length", Becomes: "nothing: only tables for people cut them",
		set: func(r *request) { r.wide = true }},
	{Letter: "w", Argument: "wait", tells: distinct,
		Doc:     "traffic of an interface and of all, again every so many seconds",
		Becomes: "`delta(rx_packets)`, `watch`",
		take:    func(r *request, a []string) error { return r.setInterval(a[0]) }},
	{Letter: "x", on: "sockets", Doc: "buffers and timers of sockets (FreeBSD)",
		Becomes: "adds `rmem`, `rcvbuf`, `wmem`, `sndbuf`, `timer`, `timer_expires`",
		set:     func(r *request) { r.buffers = true }},
	{Long: []string{"libxo"}, Argument: "json", tells: distinct, Doc: "as JSON (FreeBSD)", Becomes: "`--format json`",
		take: func(r *request, a []string) error { return r.setLibxo(a[0]) }},
}

// bsdFamilies are the views that a family narrows.
const bsdFamilies = "sockets unix listeners statistics routes multicast hosts rules interfaces"

// verboseOfBSD is how strongly -v tells that BSD is meant: beside -p with a protocol, as in -anvp tcp.
func verboseOfBSD(l *line, _ []string) strength {
	if l.names("p") {
		return distinct
	}
	return shared
}

// setSamples takes the number of samples of -q.
func (r *request) setSamples(word string) error {
	n, err := strconv.Atoi(word)
	if err != nil || n < 1 {
		return &Error{Message: "-q cannot be " + strconv.Quote(word),
			Hint: "it is the number of samples, from 1; the queues of interfaces are netql qdiscs"}
	}
	r.samples = n
	return nil
}

// setLibxo takes the argument of --libxo: a format, and options of its layout behind commas.
func (r *request) setLibxo(word string) error {
	format, _, _ := strings.Cut(word, ",")
	switch strings.TrimPrefix(format, ":") {
	case "json", "J", "JP":
		r.format = "json"
	case "html", "H", "HP":
		r.format = "html"
	case "text", "T":
	default:
		return &Error{Message: "--libxo cannot be " + strconv.Quote(word),
			Hint: "it is json, html or text; other formats are --format csv, ndjson ..."}
	}
	return nil
}
