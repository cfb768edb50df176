package procfs

import (
	"io"
	"iter"

	"netql/sources/vfs"
)

// A PacketSocket is one line of /proc/net/packet (packet_seq_show in net/packet/af_packet.c).
type PacketSocket struct {
	Type      uint8  // unix.SOCK_RAW or SOCK_DGRAM
	Protocol  uint16 // the EtherType that it receives, in the machine's byte order; 0 for none
	Interface uint32 // index, 0 for any
	Running   uint8  // 1 while it receives packets
	RMem      uint32 // bytes of received packets, with their overhead
	UID       uint32
	Inode     uint64
}

var packetColumns = []column[PacketSocket]{
	{"Type", own, func(s *PacketSocket, v string) error { return number(&s.Type, v, 10) }},
	{"Proto", own, func(s *PacketSocket, v string) error { return number(&s.Protocol, v, 16) }},
	{"Iface", own, func(s *PacketSocket, v string) error { return number(&s.Interface, v, 10) }},
	{"R", own, func(s *PacketSocket, v string) error { return number(&s.Running, v, 10) }},
	{"Rmem", own, func(s *PacketSocket, v string) error { return number(&s.RMem, v, 10) }},
	{"User", own, func(s *PacketSocket, v string) error { return number(&s.UID, v, 10) }},
	{"Inode", own, func(s *PacketSocket, v string) error { return number(&s.Inode, v, 10) }},
}

// PacketSockets lists the sockets of /proc/net/packet. An error is the last item.
func PacketSockets(files vfs.Files) iter.Seq2[*PacketSocket, error] {
	return readTable(files, "/proc/net/packet", ParsePacketSockets)
}

// ParsePacketSockets reads such a file.
func ParsePacketSockets(r io.Reader) iter.Seq2[*PacketSocket, error] {
	return parseTable(r, packetColumns)
}
