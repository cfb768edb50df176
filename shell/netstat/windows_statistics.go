package netstat

import (
	"fmt"
	"slices"
	"strings"
)

// statisticGroup is a group of Windows' -s.
type statisticGroup struct {
	title string
	proto string // of proto_stats
	name  string // the first name of the protocol of -p that shows it
	lines []statisticLine
}

// statisticLine is a counter: what Windows calls it, and the objects of the MIB that it is, without the prefix that
// differs between IPv4 and IPv6; two where there is one received and one sent.
type statisticLine struct {
	text string
	mibs []string
}

// statisticGroups are in Windows' order. What Linux does not count, such as Routing Discards, is not there.
var statisticGroups = []statisticGroup{
	{"IPv4 Statistics", "ip", "ip", ipLines},
	{"IPv6 Statistics", "ip6", "ipv6", ipLines},
	{"ICMPv4 Statistics", "icmp", "icmp", icmpLines},
	{"ICMPv6 Statistics", "icmp6", "ipv6-icmp", icmpv6Lines},
	{"TCP Statistics for IPv4", "tcp", "tcp", tcpLines},
	{"TCP Statistics for IPv6", "tcp", "tcpv6", tcpLines},
	{"UDP Statistics for IPv4", "udp", "udp", udpLines},
	{"UDP Statistics for IPv6", "udp6", "udpv6", udpLines},
}

var ipLines = []statisticLine{
	{"Packets Received", []string{"InReceives"}},
	{"Received Header Errors", []string{"InHdrErrors"}},
	{"Received Address Errors", []string{"InAddrErrors"}},
	{"Datagrams Forwarded", []string{"OutForwDatagrams"}},
	{"Unknown Protocols Received", []string{"InUnknownProtos"}},
	{"Received Packets Discarded", []string{"InDiscards"}},
	{"Received Packets Delivered", []string{"InDelivers"}},
	{"Output Requests", []string{"OutRequests"}},
	{"Discarded Output Packets", []string{"OutDiscards"}},
	{"Output Packet No Route", []string{"OutNoRoutes"}},
	{"Reassembly Required", []string{"ReasmReqds"}},
	{"Reassembly Successful", []string{"ReasmOKs"}},
	{"Reassembly Failures", []string{"ReasmFails"}},
	{"Datagrams Successfully Fragmented", []string{"OutFragOKs"}},
	{"Datagrams Failing Fragmentation", []string{"OutFragFails"}},
	{"Fragments Created", []string{"OutFragCreates"}},
}

var icmpLines = []statisticLine{
	{"Messages", []string{"InMsgs", "OutMsgs"}},
	{"Errors", []string{"InErrors", "OutErrors"}},
	{"Destination Unreachable", []string{"InDestUnreachs", "OutDestUnreachs"}},
	{"Time Exceeded", []string{"InTimeExcds", "OutTimeExcds"}},
	{"Parameter Problems", []string{"InParmProbs", "OutParmProbs"}},
	{"Source Quenches", []string{"InSrcQuenchs", "OutSrcQuenchs"}},
	{"Redirects", []string{"InRedirects", "OutRedirects"}},
	{"Echos", []string{"InEchos", "OutEchos"}},
	{"Echo Replies", []string{"InEchoReps", "OutEchoReps"}},
	{"Timestamps", []string{"InTimestamps", "OutTimestamps"}},
	{"Timestamp Replies", []string{"InTimestampReps", "OutTimestampReps"}},
	{"Address Masks", []string{"InAddrMasks", "OutAddrMasks"}},
	{"Address Mask Replies", []string{"InAddrMaskReps", "OutAddrMaskReps"}},
}

var icmpv6Lines = []statisticLine{
	{"Messages", []string{"InMsgs", "OutMsgs"}},
	{"Errors", []string{"InErrors", "OutErrors"}},
	{"Destination Unreachable", []string{"InDestUnreachs", "OutDestUnreachs"}},
	{"Packet Too Big", []string{"InPktTooBigs", "OutPktTooBigs"}},
	{"Time Exceeded", []string{"InTimeExcds", "OutTimeExcds"}},
	{"Parameter Problems", []string{"InParmProblems", "OutParmProblems"}},
	{"Echos", []string{"InEchos", "OutEchos"}},
	{"Echo Replies", []string{"InEchoReplies", "OutEchoReplies"}},
	{"MLD Queries", []string{"InGroupMembQueries", "OutGroupMembQueries"}},
	{"MLD Reports", []string{"InGroupMembResponses", "OutGroupMembResponses"}},
	{"MLD Dones", []string{"InGroupMembReductions", "OutGroupMembReductions"}},
	{"Router Solicitations", []string{"InRouterSolicits", "OutRouterSolicits"}},
	{"Router Advertisements", []string{"InRouterAdvertisements", "OutRouterAdvertisements"}},
	{"Neighbor Solicitations", []string{"InNeighborSolicits", "OutNeighborSolicits"}},
	{"Neighbor Advertisements", []string{"InNeighborAdvertisements", "OutNeighborAdvertisements"}},
	{"Redirects", []string{"InRedirects", "OutRedirects"}},
}

var tcpLines = []statisticLine{
	{"Active Opens", []string{"ActiveOpens"}},
	{"Passive Opens", []string{"PassiveOpens"}},
	{"Failed Connection Attempts", []string{"AttemptFails"}},
	{"Reset Connections", []string{"EstabResets"}},
	{"Current Connections", []string{"CurrEstab"}},
	{"Segments Received", []string{"InSegs"}},
	{"Segments Sent", []string{"OutSegs"}},
	{"Segments Retransmitted", []string{"RetransSegs"}},
}

var udpLines = []statisticLine{
	{"Datagrams Received", []string{"InDatagrams"}},
	{"No Ports", []string{"NoPorts"}},
	{"Receive Errors", []string{"InErrors"}},
	{"Datagrams Sent", []string{"OutDatagrams"}},
}

// mibPrefixes are what the objects of the MIB begin with (RFC 1213, 2011, 2466, 4022, 4113, 4293); a longer one comes
// before those that it begins with.
var mibPrefixes = []string{"ipSystemStats", "ipv6IfStats", "ipv6IfIcmp", "icmp", "tcp", "udp", "ip"}

func shortMIB(object string) string {
	for _, prefix := range mibPrefixes {
		if rest, ok := strings.CutPrefix(object, prefix); ok {
			return rest
		}
	}
	return object
}

func windowsStatistics(r *request) []Display {
	var groups []statisticGroup
	var protos []string
	for _, g := range statisticGroups {
		chosen := slices.ContainsFunc(r.chosen, func(p protocol) bool { return p.names[0] == g.name })
		if len(r.chosen) > 0 && !chosen {
			continue
		}
		groups = append(groups, g)
		if !slices.Contains(protos, g.proto) {
			protos = append(protos, g.proto)
		}
	}
	if slices.ContainsFunc(groups, func(g statisticGroup) bool { return g.proto == "tcp" }) {
		r.note("Linux counts TCP over IPv4 and over IPv6 together: these numbers are of both")
	}
	return []Display{{
		"statistics",
		r.compose("proto_stats", []string{oneOf("proto", protos), "mib != nil"}, "select proto, name, value, mib"),
		Layout{summary: func(rows []Row) []string { return statisticLines(groups, rows) }},
		"statistics",
	}}
}

// statisticLines are the lines of the groups that have a counter among the rows.
func statisticLines(groups []statisticGroup, rows []Row) (lines []string) {
	values := map[string]string{}
	for _, row := range rows {
		values[row.Text("proto")+" "+shortMIB(row.Text("mib"))] = row.Text("value")
	}
	for _, g := range groups {
		value := func(mib string) (string, bool) { v, ok := values[g.proto+" "+mib]; return v, ok }
		var body []string
		for _, l := range g.lines {
			if text, ok := l.show(value); ok {
				body = append(body, text)
			}
		}
		if body == nil {
			continue
		}
		lines = append(lines, "", g.title, "")
		if len(g.lines[0].mibs) == 2 {
			lines = append(lines, fmt.Sprintf("  %-26s%-12s%s", "", "Received", "Sent"))
		}
		lines = append(lines, body...)
	}
	return lines
}

// show is the line; false where the kernel has none of its counters.
func (l statisticLine) show(value func(mib string) (string, bool)) (string, bool) {
	first, ok := value(l.mibs[0])
	if len(l.mibs) == 1 {
		return fmt.Sprintf("  %-35s = %s", l.text, first), ok
	}
	second, also := value(l.mibs[1])
	return fmt.Sprintf("  %-26s%-12s%s", l.text, first, second), ok || also
}
