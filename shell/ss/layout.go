package ss

import (
	"fmt"
	"strings"

	"netql/shell/netstat"
)

// layout is how the rows of a query are shown, and the items that it selects for that.
type layout struct {
	items []string
	lines func(netstat.Row) []string
}

// layouts are by netql's tables.
func (r *request) layouts() map[string]layout {
	return map[string]layout{
		"sockets": r.inetLayout(), "unix_sockets": r.unixLayout(), "packet_sockets": r.packetLayout(),
		"netlink_sockets": r.netlinkLayout(),
	}
}

// socketLine is what every kind of socket has.
type socketLine struct {
	netid, state     string
	receive, send    int
	local, localPort string // local has the character between the two at its end
	peer, peerPort   string
	details          []string
	hasBelow         bool     // there is a line below, on which may be nothing
	below            []string // its details; they stand on the same line with -O
}

const (
	addressWidth = 20
	portWidth    = 6
)

// heading is the line of headings.
func (r *request) heading() string {
	line := r.front("Netid", "State", "Recv-Q", "Send-Q")
	return line + fmt.Sprintf("%*s%-*s %*s%-*s %s",
		addressWidth, "Local Address:", portWidth, "Port", addressWidth, "Peer Address:", portWidth, "Port", "Process")
}

// front is the columns before the addresses. Netid is left out where there is but one, and State as well.
func (r *request) front(netid, state, receive, send string) string {
	var b strings.Builder
	if !r.tables.one() {
		fmt.Fprintf(&b, "%-5s ", netid)
	}
	if !r.wanted.one() {
		fmt.Fprintf(&b, "%-10s ", state)
	}
	if !r.noQueues {
		fmt.Fprintf(&b, "%-6s %-6s ", receive, send)
	}
	return b.String()
}

// lines lays out a socket.
func (r *request) lines(s socketLine) []string {
	line := r.front(s.netid, s.state, fmt.Sprint(s.receive), fmt.Sprint(s.send)) + fmt.Sprintf("%*s%-*s %*s%-*s",
		addressWidth, s.local, portWidth, s.localPort, addressWidth, s.peer, portWidth, s.peerPort)
	details := strings.Join(append([]string{line}, s.details...), " ")
	below := strings.Join(s.below, " ")
	if s.hasBelow && !r.oneLine {
		return []string{strings.TrimRight(details, " "), strings.TrimRight("\t "+below, " ")}
	}
	return []string{strings.TrimRight(details+" "+below, " ")}
}
