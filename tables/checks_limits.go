package tables

// What the checks of limits say, of those of a network namespace and of the machine.
const (
	fullSeverity = `share > 0.95 ? "critical" : "warning"`
	fullSubject  = `name + (subject == nil ? "" : " " + subject)`
	nearlyFull   = `{name}{subject == nil ? "" : " of " + subject}: {used} of {limit} {unit} are in use, ` +
		`{round(100 * share)} %.`
	fullAdvice = "{doc} Where to change it: {setting}."
	moreFlows  = "Raise net.netfilter.nf_conntrack_max, or shorten timeouts. Who makes so many: `conntrack | count " +
		"by src | limit 10`."
)

// limitChecks are the checks of what fills up, and of what happens when it is full.
var limitChecks = []check{{
	name:     "nearly_full",
	doc:      "What is nearly full: more than four fifths of a limit of this network namespace (the table limits).",
	from:     "limits name not in [accept_queue, qdisc_queue] and scope == namespace",
	where:    "share > 0.8",
	severity: fullSeverity,
	subject:  fullSubject, value: "used", limit: "limit",
	sentence: nearlyFull,
	advice:   fullAdvice,
}, {
	name:     "machine_nearly_full",
	doc:      "What is nearly full: more than four fifths of a limit of the whole machine (the table limits).",
	from:     "limits scope == machine",
	where:    "share > 0.8",
	severity: fullSeverity,
	subject:  fullSubject, value: "used", limit: "limit",
	sentence: nearlyFull,
	advice:   fullAdvice,
	hostWide: true,
}, {
	name:     "memory_pressure",
	doc:      "Protocols whose sockets have to save memory.",
	from:     "memory kind == protocol and under_pressure",
	where:    "true",
	severity: warningWord,
	subject:  "name", value: "memory",
	sentence: "{name} is under memory pressure: its sockets have to save memory, and get slower.",
	advice: "Who takes it: `sockets | stats bytes = sum(rmem) + sum(wmem_queued) by process | sort bytes desc | " +
		"limit 10`, and the limit: `memory kind == transport`.",
	hostWide: true,
}, {
	// A packet that is dropped because its flow was tracked already counts in drop and in insert_failed
	// (nf_ct_resolve_clash of net/netfilter/nf_conntrack_core.c).
	name: "conntrack_drops",
	doc:  "Packets dropped because no more flows could be tracked.",
	from: `proto_stats proto == nf_conntrack and name in ["drop", "insert_failed"] | stats ` +
		`drops = sum(name == "drop" ? value : 0), clashes = sum(name == "insert_failed" ? value : 0)`,
	where:    "grown(drops) > grown(clashes)",
	severity: criticalWord,
	subject:  `"drop"`, value: "grown(drops) - grown(clashes)",
	sentence: "{grown(drops) - grown(clashes)} [packet was|packets were] dropped {SINCE}, because the table of " +
		"tracked flows is full.",
	advice: moreFlows,
}, {
	name:     "conntrack_early_drops",
	doc:      "Flows forgotten early to make room for others.",
	from:     counters,
	where:    `proto == nf_conntrack and name == "early_drop" and grown(value) > 0`,
	severity: warningWord,
	subject:  "name", value: "grown(value)",
	sentence: "{grown(value)} [flow was|flows were] forgotten early {SINCE}, because the table of tracked flows is " +
		"full.",
	advice: moreFlows,
}, {
	name:     "conntrack_insert_failed",
	doc:      "Flows that could not be tracked because there was one already: 10 or more in a second.",
	from:     counters,
	where:    `proto == nf_conntrack and name == "insert_failed" and perSecond(value) >= 10`,
	boot:     "false",
	severity: noticeWord,
	subject:  "name", value: "round(perSecond(value))", limit: "10",
	sentence: "{grown(value)} packets were dropped {SINCE}, because their flow was being tracked already.",
	advice: "Two packets of a flow met at once, as two DNS questions of one socket do behind address translation, or " +
		"two flows are translated to one address and port: `conntrack proto == udp | count by dst, dport | limit 10`.",
}}
