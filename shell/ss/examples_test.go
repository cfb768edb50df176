package ss

// example is a line of options and filters for docs/ss.md, and what it shows.
type example struct{ line, doc string }

// exampleLines use every option that a query comes of, but those that ask another system or never end, and -B, which
// few machines have something for.
var exampleLines = []example{
	{"-tan", "all TCP sockets"},
	{"-tlnp", "who listens"},
	{"-tlnp sport = :22", "who listens on port 22"},
	{"-tulpen", "servers of TCP and UDP, with all details"},
	{"-tn state time-wait", "connections in TIME_WAIT"},
	{"-o state established ( dport = :ssh or sport = :ssh )", "connections of ssh, with their timers"},
	{"-tn dst 127.0.0.0/8 dport >= :1024", "connections to high ports of a network"},
	{"-ti -n dst 127.0.0.1", "what TCP knows of its connections to 127.0.0.1"},
	{"-tam", "the memory of TCP sockets"},
	{"-tn exclude established exclude listening", "TCP connections that are not established"},
	{"-xlp", "unix servers with their processes"},
	{"-xa src /run/*", "unix sockets below /run"},
	{"-0ap", "who receives whole packets"},
	{"-f netlink -n", "netlink sockets"},
	{"-A tcp,udp -a -H", "sockets of TCP and UDP, without headings"},
	{"-r -u", "connected UDP sockets, with the names of hosts"},
	{"-4 -tQO --tos --cgroup", "TCP over IPv4 on one line each, without queues"},
	{"-6 -t -M -w -S -a", "TCP, MPTCP, raw and SCTP sockets of IPv6"},
	{"-s", "how many sockets there are"},
}
