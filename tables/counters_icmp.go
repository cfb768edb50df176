package tables

import "slices"

// icmpMessage is a kind of ICMP messages, which has a counter for each direction, such as InEchos and OutEchos.
type icmpMessage struct {
	name  string // the counters' name behind In and Out
	what  string // the message in words
	topic string
	kind  counterKind
}

func icmpCounters() []counter {
	return slices.Concat([]counter{
		{"InMsgs", "traffic", grows, "messages", "icmpInMsgs", "ICMP messages received, those with errors included."},
		{"InErrors", "errors", trouble, "messages", "icmpInErrors",
			"ICMP messages received with an error in them, and errors about connections that this host does not " +
				"have."},
		{"InCsumErrors", "errors", trouble, "messages", "",
			"ICMP messages received with a wrong checksum; InErrors counts them too."},
		{"OutMsgs", "traffic", grows, "messages", "icmpOutMsgs",
			"ICMP messages that were to be sent, those that failed included."},
		{"OutErrors", "errors", trouble, "messages", "icmpOutErrors",
			"ICMP messages not sent for reasons within ICMP, such as a lack of memory."},
		{"OutRateLimitGlobal", "traffic", trouble, "messages", "",
			"ICMP messages not sent because of the limit for all destinations (net.ipv4.icmp_msgs_per_sec)."},
		{"OutRateLimitHost", "traffic", trouble, "messages", "",
			"ICMP messages not sent because of the limit for one destination (net.ipv4.icmp_ratelimit)."},
	}, messageCounters("icmp", []icmpMessage{
		{"DestUnreachs", "destination unreachable", "errors", trouble},
		{"TimeExcds", "time exceeded", "errors", trouble},
		{"ParmProbs", "parameter problem", "errors", trouble},
		{"SrcQuenchs", "source quench", "errors", trouble},
		{"Redirects", "redirect", "routing", grows},
		{"Echos", "echo request (ping)", "traffic", grows},
		{"EchoReps", "echo reply", "traffic", grows},
		{"Timestamps", "timestamp request", "traffic", grows},
		{"TimestampReps", "timestamp reply", "traffic", grows},
		{"AddrMasks", "address mask request", "traffic", grows},
		{"AddrMaskReps", "address mask reply", "traffic", grows},
	}))
}

func icmp6Counters() []counter {
	return slices.Concat([]counter{
		{"InMsgs", "traffic", grows, "messages", "ipv6IfIcmpInMsgs",
			"ICMPv6 messages received, those with errors included."},
		{"InErrors", "errors", trouble, "messages", "ipv6IfIcmpInErrors",
			"ICMPv6 messages received with an error in them, and errors about connections that this host does not " +
				"have."},
		{"InCsumErrors", "errors", trouble, "messages", "",
			"ICMPv6 messages received with a wrong checksum; InErrors counts them too."},
		{"OutMsgs", "traffic", grows, "messages", "ipv6IfIcmpOutMsgs",
			"ICMPv6 messages that were to be sent, those that failed included."},
		{"OutErrors", "errors", trouble, "messages", "ipv6IfIcmpOutErrors",
			"ICMPv6 messages not sent for reasons within ICMPv6, such as a lack of memory."},
		{"OutRateLimitHost", "traffic", trouble, "messages", "",
			"ICMPv6 messages not sent because of the limit for one destination (net.ipv6.icmp.ratelimit)."},
	}, messageCounters("ipv6IfIcmp", []icmpMessage{
		{"DestUnreachs", "destination unreachable", "errors", trouble},
		{"PktTooBigs", "packet too big", "fragments", grows},
		{"TimeExcds", "time exceeded", "errors", trouble},
		{"ParmProblems", "parameter problem", "errors", trouble},
		{"Echos", "echo request (ping)", "traffic", grows},
		{"EchoReplies", "echo reply", "traffic", grows},
		{"GroupMembQueries", "multicast listener query (MLD)", "multicast", grows},
		{"GroupMembResponses", "multicast listener report (MLDv1)", "multicast", grows},
		{"GroupMembReductions", "multicast listener done (MLDv1)", "multicast", grows},
		{"RouterSolicits", "router solicitation", "routing", grows},
		{"RouterAdvertisements", "router advertisement", "routing", grows},
		{"NeighborSolicits", "neighbour solicitation", "neighbors", grows},
		{"NeighborAdvertisements", "neighbour advertisement", "neighbors", grows},
		{"Redirects", "redirect", "routing", grows},
	}), messageCounters("", []icmpMessage{
		{"MLDv2Reports", "multicast listener report (MLDv2)", "multicast", grows},
	}))
}

// messageCounters are the two counters of each kind of messages. mib is the prefix of their objects in the MIB, whose
// names end as the kernel's; "" for counters that no MIB has.
func messageCounters(mib string, messages []icmpMessage) []counter {
	object := func(name string) string {
		if mib == "" {
			return ""
		}
		return mib + name
	}
	var list []counter
	for _, m := range messages {
		list = append(list,
			counter{"In" + m.name, m.topic, m.kind, "messages", object("In" + m.name),
				"Messages received that say: " + m.what + "."},
			counter{"Out" + m.name, m.topic, m.kind, "messages", object("Out" + m.name),
				"Messages sent that say: " + m.what + "."})
	}
	return list
}

// icmpTypes and icmp6Types are the names of message types in IANA's registries "ICMP Type Numbers" and "ICMPv6
// Parameters", without the deprecated ones that nobody sends.
var icmpTypes = []string{
	0: "echo reply", 3: "destination unreachable", 4: "source quench", 5: "redirect", 8: "echo request",
	9:  "router advertisement",
	10: "router solicitation", 11: "time exceeded", 12: "parameter problem", 13: "timestamp request",
	14: "timestamp reply",
	15: "information request", 16: "information reply", 17: "address mask request", 18: "address mask reply",
	30: "traceroute",
	40: "security failure (Photuris)", 42: "extended echo request", 43: "extended echo reply",
}

var icmp6Types = []string{
	1: "destination unreachable", 2: "packet too big", 3: "time exceeded", 4: "parameter problem", 128: "echo request",
	129: "echo reply",
	130: "multicast listener query", 131: "multicast listener report", 132: "multicast listener done",
	133: "router solicitation",
	134: "router advertisement", 135: "neighbour solicitation", 136: "neighbour advertisement", 137: "redirect",
	138: "router renumbering",
	139: "node information query", 140: "node information response", 141: "inverse neighbour solicitation",
	142: "inverse neighbour advertisement", 143: "multicast listener report (MLDv2)",
	144: "home agent discovery request",
	145: "home agent discovery reply", 146: "mobile prefix solicitation", 147: "mobile prefix advertisement",
	148: "certification path solicitation", 149: "certification path advertisement",
	151: "multicast router advertisement",
	152: "multicast router solicitation", 153: "multicast router termination", 155: "RPL control",
	157: "duplicate address request", 158: "duplicate address confirmation", 160: "extended echo request",
	161: "extended echo reply",
}
