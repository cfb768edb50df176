package tables

import (
	"iter"
	"slices"

	"netql/query"
	"netql/query/schema"
	"netql/sources/netlinkdiag"
	"netql/sources/owners"
	"netql/sources/procfs"
	"netql/sources/sockdiag"
)

// netlinkSocket is a row of netlink_sockets.
type netlinkSocket struct {
	*netlinkdiag.Socket
	*ownership
}

// netlinkSocketsTable declares the table of netlink sockets.
func netlinkSocketsTable() *query.Table {
	return query.Define(query.Spec[netlinkSocket]{
		Doc: "A netlink socket: how programs ask the kernel and hear of changes. The kernel has one of each " +
			"protocol itself, and netql has one while it asks for this list.",
		Examples: []string{
			"netlink_sockets pid != nil | select protocol, port_id, groups, process",
			`netlink_sockets "link" in groups | select pid, process, groups`,
			"netlink_sockets drops > 0 | select process, protocol, rmem, rcvbuf, drops",
			"netlink_sockets | count by protocol",
			"netlink_sockets protocol == kobject_uevent and port_id != 0 | select process, unit",
		},
		Columns: slices.Concat(netlinkIdentityColumns(), netlinkMessageColumns(), netlinkOwnerColumns()),
		Shown:   []string{"protocol", "port_id", "groups", "rmem", "drops", "pid", "process", "owner_status"},
		Quiet:   []string{"rmem", "drops"},
		Spare:   []string{"rmem", "owner_status", "port_id"},
		Key:     []string{"cookie", "inode"},
		Own:     ownNetlinkSocket,
		Scan: func(r query.Request) query.Scan[netlinkSocket] {
			read := readsOwners(r.Columns)
			return streamScan[netlinkSocket]{"netlink socket diagnostics" + ownersText(r, read), "netlink sockets", r,
				func(s *scanState) iter.Seq2[*netlinkSocket, error] {
					return withOwners(s, read, listNetlinkSockets(newNetlinkOwnership(s), netlinkdiag.Show(r.Needs)))
				}}
		},
	})
}

// ownNetlinkSocket says that netql has asked over the socket: the kernel gives the first socket of a process the number
// of the process as its address (netlink_autobind in net/netlink/af_netlink.c).
func ownNetlinkSocket(state query.State, s *netlinkSocket) bool {
	system := ofQuery(state).system
	if system.Own != nil {
		if _, own := system.Own(uint64(s.Inode)); own {
			return true
		}
	}
	return system.PID != 0 && int(s.Port) == system.PID
}

// netlinkIdentityColumns say which socket it is, and to what it is connected.
func netlinkIdentityColumns() []query.Column[netlinkSocket] {
	return []query.Column[netlinkSocket]{
		enumOf("protocol", "The part of the kernel that it talks to, by the names of linux/netlink.h, else the "+
			"number.", netlinkProtocols(), func(s *netlinkSocket) uint8 { return s.Protocol }),
		query.Col("port_id", "Its address (nl_pid), often the number of the process; 0 is the kernel's.",
			func(s *netlinkSocket) uint32 { return s.Port }),
		query.Enum("state", "ESTABLISHED if the program called connect(2), else UNCONN; NULL where /proc/net answers.",
			netlinkStates(), (*netlinkSocket).state),
		query.Opt("peer_port_id", "The address that a connected socket sends to; 0 is the kernel's.",
			func(s *netlinkSocket) (uint32, bool) { return s.PeerPort, s.connected() }),
		query.NonZero("peer_group", "The multicast group that a connected socket sends to.",
			func(s *netlinkSocket) uint32 { return s.PeerGroup }).When((*netlinkSocket).connected),
		query.NonZero("inode", "The socket's inode, by which /proc/PID/fd names it.",
			func(s *netlinkSocket) uint32 { return s.Inode }),
		query.NonZero("cookie", "The kernel's number for the socket, never used twice; NULL where /proc/net answers.",
			func(s *netlinkSocket) uint64 { return s.Cookie }),
	}
}

// netlinkMessageColumns say how messages come to the program, and what is lost.
func netlinkMessageColumns() []query.Column[netlinkSocket] {
	return slices.Concat(withExtension(netlinkdiag.ShowGroups,
		query.List("groups", "The multicast groups that it hears, by the names of linux/rtnetlink.h and its like, "+
			"else by number; where /proc/net answers, the first 32 only.",
			func(s *netlinkSocket) []string { return netlinkGroups(s.Protocol, s.Groups) }),
	), withExtension(netlinkdiag.ShowFlags,
		flagsOf("flags", "Options that the program set: NETLINK_PKTINFO and so on; NULL where none is.",
			netlinkFlags(), func(s *netlinkSocket) netlinkdiag.Flags { return s.Flags }),
		query.Opt("dumping", "Whether a list is being written to it, which the program has not read to its end.",
			(*netlinkSocket).dumping),
	), withExtension(netlinkdiag.ShowMemory,
		query.Opt("drops", "Messages lost because the receive buffer was full (ENOBUFS).",
			(*netlinkSocket).dropped).In(schema.Packets).Counter().Alarm(),
	), withExtension(netlinkdiag.ShowMemory,
		memoryColumns(func(s *netlinkSocket) *sockdiag.Memory { return s.Memory })...))
}

// netlinkOwnerColumns are the columns of owners. They need the groups, by which the kernel's own sockets are known.
func netlinkOwnerColumns() []query.Column[netlinkSocket] {
	return withExtension(netlinkdiag.ShowGroups, ownerColumns[netlinkSocket]()...)
}

func newNetlinkOwnership(s *scanState) *ownership {
	o := &ownership{scanState: s, shortLived: true}
	o.inodes = func() iter.Seq[uint64] {
		return inodesOf(o.scanState, listNetlinkSockets(o, 0), func(s *netlinkSocket) uint32 { return s.Inode })
	}
	return o
}

// listNetlinkSockets lists netlink sockets, each once, with the attributes that show asks for.
func listNetlinkSockets(o *ownership, show netlinkdiag.Show) iter.Seq2[*netlinkSocket, error] {
	row := func(s *netlinkdiag.Socket) *netlinkSocket { return &netlinkSocket{s, o} }
	file := converted(converted(procfs.NetlinkSockets(o.system.Files), netlinkFromFile), row)
	diagnostics := converted(netlinkdiag.List(o.ctx, o.system.Netlink, show), row)
	return diagOrProc[netlinkSocket]{
		"netlink", diagnostics, func(s *netlinkSocket) uint64 { return s.Cookie }, file,
		[]string{"state", "peer_port_id", "peer_group", "cookie", "flags", "rcvbuf", "sndbuf", "fwd_alloc",
			"wmem_queued", "opt_mem", "backlog"},
	}.list(o.scanState)
}

// netlinkFromFile is a socket by its line of /proc/net/netlink.
func netlinkFromFile(record *procfs.NetlinkSocket) *netlinkdiag.Socket {
	s := &netlinkdiag.Socket{Protocol: record.Protocol, Port: record.Port, Inode: uint32(record.Inode),
		Memory: &sockdiag.Memory{}}
	s.Groups = netlinkdiag.Groups(uint64(record.Groups), 1)
	if record.Dumping != 0 {
		s.Flags = netlinkdiag.FlagDumping
	}
	s.Memory.Set(sockdiag.ReadAllocated, record.RMem)
	s.Memory.Set(sockdiag.WriteAllocated, record.WMem)
	s.Memory.Set(sockdiag.Drops, record.Drops)
	return s
}

// fromFile says that the socket is from /proc/net/netlink, which has no cookies.
func (s *netlinkSocket) fromFile() bool { return s.Cookie == 0 }

// state is the state of the socket; "" where it is from /proc/net/netlink, which lacks it.
func (s *netlinkSocket) state() string {
	switch {
	case s.fromFile():
		return ""
	case s.connected():
		return "ESTABLISHED"
	}
	return "UNCONN"
}

// dumping says that a list is being written to the socket; /proc/net/netlink has that, too.
func (s *netlinkSocket) dumping() (bool, bool) {
	return s.Flags&netlinkdiag.FlagDumping != 0, s.fromFile() || s.Has(netlinkdiag.AttrFlags)
}

func (s *netlinkSocket) dropped() (uint32, bool) { return s.Memory.Get(sockdiag.Drops) }

func (s *netlinkSocket) connected() bool { return s.State == netlinkdiag.Connected }

// owned is the owners of the socket, and why there are none. The kernel's own sockets have port 0 and no groups; a
// program's socket has port 0 only before its first use, and is then listed only if it is in a group.
func (s *netlinkSocket) owned() (status string, all []owners.Owner) {
	if s.Port == 0 && len(s.Groups) == 0 {
		return "kernel", nil
	}
	return s.lookup(uint64(s.Inode))
}
