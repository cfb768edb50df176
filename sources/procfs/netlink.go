package procfs

import (
	"io"
	"iter"

	"netql/sources/vfs"
)

// A NetlinkSocket is one line of /proc/net/netlink (netlink_native_seq_show in net/netlink/af_netlink.c).
type NetlinkSocket struct {
	Protocol   uint8  // NETLINK_* of linux/netlink.h
	Port       uint32 // its address, nl_pid; 0 is the kernel's
	Groups     uint32 // a bit for each of the first 32 multicast groups, the lowest for group 1
	RMem, WMem uint32 // bytes of messages received and sent, with their overhead
	Dumping    uint8  // 1 while a list is being written to it
	Drops      uint32 // messages lost
	Inode      uint64
}

var netlinkColumns = []column[NetlinkSocket]{
	{"Eth", own, func(s *NetlinkSocket, v string) error { return number(&s.Protocol, v, 10) }},
	{"Pid", own, func(s *NetlinkSocket, v string) error { return number(&s.Port, v, 10) }},
	{"Groups", own, func(s *NetlinkSocket, v string) error { return number(&s.Groups, v, 16) }},
	{"Rmem", own, func(s *NetlinkSocket, v string) error { return number(&s.RMem, v, 10) }},
	{"Wmem", own, func(s *NetlinkSocket, v string) error { return number(&s.WMem, v, 10) }},
	{"Dump", own, func(s *NetlinkSocket, v string) error { return number(&s.Dumping, v, 10) }},
	{"Drops", own, func(s *NetlinkSocket, v string) error { return number(&s.Drops, v, 10) }},
	{"Inode", own, func(s *NetlinkSocket, v string) error { return number(&s.Inode, v, 10) }},
}

// NetlinkSockets lists the sockets of /proc/net/netlink. An error is the last item.
func NetlinkSockets(files vfs.Files) iter.Seq2[*NetlinkSocket, error] {
	return readTable(files, "/proc/net/netlink", ParseNetlinkSockets)
}

// ParseNetlinkSockets reads such a file.
func ParseNetlinkSockets(r io.Reader) iter.Seq2[*NetlinkSocket, error] {
	return parseTable(r, netlinkColumns)
}
