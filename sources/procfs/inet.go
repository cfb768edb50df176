package procfs

import (
	"io"
	"iter"
	"net/netip"
	"time"

	"netql/sources/vfs"
)

// An InetSocket is one line of /proc/net/raw, icmp, udp, udplite, tcp and their IPv6 siblings, which share a format.
// Values are the kernel's own: a v4-mapped address stays mapped, an unconnected socket's peer is the unspecified
// address and port 0, a raw socket's local port is its IP protocol number.
type InetSocket struct {
	Local, Remote netip.AddrPort
	State         uint8         // numbered as in net/tcp_states.h
	Timer         uint8         // tcp: 0 none, 1 retransmission, 2 keepalive, 3 TIME_WAIT, 4 zero window probe
	Expires       time.Duration // until the timer fires, in hundredths of a second
	Retransmits   uint32
	SendQueue     uint32 // bytes
	RecvQueue     uint32 // bytes; of a listener: connections waiting for accept
	UID           uint32
	Inode         uint64
	Drops         uint64 // received packets dropped
	HasDrops      bool   // tcp has no such column
}

// InetSockets lists the sockets of one file of /proc/net: "raw", "udp6" ... An error is the last item; a line that
// cannot be read is reported after all that can.
func InetSockets(files vfs.Files, name string) iter.Seq2[*InetSocket, error] {
	return readTable(files, "/proc/net/"+name, ParseInetSockets)
}

// ParseInetSockets reads such a file.
func ParseInetSockets(r io.Reader) iter.Seq2[*InetSocket, error] {
	return parseTable(r, inetColumns)
}
