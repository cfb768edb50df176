package tables

// routeChecks are the checks of routes, rules and what is routed.
var routeChecks = []check{{
	name: "no_default_route",
	doc:  "No default route in any table, though there are routes to networks.",
	from: `routes type == unicast and dst != fe80::/64 and dst != ff00::/8 and dev != "lo" | stats n = count(), ` +
		"defaults = sum(dst == 0.0.0.0/0 or dst == ::/0 or dst == 0.0.0.0/1 or dst == ::/1 or dst == 2000::/3 ? 1 " +
		": 0)",
	where:    "n > 0 and defaults == 0",
	severity: noticeWord,
	subject:  `"0.0.0.0/0"`, value: "n",
	sentence: "There is no default route: nothing can be reached but what {n} [route leads|routes lead] to.",
	advice: "If this machine is to reach other networks, add one, or see why DHCP or the router's announcements " +
		"gave none: `routes | select dst, gateway, dev, protocol`.",
}, {
	name: "equal_routes",
	doc:  "Two routes to the same destination with equal metric, of which the first is always taken.",
	from: `routes table == "main" and type == unicast and not cached and nexthop == 1 and dst != fe80::/64 and ` +
		`dst != ff00::/8 | group by family, dst, tos, from, metric: n = max(position), gateways = list(gateway), ` +
		`devs = list(dev)`,
	where:    "n > 1",
	severity: warningWord,
	subject:  "string(dst)", value: "n",
	sentence: `There are {n} {dst == 0.0.0.0/0 or dst == ::/0 ? "default routes (" + string(dst) + ")" : ` +
		`"routes to " + string(dst)} of the same metric, by ` +
		`{len(devs) > 1 ? join(devs, " and ") : join(gateways, " and ")}: which one is taken depends on the order ` +
		`in which they were added.`,
	advice: "Give them different metrics, or make them one route of several nexthops: " +
		"`routes | sort dst, metric | select dst, metric, position, gateway, dev, protocol`.",
}, {
	name:     "gateway_unreachable",
	doc:      "Gateways of routes that do not answer on their link.",
	from:     silent,
	where:    "router != nil",
	late:     true,
	severity: `default > 0 ? "critical" : "warning"`,
	subject:  "string(router)", value: "routes",
	sentence: `The gateway {router} on {dev} does not answer to ARP or NDP: {default > 0 ? "the default route ` +
		`leads" : routes == 1 ? "a route leads" : string(routes) + " routes lead"} nowhere.`,
	advice: "The router is down, has another address, or the link to it is broken: `neighbors state == FAILED | " +
		"select addr, dev, probes, confirmed`, `interfaces | select name, operstate, carrier`.",
}, {
	name:     "small_path_mtu",
	doc:      "Path MTUs below 1280 bytes that were learned for single destinations.",
	from:     "routes cached and mtu < 1280 | group by dev: n = count(), smallest = min(mtu), dsts = list(dst)",
	where:    "true",
	severity: noticeWord,
	subject:  "dev", value: "smallest", limit: "1280",
	sentence: `The path to {n == 1 ? string(dsts[0]) : string(n) + " destinations"} by {dev} takes packets of ` +
		"{smallest} at most, as a router on the way says.",
	advice: "A tunnel in a tunnel, or forged messages (ICMP). What was learned: `routes cached | select dst, " +
		"gateway, dev, mtu, expires`. net.ipv4.route.min_pmtu bounds it.",
}, {
	name:     "no_route",
	doc:      "Packets that could not be sent because there is no route.",
	from:     counters,
	where:    `proto in [ip, ip6] and name == "OutNoRoutes" and grown(value) > 0`,
	boot:     "false",
	severity: warningWord,
	subject:  "proto", value: "grown(value)",
	sentence: `{grown(value)} [packet|packets] of {proto == ip ? "IPv4" : "IPv6"} could not be sent {SINCE}, ` +
		`because there is no ` +
		"route to their destination.",
	advice: "Which routes there are: `routes | select dst, gateway, dev, table`, and which rules choose between " +
		"tables: `rules`.",
}, {
	name:     "reverse_path_drops",
	doc:      "Packets dropped because answers to them would take another way (reverse path filter).",
	from:     counters,
	where:    `proto == tcp_ext and name == "IPReversePathFilter" and grown(value) > 0`,
	severity: warningWord,
	subject:  "name", value: "grown(value)",
	sentence: "{grown(value)} [packet was|packets were] dropped {SINCE}, because the way back to [its source|their " +
		"sources] leads elsewhere.",
	advice: "Routing is not symmetric, or sources are forged. net.ipv4.conf.*.rp_filter = 2 only asks for any way " +
		"back. The ways: `routes | select dst, gateway, dev, table`, `rules`.",
}, {
	name:     "martians",
	doc:      "Packets with a source or destination that cannot be: 10 or more in a second.",
	from:     counters,
	where:    `proto == rt_cache and name in ["in_martian_src", "in_martian_dst"] and perSecond(value) >= 10`,
	boot:     "false",
	severity: noticeWord,
	subject:  "name", value: "round(perSecond(value))", limit: "10",
	sentence: `{grown(value)} packets came {SINCE} with a {name == "in_martian_src" ? "source" : "destination"} ` +
		`that ` +
		"cannot be, or not on their interface.",
	advice: "A wrong netmask or route here or at a neighbour, or forged packets; net.ipv4.conf.all.log_martians = 1 " +
		"tells which: `addresses | select dev, prefix`.",
	explainedBy: []string{"reverse_path_drops"}, // which count among them
	hostWide:    true,
}, {
	name:     "not_forwarding",
	doc:      "Packets for others that arrive at a machine that does not forward.",
	from:     counters,
	where:    `proto in [ip, ip6] and name == "InAddrErrors" and grown(value) > 0`,
	boot:     "false",
	severity: warningWord,
	subject:  "proto", value: "grown(value)",
	sentence: `{grown(value)} [packet|packets] of {proto == ip ? "IPv4" : "IPv6"} for [another machine|other ` +
		`machines] came {SINCE} and ` +
		"[was|were] dropped, because this one does not forward.",
	advice: `If it is a router, set net.ipv4.ip_forward or net.ipv6.conf.all.forwarding to 1; else some host has a ` +
		"route by this one that is wrong: `neighbors | select addr, mac, dev, state`.",
}, {
	name:     "detached_rule",
	doc:      "Policy routing rules for interfaces, or that go on with rules, that do not exist.",
	from:     "rules",
	where:    "iif_detached in flags or oif_detached in flags or unresolved in flags",
	severity: noticeWord,
	subject:  `string(family) + " rule " + string(priority)`, value: "priority",
	sentence: `The rule of priority {priority} never applies: {unresolved in flags ? "there is no rule " + ` +
		`string(goto) + " to go on with" : "there is no interface " + (iif ?? oif ?? "of that name")}.`,
	advice: "Remove what is left of an interface that is gone, or see why it is not there: `rules | select family, " +
		"priority, iif, oif, goto, table, flags`.",
}, {
	name: "empty_table",
	doc:  "Policy routing rules that look into a table without routes.",
	from: `rules action == lookup and table not in ["local", "main", "default"] and not l3mdev | ` +
		"join left (routes | group by family, table_id: routes = count()) on family, table_id",
	where:    "routes == nil",
	severity: noticeWord,
	subject:  `string(family) + " rule " + string(priority)`, value: "priority",
	sentence: "The rule of priority {priority} looks into the table {table}, which has no routes.",
	advice: "The routes were lost with their interface, or never made; packets go on with the next rule: " +
		"`rules | select family, priority, from, fwmark, table`, `routes | count by table`.",
}, {
	name:     "multicast_wrong_interface",
	doc:      "Multicast packets that come by another interface than their route says.",
	from:     "multicast_routes",
	where:    "grown(wrong_iif) > 0",
	severity: noticeWord,
	subject:  "string(group)", value: "grown(wrong_iif)",
	sentence: `By another interface than {iif ?? "that of the route"}, {source} sent {grown(wrong_iif)} ` +
		`[packet|packets] to the group {group} {SINCE}, which [was|were] not forwarded.`,
	advice: "The way back to the source leads elsewhere, or there is a loop: `multicast_routes wrong_iif > 0`.",
}, {
	name:     "multicast_to_nowhere",
	doc:      "Multicast routes that are in use and lead to no interface.",
	from:     "multicast_routes",
	where:    "oifs == nil and state == resolved and packets > 0 and (last_used ?? 0s) < 1m",
	severity: noticeWord,
	subject:  "string(group)", value: "packets",
	sentence: "What {source} sends to the group {group} goes nowhere: {packets} [packet|packets] so far.",
	advice: "No member has asked for the group, or the routing daemon does not know of one: `multicast_groups`, " +
		"`multicast_routes oifs == nil`.",
}}
