package tables

// queues are the rows of the checks of queues for sending: the one of each interface in which all others are.
const queues = `qdiscs parent == "root"`

// queueChecks are the checks of queues: of interfaces, and of the CPUs for packets received.
var queueChecks = []check{{
	name:     "qdisc_drops",
	doc:      "Queues of interfaces that drop: 10 or more packets in a second and 1 per cent.",
	from:     queues,
	where:    "perSecond(drops) >= 10 and grown(drops) > 0.01 * grown(packets)",
	boot:     "drops >= 1000 and drops > 0.02 * packets",
	severity: warningWord,
	subject:  "dev", value: "grown(drops)",
	sentence: "The queue of {dev} ({kind}) dropped {grown(drops)} packets {SINCE}, beside {grown(packets)} sent.",
	advice: "More is sent than the link, or a shaper, lets through. By whom: `sockets state == ESTABLISHED | top 10 " +
		"by delivery_rate`. All queues: `qdiscs | select dev, kind, parent, drops, overlimits, backlog`.",
}, {
	name:     "qdisc_backlog",
	doc:      "Queues of interfaces in which 50 or more packets wait, now and a second ago.",
	from:     queues,
	where:    "qlen >= 50 and qlen - grown(qlen) >= 50",
	boot:     "qlen >= 50",
	severity: noticeWord,
	subject:  "dev", value: "qlen", limit: "50",
	sentence: "{qlen} packets ({backlog}) wait to be sent by {dev} ({kind}).",
	advice: "What is sent waits longer, by the backlog divided by the rate. An fq_codel queue keeps that short: " +
		"`qdiscs qlen > 0 | select dev, kind, parent, qlen, backlog, rate`.",
}, {
	name:     "softnet_drops",
	doc:      "CPUs that dropped packets received, because too many waited for them.",
	from:     "softnet",
	where:    "grown(dropped) > 0",
	severity: warningWord,
	subject:  `"CPU " + string(cpu)`, value: "grown(dropped)",
	sentence: "CPU {cpu} dropped {grown(dropped)} received [packet|packets] {SINCE}, because too many waited for it.",
	advice: "Spread packets over more CPUs (interrupts, receive packet steering), or let more wait " +
		"(net.core.netdev_max_backlog): `softnet | select cpu, processed, dropped, received_rps`.",
	hostWide: true,
}, {
	name:     "softnet_squeezes",
	doc:      "CPUs that had to leave packets for later: 10 or more times in a second.",
	from:     "softnet",
	where:    "perSecond(time_squeeze) >= 10",
	boot:     "false",
	severity: noticeWord,
	subject:  `"CPU " + string(cpu)`, value: "round(perSecond(time_squeeze))", limit: "10",
	sentence: "CPU {cpu} left packets for later {grown(time_squeeze)} times {SINCE}, because its turn was over.",
	advice: "More packets than it can process at once: see net.core.netdev_budget and netdev_budget_usecs, and how " +
		"the CPUs share the work: `softnet | select cpu, processed, time_squeeze`.",
	hostWide: true,
}, {
	name:     "one_cpu",
	doc:      "One CPU that processes nearly all packets received: 90 per cent of 50,000 or more in a second.",
	from:     "softnet | stats cpus = count(), packets = sum(perSecond(processed)), most = max(perSecond(processed))",
	where:    "cpus >= 2 and packets >= 50000 and most > 0.9 * packets",
	boot:     "false",
	severity: noticeWord,
	subject:  `"CPUs"`, value: "most / packets", limit: "0.9",
	sentence: "One of {cpus} CPUs processes {round(100 * most / packets)} % of the {round(packets)} packets of a " +
		"second.",
	advice: "Spread them: more receive queues (ethtool -L), their interrupts on several CPUs, or receive packet " +
		"steering. `interfaces | select name, rx_channels, combined_channels`.",
	hostWide: true,
}}
