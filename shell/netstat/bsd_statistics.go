package netstat

import (
	"slices"
	"strings"
)

// Groups of proto_stats: of IPv4 and what it carries, and of IPv6. Linux counts TCP over both together, among those of
// IPv4.
var (
	counters4 = []string{"ip", "ip_ext", "icmp", "icmpmsg", "tcp", "tcp_ext", "udp", "udplite"}
	counters6 = []string{"ip6", "icmp6", "udp6", "udplite6"}
)

// familyCounters are the groups that count the families of -f; all without it.
func (r *request) familyCounters() []string {
	switch strings.Join(r.families, " ") {
	case "inet":
		return counters4
	case "inet6":
		return counters6
	}
	return slices.Concat(counters4, counters6)
}

// bsdCounters are the groups that -s shows: of the protocols of -p, for the family of -f.
func (r *request) bsdCounters() []string {
	groups := r.counters(r.familyCounters())
	if len(r.chosen) == 0 || len(r.families) != 1 {
		return groups
	}
	if r.families[0] == "inet6" && slices.Contains(groups, "tcp") {
		r.note("Linux counts TCP over IPv4 and over IPv6 together: these numbers are of both")
		return groups
	}
	kept := slices.DeleteFunc(slices.Clone(groups), func(group string) bool {
		return slices.Contains(slices.Concat(counters4, counters6), group) &&
			!slices.Contains(r.familyCounters(), group)
	})
	if len(kept) == 0 {
		r.note("these protocols are not carried by %s: the numbers are of the other family", r.families[0])
		return groups
	}
	return kept
}

// bsdStatistics are the counters of the protocols, each worded by its doc; with a topic, those of that topic instead.
func bsdStatistics(r *request, topic string) Display {
	conditions := []string{"", `kind != "setting"`}
	if topic == "" {
		conditions[0] = oneOf("proto", r.bsdCounters())
	} else {
		conditions[0] = "topic == " + topic
		if len(r.families) > 0 {
			conditions = append(conditions, oneOf("proto", r.topicCounters()))
		}
	}
	if r.repeated > 1 {
		conditions = append(conditions, "value > 0")
	}
	return Display{
		"statistics", r.compose("proto_stats", conditions, "select proto, name, value, doc"),
		Layout{summary: func(rows []Row) (lines []string) {
			last := ""
			for _, row := range rows {
				if proto := row.Text("proto"); proto != last {
					lines, last = append(lines, proto+":"), proto
				}
				lines = append(lines, "\t"+row.Text("value")+" "+counterPhrase(row))
			}
			return lines
		}},
		"statistics",
	}
}

// topicCounters are the groups with counters of routing and multicast, for the families of -f.
func (r *request) topicCounters() (groups []string) {
	groups = slices.Clone(r.familyCounters())
	if slices.Contains(r.families, "inet") {
		groups = append(groups, "rt_cache")
	}
	if slices.Contains(r.families, "inet6") {
		groups = append(groups, "rt6_stats")
	}
	return groups
}

// counterPhrase is what stands behind the value of a counter, as in the manual's lines ("3 segments received"): the
// doc's first clause in lower case, else the counter's name.
func counterPhrase(row Row) string {
	doc := strings.TrimSuffix(row.Text("doc"), ".")
	if doc == "" {
		return row.Text("name")
	}
	doc, _, _ = strings.Cut(doc, "; ")
	first, rest, _ := strings.Cut(doc, " ")
	abbreviation := first == strings.ToUpper(first) || strings.ToUpper(first[1:2]) == first[1:2] // ICMP, SYNs
	if abbreviation {
		return first + " " + rest
	}
	return strings.ToLower(first[:1]) + first[1:] + " " + rest
}
