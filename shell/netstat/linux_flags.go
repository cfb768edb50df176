package netstat

// linuxFlags are those of net-tools' netstat, with the long names of its getopt_long(3).
var linuxFlags = []Flag{
	{Letter: "4", Long: []string{"inet", "ip"}, tells: distinct, on: internet, keeps: true, Doc: "IPv4 alone",
		Becomes: "`where family == inet`", set: func(r *request) { r.addFamily("inet") }},
	{Letter: "6", Long: []string{"inet6"}, tells: distinct, on: internet, Doc: "IPv6 alone",
		Becomes: "`where family == inet6`", set: func(r *request) { r.addFamily("inet6") }},
	{Letter: "A", Long: []string{"protocol"}, Argument: "Family", tells: distinct, on: internet + " unix", keeps: true,
		Doc:     "families of addresses alone, with commas between them: inet, inet6, unix",
		Becomes: "as `-4`, `-6`, `-x`", take: func(r *request, a []string) error { return r.setFamilies(a[0]) }},
	{Letter: "a", Long: []string{"all"}, on: "sockets unix interfaces",
		Doc: "all sockets, or interfaces that are down as well", Becomes: "`sockets` in all states",
		set: func(r *request) { r.all = true }},
	{Letter: "C", Long: []string{"cache"}, tells: distinct, on: "routes",
		Doc:     "with -r: what the kernel learned for single destinations, instead of the routes",
		Becomes: "`routes cached`", set: func(r *request) { r.cache = true }},
	{Letter: "c", Long: []string{"continuous"}, tells: distinct, Doc: "again every second", Becomes: "`watch 1s`",
		set: func(r *request) { r.interval = 1 }},
	{Letter: "e", Long: []string{"extend"}, on: "sockets routes interfaces",
		Doc:     "more: the user and inode of sockets; metric, references and use of routes; what ifconfig shows",
		Becomes: "adds `uid`, `user`, `inode`", set: func(r *request) { r.extended = true; r.extensions++ }},
	{Letter: "F", Long: []string{"fib"}, tells: distinct, on: "routes", keeps: true, Doc: "with -r: the routes",
		Becomes: "`routes not cached`", set: func(r *request) { r.fib = true }},
	{Letter: "g", Long: []string{"groups"}, Doc: "multicast groups", Becomes: "`multicast_groups`", view: "groups"},
	{Letter: "h", Long: []string{"help"}, Doc: "help", Becomes: "nothing", set: func(r *request) { r.help = true }},
	{Letter: "i", Long: []string{"interfaces"}, Doc: "interfaces", Becomes: "`interfaces`", view: "interfaces"},
	{Letter: "l", Long: []string{"listening"}, tells: distinct, on: "sockets unix", Doc: "listening sockets alone",
		Becomes: "`state in [LISTEN, UNCONN]`", set: func(r *request) { r.listening = true }},
	{Letter: "M", Long: []string{"masquerade"}, Doc: "masqueraded connections, which this kernel has no table of",
		Becomes: "a hint at `conntrack`",
		refused: &Error{Message: "this kernel has no table of masqueraded connections",
			Hint: "they are flows of netfilter: netql 'conntrack src_nat in status'"}},
	{Letter: "n", Long: []string{"numeric"}, keeps: true, Doc: "addresses, ports and users as numbers",
		Becomes: "no `host()` and no `service()`", set: (*request).numbers},
	{Letter: "N", Long: []string{"symbolic"}, on: "routes", keeps: true,
		Doc:     "names of hardware addresses, of which only families have some that Linux has no more; with -r as -n",
		Becomes: "no `host()`", set: func(r *request) { r.symbolic = true }},
	{Long: []string{"numeric-hosts"}, keeps: true, Doc: "addresses as numbers", Becomes: "no `host()`",
		set: func(r *request) { r.hostNumbers = true }},
	{Long: []string{"numeric-ports"}, keeps: true, Doc: "ports as numbers", Becomes: "no `service()`",
		set: func(r *request) { r.portNumbers = true }},
	{Long: []string{"numeric-users"}, keeps: true, Doc: "users as numbers",
		Becomes: "nothing: `uid` and `user` are both there", set: func(r *request) { r.userNumbers = true }},
	{Letter: "o", Long: []string{"timers"}, on: "sockets", Doc: "timers", Becomes: "adds `timer`, `timer_expires`",
		set: func(r *request) { r.timers = true }},
	{Letter: "p", Long: []string{"programs"}, tells: distinct, on: "sockets unix",
		Doc: "the process and program of each socket", Becomes: "adds `pid`, `program`",
		set: func(r *request) { r.pids = true }},
	{Letter: "r", Long: []string{"route"}, Doc: "routing tables", Becomes: "`routes`", view: "routes"},
	{Letter: "s", Long: []string{"statistics"}, Doc: "statistics of each protocol", Becomes: "`proto_stats`",
		view: "statistics"},
	{Letter: "S", Long: []string{"sctp"}, tells: distinct, on: "sockets statistics", Doc: "SCTP sockets",
		Becomes: "`proto == sctp`", set: func(r *request) { r.transport("sctp") }},
	{Letter: "t", Long: []string{"tcp"}, tells: distinct, on: "sockets statistics", Doc: "TCP sockets",
		Becomes: "`proto == tcp`", set: func(r *request) { r.transport("tcp") }},
	{Letter: "u", Long: []string{"udp"}, tells: distinct, on: "sockets statistics", Doc: "UDP sockets",
		Becomes: "`proto == udp`", set: func(r *request) { r.transport("udp") }},
	{Letter: "U", Long: []string{"udplite"}, tells: distinct, on: "sockets statistics", Doc: "UDP-Lite sockets",
		Becomes: "`proto == udplite`", set: func(r *request) { r.transport("udplite") }},
	{Letter: "v", Long: []string{"verbose"}, tellsBy: verboseOfLinux,
		Doc: "be verbose, of families of addresses that the kernel lacks", Becomes: "nothing", set: func(r *request) {
			r.note("-v adds nothing: what cannot be read is a warning anyway")
		}},
	{Letter: "V", Long: []string{"version"}, tells: distinct, Doc: "the version", Becomes: "nothing",
		set: func(r *request) { r.version = true }},
	{Letter: "w", Long: []string{"raw"}, tells: distinct, on: "sockets statistics", Doc: "raw sockets",
		Becomes: "`proto == raw`", set: func(r *request) { r.transport("raw") }},
	{Letter: "W", Long: []string{"wide"}, tells: distinct, keeps: true, Doc: "addresses in full length",
		Becomes: "nothing: only tables for people cut them", set: func(r *request) { r.wide = true }},
	{Letter: "x", Long: []string{"unix"}, tells: distinct, on: "unix", Doc: "unix sockets", Becomes: "`unix_sockets`",
		set: func(r *request) { r.unix = true }},
	{Letter: "Z", Long: []string{"context"}, tells: distinct, Doc: "contexts of SELinux, which are not read here",
		Becomes: "a hint at ss", refused: &Error{Message: "netql reads no contexts of SELinux",
			Hint: "ss -Z has them"}},
}

// internet are the views of what has addresses of IPv4 and IPv6.
const internet = "sockets routes groups statistics"

// transport asks for the sockets of a protocol.
func (r *request) transport(name string) { r.transports = append(r.transports, name) }

// linuxElsewhere are families of addresses that net-tools knows, and that Linux has dropped, or that have no tables.
var linuxElsewhere = []string{"ipx", "ax25", "netrom", "ddp", "rose", "x25", "econet", "bluetooth"}

// verboseOfLinux is how strongly -v tells that Linux is meant: beside -p with a protocol it is BSD's.
func verboseOfLinux(l *line, _ []string) strength {
	if l.names("p") {
		return shared
	}
	return distinct
}
