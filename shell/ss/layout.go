package ss

import (
	"strconv"
	"strings"
	"unicode/utf8"

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
	var b strings.Builder
	r.front(&b, "Netid", "State", "Recv-Q", "Send-Q")
	ends(&b, "Local Address:", "Port", "Peer Address:", "Port")
	b.WriteString(" Process")
	return b.String()
}

// front writes the columns before the addresses. Netid is left out where there is but one, and State as well.
func (r *request) front(b *strings.Builder, netid, state, receive, send string) {
	if !r.tables.one() {
		padded(b, netid, 5)
		b.WriteByte(' ')
	}
	if !r.wanted.one() {
		padded(b, state, 10)
		b.WriteByte(' ')
	}
	if !r.noQueues {
		padded(b, receive, 6)
		b.WriteByte(' ')
		padded(b, send, 6)
		b.WriteByte(' ')
	}
}

// ends writes the addresses and ports of both ends.
func ends(b *strings.Builder, local, localPort, peer, peerPort string) {
	padded(b, local, -addressWidth)
	padded(b, localPort, portWidth)
	b.WriteByte(' ')
	padded(b, peer, -addressWidth)
	padded(b, peerPort, portWidth)
}

// padded writes a text with blanks behind it up to a width in characters, or before it where that is negative.
func padded(b *strings.Builder, text string, width int) {
	missing := max(0, max(width, -width)-utf8.RuneCountInString(text))
	if width < 0 {
		b.WriteString(blanks[:missing])
	}
	b.WriteString(text)
	if width > 0 {
		b.WriteString(blanks[:missing])
	}
}

// blanks are as many as the widest column.
const blanks = "                    "

// lines lays out a socket.
func (r *request) lines(s socketLine) []string {
	var b strings.Builder
	r.front(&b, s.netid, s.state, strconv.Itoa(s.receive), strconv.Itoa(s.send))
	ends(&b, s.local, s.localPort, s.peer, s.peerPort)
	for _, detail := range s.details {
		b.WriteByte(' ')
		b.WriteString(detail)
	}
	below := strings.Join(s.below, " ")
	if s.hasBelow && !r.oneLine {
		return []string{strings.TrimRight(b.String(), " "), strings.TrimRight("\t "+below, " ")}
	}
	if below != "" {
		b.WriteByte(' ')
		b.WriteString(below)
	}
	return []string{strings.TrimRight(b.String(), " ")}
}
