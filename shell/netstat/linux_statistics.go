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
		"statistics", r.compose("proto_stats", []string{oneOf("proto", protos)}, "select proto, name, value"),
		Layout{summary: func(rows []Row) (lines []string) {
			for _, proto := range protos {
				lines = append(lines, statisticsOf(proto, rows)...)
			}
			return lines
		}},
		"statistics",
	}}
}

// linuxCounters are the protocols of proto_stats that net-tools shows for -t, -u and -w, and for -4 and -6: theirs, and
// some that it always shows.
func (r *request) linuxCounters() (protos []string) {
	if len(r.families) == 0 || slices.Contains(r.families, "inet") {
		protos = r.linuxCounters4()
	}
	if slices.Contains(r.families, "inet6") {
		for _, proto := range r.linuxCounters6() {
			if !slices.Contains(protos, proto) {
				protos = append(protos, proto)
			}
		}
	}
	return protos
}

// wants says whether the counters of a transport are asked for: by its flag, or by none.
func (r *request) wants(transport string) bool {
	return len(r.transports) == 0 || slices.Contains(r.transports, transport)
}

func (r *request) linuxCounters4() (protos []string) {
	if r.wants("raw") {
		protos = append(protos, "ip", "icmp")
	}
	protos = append(protos, "icmpmsg")
	if r.wants("tcp") {
		protos = append(protos, "tcp")
	}
	if r.wants("udp") {
		protos = append(protos, "udp")
	}
	protos = append(protos, "udplite")
	if r.wants("tcp") {
		protos = append(protos, "tcp_ext")
	}
	protos = append(protos, "ip_ext", "mptcp_ext")
	if slices.Contains(r.transports, "sctp") {
		protos = append(protos, "sctp")
	}
	return protos
}

func (r *request) linuxCounters6() (protos []string) {
	if r.wants("raw") {
		protos = append(protos, "ip6", "icmp6")
	}
	if r.wants("udp") {
		protos = append(protos, "udp6")
	}
	protos = append(protos, "udplite6")
	if r.wants("tcp") {
		protos = append(protos, "tcp")
	}
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
		name, value := row.Text("name"), row.Text("value")
		if row.Text("proto") != proto {
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
		if !slices.Contains(hiddenSettings, name) && (s.always || row.Number("value") != 0) {
			lines = append(lines, "    "+strings.Replace(s.text, "%s", value, 1))
		}
	}
	return lines
}
