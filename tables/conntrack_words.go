package tables

import (
	"slices"

	"netql/query/schema"
	"netql/sources/conntrack"
)

// flowProtocol is an IP protocol of flows.
type flowProtocol struct {
	number uint8 // IANA's
	word   schema.Word
	states []string // the names of its states, by the kernel's numbers; nil for protocols without states
}

// flowProtocols are the protocols that netfilter tracks with modules of their own, then others that are in use.
var flowProtocols = []flowProtocol{
	{6, schema.Word{Name: "tcp"}, []string{"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT",
		"LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2"}},
	{17, schema.Word{Name: "udp"}, nil},
	{1, schema.Word{Name: "icmp"}, nil},
	{58, schema.Word{Name: "icmpv6", Aliases: []string{"icmp6", "ipv6_icmp"}}, nil},
	{132, schema.Word{Name: "sctp"},
		[]string{"NONE", "CLOSE", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED", "SHUTDOWN_SENT", "SHUTDOWN_RECD",
			"SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT", "HEARTBEAT_ACKED"}},
	{33, schema.Word{Name: "dccp"},
		[]string{"NONE", "REQUEST", "RESPOND", "PARTOPEN", "OPEN", "CLOSEREQ", "CLOSING", "TIME_WAIT"}},
	{136, schema.Word{Name: "udplite"}, nil},
	{47, schema.Word{Name: "gre"}, nil},
	{2, schema.Word{Name: "igmp"}, nil},
	{4, schema.Word{Name: "ipip"}, nil},
	{41, schema.Word{Name: "ipv6"}, nil},
	{50, schema.Word{Name: "esp"}, nil},
	{51, schema.Word{Name: "ah"}, nil},
	{89, schema.Word{Name: "ospf"}, nil},
	{103, schema.Word{Name: "pim"}, nil},
	{112, schema.Word{Name: "vrrp"}, nil},
	{115, schema.Word{Name: "l2tp"}, nil},
}

func flowProtocolWords() *schema.Vocabulary {
	words := make([]schema.Word, len(flowProtocols))
	for i, p := range flowProtocols {
		words[i] = p.word
	}
	return schema.NewVocabulary(words...)
}

// protocolOf is the protocol of a number; an empty one for a number that is not listed.
func protocolOf(number uint8) flowProtocol {
	i := slices.IndexFunc(flowProtocols, func(p flowProtocol) bool { return p.number == number })
	if i < 0 {
		return flowProtocol{}
	}
	return flowProtocols[i]
}

// flowStates are netfilter's names of states (linux/netfilter/nf_conntrack_tcp.h, nf_conntrack_sctp.h). They are not
// the states of sockets: netfilter sees packets pass, and has one state for both sides of a connection.
func flowStates() *schema.Vocabulary {
	return schema.NewVocabulary(
		schema.Word{Name: "NONE"},
		schema.Word{Name: "SYN_SENT", Aliases: []string{"SYN_SEND"}, Level: schema.Busy},
		schema.Word{Name: "SYN_SENT2", Aliases: []string{"SYN_SENT_2", "LISTEN"}, Level: schema.Busy},
		schema.Word{Name: "SYN_RECV", Aliases: []string{"SYN_RECEIVED", "SYN_RCVD"}, Level: schema.Busy},
		schema.Word{Name: "ESTABLISHED", Aliases: []string{"ESTAB"}, Level: schema.Good},
		schema.Word{Name: "FIN_WAIT", Level: schema.Busy},
		schema.Word{Name: "CLOSE_WAIT", Aliases: []string{"CLOSEWAIT"}, Level: schema.Busy},
		schema.Word{Name: "LAST_ACK", Aliases: []string{"LASTACK"}, Level: schema.Busy},
		schema.Word{Name: "TIME_WAIT", Aliases: []string{"TIMED_WAIT", "TIMEWAIT"}},
		schema.Word{Name: "CLOSE", Aliases: []string{"CLOSED"}},
		schema.Word{Name: "COOKIE_WAIT", Level: schema.Busy},
		schema.Word{Name: "COOKIE_ECHOED", Level: schema.Busy},
		schema.Word{Name: "SHUTDOWN_SENT", Level: schema.Busy},
		schema.Word{Name: "SHUTDOWN_RECD", Aliases: []string{"SHUTDOWN_RECEIVED"}, Level: schema.Busy},
		schema.Word{Name: "SHUTDOWN_ACK_SENT", Level: schema.Busy},
		schema.Word{Name: "HEARTBEAT_SENT", Level: schema.Busy},
		schema.Word{Name: "HEARTBEAT_ACKED", Level: schema.Good},
		schema.Word{Name: "REQUEST", Level: schema.Busy},
		schema.Word{Name: "RESPOND", Level: schema.Busy},
		schema.Word{Name: "PARTOPEN", Level: schema.Busy},
		schema.Word{Name: "OPEN", Level: schema.Good},
		schema.Word{Name: "CLOSEREQ", Level: schema.Busy},
		schema.Word{Name: "CLOSING", Level: schema.Busy},
	)
}

// flowStatuses are IPS_* of linux/netfilter/nf_conntrack_common.h.
func flowStatuses() codes {
	return codes{
		{conntrack.SeenReply, schema.Word{Name: "SEEN_REPLY", Aliases: []string{"REPLIED"}}},
		named(conntrack.Assured, "ASSURED"),
		named(conntrack.Confirmed, "CONFIRMED"),
		{conntrack.Expected, schema.Word{Name: "EXPECTED", Aliases: []string{"RELATED"}}},
		{conntrack.SrcNAT, schema.Word{Name: "SRC_NAT", Aliases: []string{"SNAT"}}},
		{conntrack.DstNAT, schema.Word{Name: "DST_NAT", Aliases: []string{"DNAT"}}},
		named(conntrack.SeqAdjust, "SEQ_ADJUST"),
		named(conntrack.SrcNATDone, "SRC_NAT_DONE"),
		named(conntrack.DstNATDone, "DST_NAT_DONE"),
		named(conntrack.Dying, "DYING"),
		named(conntrack.FixedTimeout, "FIXED_TIMEOUT"),
		named(conntrack.Template, "TEMPLATE"),
		{conntrack.NATClash, schema.Word{Name: "NAT_CLASH", Aliases: []string{"UNTRACKED"}}},
		named(conntrack.Helper, "HELPER"),
		named(conntrack.Offload, "OFFLOAD"),
		named(conntrack.HWOffload, "HW_OFFLOAD"),
	}
}
