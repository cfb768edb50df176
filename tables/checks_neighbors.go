package tables

// silent are the rows of the checks of neighbours that do not answer: one for each that is the gateway of routes, and
// one for all others of an interface.
const silent = "neighbors (state == FAILED or state == INCOMPLETE and probes >= 2) | " +
	"join left (routes gateway != nil and type == unicast and not cached | group by gateway, dev: routes = count(), " +
	"default = sum(dst == 0.0.0.0/0 or dst == ::/0 ? 1 : 0)) on addr == gateway, dev | " +
	"group by dev, router = routes == nil ? nil : addr: n = count(routes != nil or used < 1m ? 1 : nil), " +
	"addrs = list(routes != nil or used < 1m ? addr : nil), routes = max(routes), default = max(default)"

// neighborChecks are the checks of neighbours and of the machine's own addresses.
var neighborChecks = []check{{
	name: "failed_neighbors",
	doc: "Addresses on a link that do not answer, though packets were sent there within a minute; gateways have a " +
		"check of their own.",
	from:     silent,
	where:    "router == nil and n > 0",
	late:     true,
	severity: noticeWord,
	subject:  "dev", value: "n",
	sentence: `{n == 1 ? string(addrs[0]) : string(n) + " addresses"} on {dev} {n == 1 ? "does" : "do"} not ` +
		`answer to {n == 1 ? "ARP or NDP" : "ARP or NDP: " + join(addrs[0:3], ", ") + (n > 3 ? " and others" : "")}.`,
	advice: "The host is down, has another address, or is on another link or VLAN. Who wants it: " +
		"`sockets state == SYN_SENT | select process, remote, retransmits`.",
}, {
	name: "neighbor_conflict",
	doc:  "Addresses for which different link-layer addresses answer on different links.",
	from: "neighbors mac != nil and state in [REACHABLE, STALE, DELAY, PROBE] and addr not in fe80::/10 | " +
		"group by addr: macs = dcount(mac), devs = list(dev)",
	where:    "macs > 1",
	severity: warningWord,
	subject:  "string(addr)", value: "macs",
	sentence: `{macs} machines have the address {addr}, on {join(devs, " and ")}.`,
	advice: "Two machines have one address, or one network is connected twice. Who they are: " +
		"`neighbors | select addr, mac, dev, state, confirmed`.",
}, {
	name:     "neighbor_table_full",
	doc:      "Neighbours refused because the table of neighbours is full.",
	from:     counters,
	where:    `proto in [arp_cache, ndisc_cache] and name == "table_fulls" and grown(value) > 0`,
	severity: criticalWord,
	subject:  "proto", value: "grown(value)",
	sentence: `The table of {proto == arp_cache ? "IPv4" : "IPv6"} neighbours was full {grown(value)} ` +
		`[time|times] {SINCE}: ` +
		"what is sent to further ones is dropped.",
	advice: `Raise net.ipv4.neigh.default.gc_thresh3 or its like of IPv6, or find who asks for so many: ` +
		"`neighbors | count by dev, state`.",
	hostWide: true,
}, {
	name:     "duplicate_address",
	doc:      "Addresses of this machine that another one has already (duplicate address detection failed).",
	from:     "addresses",
	where:    "dadfailed in flags",
	severity: criticalWord,
	subject:  "string(addr)",
	sentence: "{addr} of {dev} cannot be used: another machine on the link has it.",
	advice: "Give one of the two another address. Who else is on the link: `neighbors family == inet6 | select " +
		"addr, mac, dev, state`.",
}, {
	name:     "tentative_address",
	doc:      "Addresses that are not usable yet after three seconds.",
	from:     "addresses",
	where:    "tentative in flags and not (dadfailed in flags) and created > 3s",
	late:     true,
	severity: noticeWord,
	subject:  "string(addr)", value: "created", limit: "3s",
	sentence: "{addr} of {dev} is tentative for {created}, and cannot be used.",
	advice: "Nobody can answer whether it is taken while the interface has no carrier: `interfaces carrier == false " +
		"and UP in flags`.",
}, {
	name: "address_twice",
	doc:  "Addresses that this machine has on several interfaces, with a prefix of more than one address.",
	from: `addresses scope == global and not (string(prefix) endsWith "/32" or string(prefix) endsWith "/128") | ` +
		"group by addr: devs = list(dev), n = dcount(dev)",
	where:    "n > 1",
	severity: noticeWord,
	subject:  "string(addr)", value: "n",
	sentence: `The address {addr} is on {n} interfaces: {join(devs[0:4], ", ")}{n > 4 ? " and others" : ""}.`,
	advice: "Answers may leave by the wrong one. Unless that is meant (anycast, unnumbered links), remove all but " +
		"one: `addresses | select dev, prefix, label, protocol`.",
}}
