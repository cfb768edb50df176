package tables

import "netql/query"

// The words by which people look for a table, from other programs and from books. Those with a condition are of some of
// its rows.
var (
	socketSynonyms = []query.Synonym{
		{Word: "socket"}, {Word: "connections"}, {Word: "connection"}, {Word: "ports"},

		{Word: "tcp", Condition: "proto == tcp"}, {Word: "udp", Condition: "proto == udp"},
		{Word: "sctp", Condition: "proto == sctp"}, {Word: "mptcp", Condition: "proto == mptcp"},
		{Word: "tcp6", Condition: "proto == tcp and family == inet6"},
		{Word: "udp6", Condition: "proto == udp and family == inet6"},
		{Word: "raw", Condition: "proto == raw"},
		{Word: "listening", Condition: "state in [LISTEN, UNCONN]"}, {Word: "listen", Condition: "state == LISTEN"},
		{Word: "listeners", Condition: "state == LISTEN"}, {Word: "servers", Condition: "state == LISTEN"},
		{Word: "established", Condition: "state == ESTABLISHED"}, {Word: "estab", Condition: "state == ESTABLISHED"},
	}
	routeSynonyms     = []query.Synonym{{Word: "route"}, {Word: "routing"}, {Word: "rib"}, {Word: "fib"}}
	interfaceSynonyms = []query.Synonym{
		{Word: "links"}, {Word: "link"}, {Word: "iface"}, {Word: "ifaces"}, {Word: "devices"},
		{Word: "devs"}, {Word: "nics"},
	}
	protoStatSynonyms = []query.Synonym{
		{Word: "snmp"}, {Word: "counters"},
		{Word: "protocols"},
	}
	unixSocketSynonyms   = []query.Synonym{{Word: "unix"}, {Word: "uds"}}
	packetSocketSynonyms = []query.Synonym{{Word: "captures"}, {Word: "sniffers"}}
	addressSynonyms      = []query.Synonym{{Word: "ips"}}
	neighborSynonyms     = []query.Synonym{
		{Word: "arp"}, {Word: "ndp"}, {Word: "neigh"}, {Word: "neighbours"}, {Word: "neighbour"},
	}
	ruleSynonyms           = []query.Synonym{{Word: "policy"}, {Word: "policies"}, {Word: "rpdb"}}
	multicastGroupSynonyms = []query.Synonym{{Word: "maddr"}, {Word: "igmp"}, {Word: "mld"}}
	multicastRouteSynonyms = []query.Synonym{{Word: "mroute"}, {Word: "mroutes"}}
	memorySynonyms         = []query.Synonym{{Word: "sockmem"}, {Word: "buffers"}, {Word: "slabs"}}
	sysctlSynonyms         = []query.Synonym{{Word: "sysctl"}, {Word: "tunables"}, {Word: "settings"},
		{Word: "parameters"}}
	limitSynonyms = []query.Synonym{{Word: "full"}, {Word: "exhausted"}, {Word: "exhaustion"},
		{Word: "quotas"}}
	qdiscSynonyms     = []query.Synonym{{Word: "queues"}, {Word: "shapers"}}
	conntrackSynonyms = []query.Synonym{{Word: "flows"}, {Word: "nat"}}
	processSynonyms   = []query.Synonym{
		{Word: "procs"}, {Word: "pids"}, {Word: "programs"}, {Word: "tasks"}, {Word: "processlist"},
	}
	namespaceSynonyms = []query.Synonym{{Word: "netns"}}
	containerSynonyms = []query.Synonym{{Word: "pods"}, {Word: "docker"}, {Word: "podman"}}
	columnSynonyms    = []query.Synonym{{Word: "fields"}, {Word: "attributes"}}
)
