package tables_test

import (
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"netql/sources/lab"
)

// ssSocket is a line of ss(8), in the words of the sockets table.
type ssSocket struct {
	row                          // proto, family, state, addresses, ports, interface, inode, cookie
	recv, send int               // the two queue columns
	details    map[string]string // "rto" of rto:204, "skmem" of skmem:(r0,rb131072), "ts" of ts
}

// ssStates are ss's words for the states.
var ssStates = map[string]string{
	"ESTAB": "ESTABLISHED", "SYN-SENT": "SYN_SENT", "SYN-RECV": "SYN_RECEIVED", "FIN-WAIT-1": "FIN_WAIT_1",
	"FIN-WAIT-2": "FIN_WAIT_2", "TIME-WAIT": "TIME_WAIT", "UNCONN": "UNCONN", "CLOSE-WAIT": "CLOSE_WAIT",
	"LAST-ACK": "LAST_ACK", "LISTEN": "LISTEN", "CLOSING": "CLOSING",
}

// ss lists the sockets of all protocols that it and the table know. It does not know udplite and icmp.
func ss(t testing.TB) []ssSocket {
	t.Helper()
	// With more than one protocol each line begins with its name.
	out := lab.Tool(t, "", "ss", "--no-header", "--oneline", "--all", "--numeric", "--extended", "--info", "--memory",
		"--tcp", "--udp", "--raw", "--mptcp", "--sctp")
	var sockets []ssSocket
	for line := range strings.Lines(out) {
		sockets = append(sockets, parseSS(t, strings.Fields(line)))
	}
	return sockets
}

// parseSS reads: netid, state, two queues, local, peer, details.
func parseSS(t testing.TB, fields []string) ssSocket {
	t.Helper()
	if len(fields) < 6 || ssStates[fields[1]] == "" {
		t.Fatalf("a line of ss that is not understood: %q", fields)
	}
	s := ssSocket{row: row{"proto": fields[0], "state": ssStates[fields[1]]}, details: map[string]string{}}
	s.recv, s.send = number(t, fields[2]), number(t, fields[3])
	for i, detail := range fields[6:] {
		name, value, found := strings.Cut(detail, ":")
		if !found && i+1 < len(fields[6:]) { // "send 30Gbps", "pacing_rate 20Gbps", or a flag
			value = fields[6:][i+1]
		}
		s.details[name] = value
	}
	local, device := s.address(t, "l", fields[4], "")
	peer, _ := s.address(t, "r", fields[5], device)
	s.row["interface"] = orNil(device)
	s.row["family"] = "inet"
	if local.Is6() {
		s.row["family"] = "inet6"
	}
	if peer.IsUnspecified() || peer.Unmap().IsUnspecified() {
		s.row["raddr"] = nil
	}
	s.row["inode"], s.row["cookie"] = s.positive(t, "ino", 10), s.positive(t, "sk", 16)
	return s
}

// address reads 127.0.0.1%lo:80, [fe80::1]%lab0:80 or *:80, and sets laddr and lport or raddr and rport.
func (s ssSocket) address(t testing.TB, prefix, text, device string) (netip.Addr, string) {
	t.Helper()
	colon := strings.LastIndex(text, ":")
	host, port := text[:colon], text[colon+1:]
	if before, after, found := strings.Cut(host, "%"); found {
		host, device = before, after
	}
	host = strings.Trim(host, "[]")
	if host == "*" { // an IPv6 socket that takes IPv4 too
		host = "::"
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		t.Fatalf("ss: %q: %v", text, err)
	}
	shown := addr.Unmap()
	if shown.Is6() && shown.IsLinkLocalUnicast() {
		shown = shown.WithZone(device)
	}
	s.row[prefix+"addr"], s.row[prefix+"port"] = shown, any(nil)
	if port != "*" {
		s.row[prefix+"port"] = number(t, port)
	}
	return addr, device
}

// positive is a detail as a number; NULL where it is 0 or absent.
func (s ssSocket) positive(t testing.TB, name string, base int) any {
	t.Helper()
	n, err := strconv.ParseInt(s.details[name], base, 64)
	if s.details[name] == "" || n == 0 {
		return nil
	}
	if err != nil {
		t.Fatalf("ss: %s:%s", name, s.details[name])
	}
	return int(n)
}

func number(t testing.TB, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("not a number: %q", text)
	}
	return n
}

func orNil(text string) any {
	if text == "" {
		return nil
	}
	return text
}
