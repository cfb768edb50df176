package tables

import (
	"slices"
	"strconv"
	"strings"

	"netql/query/schema"
)

// counter is what is known about a counter beside its value.
type counter struct {
	name  string // the kernel's
	topic string // of topics
	is    nature
	unit  string // what it counts
	mib   string // the object of the standard's MIB that it is; "" for Linux' own
	doc   string
}

// nature says how the value behaves.
type nature uint8

const (
	grows   nature = iota // a counter
	alarms                // a counter of what went wrong
	level                 // goes up and down
	setting               // a setting or a constant
)

var (
	natureNames   = [...]string{grows: "counter", alarms: "counter", level: "gauge", setting: "setting"}
	natureChanges = [...]schema.Change{
		grows: schema.Counter, alarms: schema.Counter, level: schema.Gauge, setting: schema.Static,
	}
)

func counterKinds() *schema.Vocabulary { return schema.Words("counter", "gauge", "setting") }

// topics are what counters are about.
func topics() *schema.Vocabulary {
	return schema.Words("traffic", "errors", "routing", "neighbors", "multicast", "fragments", "ecn", "connections",
		"handshake", "loss", "reordering", "acknowledgements", "window", "buffers", "security", "paths", "tracking")
}

// counterGroup is some protocols whose counters mean the same.
type counterGroup struct {
	protos   []string
	about    string // where the kernel keeps them, and which standard they follow
	counters []counter
	types    map[int]string // of ICMP: names of message types, which counters InType3 and OutType3 are about
}

// counterGroups are all that is known.
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

// groupOf is what is known about the counters of a protocol; one of no counters where nothing is.
func groupOf(groups []counterGroup, proto string) counterGroup {
	for _, group := range groups {
		if slices.Contains(group.protos, proto) {
			return group
		}
	}
	return counterGroup{}
}

// find is what is known about a counter; nil where nothing is.
func (g counterGroup) find(name string) *counter {
	for i := range g.counters {
		if g.counters[i].name == name {
			return &g.counters[i]
		}
	}
	return messageType(g.types, name)
}

// messageType is what InType3 and OutType3 mean where the types have names; a type without one has its number.
func messageType(types map[int]string, name string) *counter {
	direction, number, found := strings.Cut(name, "Type")
	verb := map[string]string{"In": "received", "Out": "sent"}[direction]
	n, err := strconv.Atoi(number)
	if types == nil || !found || verb == "" || err != nil {
		return nil
	}
	what := "without a name"
	if types[n] != "" {
		what = types[n]
	}
	mib := map[string]string{"In": "icmpMsgStatsInPkts", "Out": "icmpMsgStatsOutPkts"}[direction]
	return &counter{name, "traffic", grows, "messages", mib,
		"ICMP messages of type " + number + ", " + what + ", " + verb + "."}
}
