package tables

import (
	"slices"
	"strconv"
	"strings"

	"netql/query/schema"
)

// counter is what is known about a counter of proto_stats beside its value.
type counter struct {
	name  string // the kernel's name
	topic string // one of counterTopics
	kind  counterKind
	unit  string // what it counts: packets, bytes and so on; "" for settings without
	mib   string // the object of the standard's MIB that it is; "" for Linux' own
	doc   string // its meaning, as a sentence
}

// counterKind says how the value of a counter changes.
type counterKind uint8

const (
	grows   counterKind = iota // it counts what happens
	trouble                    // it counts what should not happen
	gauge                      // it goes up and down
	setting                    // it is configured, or constant
)

var (
	counterKindNames   = [...]string{grows: "counter", trouble: "counter", gauge: "gauge", setting: "setting"}
	counterKindChanges = [...]schema.Change{
		grows: schema.Counter, trouble: schema.Counter, gauge: schema.Gauge, setting: schema.Static,
	}
)

func counterKindWords() *schema.Vocabulary { return schema.Words("counter", "gauge", "setting") }

// counterTopics are the subjects of counters, across protocols.
func counterTopics() *schema.Vocabulary {
	return schema.Words("traffic", "errors", "routing", "neighbors", "multicast", "fragments", "ecn", "connections",
		"handshake", "loss", "reordering", "acknowledgements", "window", "buffers", "security", "paths", "tracking")
}

// counterGroup are protocols whose counters have the same names and meanings.
type counterGroup struct {
	protos   []string // of proto_stats
	about    string   // where the kernel keeps them, and which standard they follow
	counters []counter
	types    []string // names of ICMP's message types, for counters such as InType3; nil for other protocols
}

// counterGroups are the counters that netql knows.
func counterGroups() []counterGroup {
	return []counterGroup{
		{[]string{"ip", "ip_ext", "ip6"},
			"IPv4 in /proc/net/snmp and netstat, IPv6 in /proc/net/snmp6; the MIB is RFC 4293's.", ipCounters, nil},
		{[]string{"icmp"}, "In /proc/net/snmp; the MIB is RFC 2011's.", icmpCounters(), nil},
		{[]string{"icmpmsg"}, "In /proc/net/snmp; a type appears once a message of it was received or sent; the MIB " +
			"is RFC 4293's.", nil, icmpTypes},
		{[]string{"icmp6"}, "In /proc/net/snmp6; a type appears once a message of it was received or sent; the MIB " +
			"is RFC 2466's.", icmp6Counters(), icmp6Types},
		{[]string{"tcp"}, "IPv4 and IPv6 together, /proc/net/snmp; the MIB is RFC 4022's.", tcpCounters, nil},
		{[]string{"tcp_ext"}, "Linux' own, IPv4 and IPv6 together, /proc/net/netstat.", tcpExtCounters, nil},
		{[]string{"mptcp_ext"}, "Linux' own, /proc/net/netstat.", mptcpCounters, nil},
		{[]string{"udp", "udp6"}, "IPv4 in /proc/net/snmp, IPv6 in /proc/net/snmp6; the MIB is RFC 4113's.",
			udpCounters("udp"), nil},
		{[]string{"udplite", "udplite6"}, "IPv4 in /proc/net/snmp, IPv6 in /proc/net/snmp6; the MIB is RFC 5097's.",
			udpCounters("udplite"), nil},
		{[]string{"sctp"}, "In /proc/net/sctp/snmp, where the module is loaded; the MIB is RFC 3873's.",
			sctpCounters, nil},
		{[]string{"rt_cache"}, "In /proc/net/stat/rt_cache, of all network namespaces.", routeCacheCounters, nil},
		{[]string{"rt6_stats"}, "IPv6's routing tables, /proc/net/rt6_stats.", route6Counters, nil},
		{[]string{"arp_cache", "ndisc_cache"},
			"In /proc/net/stat, shown in the first network namespace only, of all of them.",
			neighborCacheCounters, nil},
		{[]string{"nf_conntrack"}, "In /proc/net/stat/nf_conntrack.", conntrackCounters, nil},
		{[]string{"synproxy"}, "In /proc/net/stat/synproxy.", synproxyCounters, nil},
		{[]string{"xfrm"}, "What IPsec drops, /proc/net/xfrm_stat.", xfrmCounters, nil},
		{[]string{"tls"}, "TLS in the kernel, /proc/net/tls_stat, where the module is loaded.", tlsCounters, nil},
	}
}

// groupOf is the group of a protocol; an empty one for a protocol that netql does not know.
func groupOf(groups []counterGroup, proto string) counterGroup {
	for _, group := range groups {
		if slices.Contains(group.protos, proto) {
			return group
		}
	}
	return counterGroup{}
}

// find is what is known about a counter; nil if nothing is.
func (g counterGroup) find(name string) *counter {
	for i := range g.counters {
		if g.counters[i].name == name {
			return &g.counters[i]
		}
	}
	return messageType(g.types, name)
}

// messageType is what a counter such as InType3 or OutType3 means, by the name of the message type; nil for a counter
// of another name, and for protocols without message types.
func messageType(types []string, name string) *counter {
	direction, number, found := strings.Cut(name, "Type")
	verb := map[string]string{"In": "received", "Out": "sent"}[direction]
	n, err := strconv.Atoi(number)
	if types == nil || !found || verb == "" || err != nil {
		return nil
	}
	what := "without a name"
	if n >= 0 && n < len(types) && types[n] != "" {
		what = types[n]
	}
	mib := map[string]string{"In": "icmpMsgStatsInPkts", "Out": "icmpMsgStatsOutPkts"}[direction]
	return &counter{name, "traffic", grows, "messages", mib,
		"ICMP messages of type " + number + ", " + what + ", " + verb + "."}
}
