package netstat

import (
	"slices"
	"strings"
)

// statisticTitles are net-tools' titles for the protocols of proto_stats.
var statisticTitles = map[string]string{
	"ip": "Ip", "icmp": "Icmp", "icmpmsg": "IcmpMsg", "tcp": "Tcp", "udp": "Udp", "udplite": "UdpLite",
	"tcp_ext": "TcpExt", "ip_ext": "IpExt", "mptcp_ext": "MPTcpExt", "sctp": "Sctp",
	"ip6": "Ip6", "icmp6": "Icmp6", "udp6": "Udp6", "udplite6": "UdpLite6",
}

func linuxStatistics(r *request) []Display {
	protos := r.linuxCounters()
	return []Display{{
		r.compose("proto_stats", []string{oneOf("proto", protos)}, "select proto, name, value"),
		Layout{summary: func(rows []Row) (lines []string) {
			for _, proto := range protos {
				lines = append(lines, statisticsOf(proto, rows)...)
			}
			return lines
		}},
	}}
}

// linuxCounters are the protocols of proto_stats that net-tools shows for -t, -u and -w: theirs, and some that it
// always shows.
func (r *request) linuxCounters() (protos []string) {
	all := len(r.transports) == 0
	with := func(transport string, names ...string) {
		if all || slices.Contains(r.transports, transport) {
			protos = append(protos, names...)
		}
	}
	if slices.Contains(r.families, "inet6") {
		with("raw", "ip6", "icmp6")
		with("udp", "udp6")
		protos = append(protos, "udplite6")
		with("tcp", "tcp")
		return protos
	}
	with("raw", "ip", "icmp")
	protos = append(protos, "icmpmsg")
	with("tcp", "tcp")
	with("udp", "udp")
	protos = append(protos, "udplite")
	with("tcp", "tcp_ext")
	protos = append(protos, "ip_ext", "mptcp_ext")
	if slices.Contains(r.transports, "sctp") {
		protos = append(protos, "sctp")
	}
	return protos
}

// hiddenSettings are settings among the counters, which net-tools does not show.
var hiddenSettings = []string{"DefaultTTL", "RtoAlgorithm", "RtoMin", "RtoMax", "MaxConn"}

// statisticsOf are the lines of one protocol.
func statisticsOf(proto string, rows []Row) (lines []string) {
	six := strings.HasSuffix(proto, "6")
	for _, row := range rows {
		name, value := row.text("name"), row.text("value")
		if row.text("proto") != proto {
			continue
		}
		if lines == nil {
			lines = []string{statisticTitles[proto] + ":"}
		}
		i := slices.IndexFunc(sentences[proto], func(s sentence) bool { return s.name == name })
		s := sentence{text: name + ": %s"}
		switch {
		case i >= 0:
			s = sentences[proto][i]
		case six:
			s.text = statisticTitles[proto] + s.text
		}
		if s.title != "" {
			lines = append(lines, "    "+s.title)
		}
		if !slices.Contains(hiddenSettings, name) && (s.always || row.number("value") != 0) {
			lines = append(lines, "    "+strings.Replace(s.text, "%s", value, 1))
		}
	}
	return lines
}
