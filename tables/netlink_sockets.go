package tables

import (
	"iter"

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

type netlinkField = diagField[netlinkSocket, netlinkdiag.Show]

// netlinkSockets declares the table of netlink sockets.
func netlinkSockets() *query.Table {
	fields := netlinkFields()
	return query.Define(query.Spec[netlinkSocket]{
		Doc: "A netlink socket: how programs ask the kernel and hear of changes. The kernel has one of each protocol itself, " +
			"and netql has one while it asks for this list.",
		Examples: []string{
			"netlink_sockets pid != nil | select protocol, port_id, groups, process",
			`netlink_sockets "link" in groups | select pid, process, groups`,
			"netlink_sockets drops > 0 | select process, protocol, rmem, rcvbuf, drops",
			"netlink_sockets | count by protocol",
			"netlink_sockets protocol == kobject_uevent and port_id != 0 | select process, unit",
		},
		Fields: columnsOf(fields),
		Shown:  []string{"protocol", "port_id", "groups", "rmem", "drops", "pid", "process", "owner_status"},
		Key:    []string{"cookie", "inode"},
		Scan: func(r query.Request) query.Scan[netlinkSocket] {
			return streamScan[netlinkSocket]{"netlink socket diagnostics", "netlink sockets", r, func(s *scanState) iter.Seq2[*netlinkSocket, error] {
				return listNetlinkSockets(newNetlinkOwnership(s), wanted(fields, r.Columns))
			}}
		},
	})
}

func netlinkFields() []netlinkField {
	fields := netlinkIdentityFields()
	fields = append(fields, netlinkMessageFields()...)
	fields = append(fields, wanting(netlinkdiag.ShowMemory, query.OldFields(memoryColumns(func(s *netlinkSocket) *sockdiag.Memory { return s.Memory })))...)
	return append(fields, wanting(netlinkdiag.ShowGroups, query.OldFields(ownerColumns[netlinkSocket]()))...) // groups tell the kernel's own sockets
}

func netlinkColumn(wants netlinkdiag.Show, name string, typ schema.Type, doc string, get func(*netlinkSocket) any) netlinkField {
	return netlinkField{query.Field[netlinkSocket]{Name: name, Type: typ, Doc: doc, Get: get}, wants}
}

func netlinkIdentityFields() []netlinkField {
	return []netlinkField{
		netlinkColumn(0, "protocol", enum(netlinkProtocols), "The part of the kernel that it talks to, by the names of linux/netlink.h, else the number.",
			func(s *netlinkSocket) any { return netlinkProtocolName(s.Protocol) }),
		netlinkColumn(0, "port_id", integer, "Its address (nl_pid), often the number of the process; 0 is the kernel's.",
			func(s *netlinkSocket) any { return int(s.Port) }),
		netlinkColumn(0, "state", enum(netlinkStates), "ESTABLISHED if the program called connect(2), else UNCONN; NULL where /proc/net answers.", func(s *netlinkSocket) any {
			switch {
			case s.fromFile():
				return nil
			case s.connected():
				return "ESTABLISHED"
			}
			return "UNCONN"
		}),
		netlinkColumn(0, "peer_port_id", integer, "The address that a connected socket sends to; 0 is the kernel's.",
			func(s *netlinkSocket) any { return orNull(int(s.PeerPort), s.connected()) }),
		netlinkColumn(0, "peer_group", integer, "The multicast group that a connected socket sends to.",
			func(s *netlinkSocket) any { return orNull(nonZero(s.PeerGroup), s.connected()) }),
		netlinkColumn(0, "inode", integer, "The socket's inode, by which /proc/PID/fd names it.", func(s *netlinkSocket) any { return nonZero(s.Inode) }),
		netlinkColumn(0, "cookie", integer, "The kernel's number for the socket, never used twice; NULL where /proc/net answers.",
			func(s *netlinkSocket) any { return nonZero(s.Cookie) }),
	}
}

func netlinkMessageFields() []netlinkField {
	return []netlinkField{
		netlinkColumn(netlinkdiag.ShowGroups, "groups", schema.ListOf(text), "The multicast groups that it hears, by the names of linux/rtnetlink.h and its like, else by "+
			"number; where /proc/net answers, the first 32 only.", func(s *netlinkSocket) any { return netlinkGroups(s.Protocol, s.Groups) }),
		netlinkColumn(netlinkdiag.ShowFlags, "flags", netlinkFlags.set(),
			"Options that the program set: NETLINK_PKTINFO and so on; NULL where none is.",
			func(s *netlinkSocket) any { return netlinkFlags.flags(uint32(s.Flags)) }),
		netlinkColumn(netlinkdiag.ShowFlags, "dumping", boolean, "Whether a list is being written to it, which the program has not read to its end.",
			func(s *netlinkSocket) any {
				return orNull(s.Flags&netlinkdiag.FlagDumping != 0, s.fromFile() || s.Has(netlinkdiag.AttrFlags))
			}),
		{Field: query.Field[netlinkSocket]{Name: "drops", Type: integer, Unit: schema.Packets, Alarm: true, Change: schema.Counter,
			Doc: "Messages lost because the receive buffer was full (ENOBUFS).",
			Get: func(s *netlinkSocket) any { return memoryValue(s.Memory, sockdiag.Drops) }}, wants: netlinkdiag.ShowMemory},
	}
}

func newNetlinkOwnership(s *scanState) *ownership {
	o := &ownership{scanState: s, fleeting: true}
	o.inodes = func() iter.Seq[uint64] {
		return inodesOf(listNetlinkSockets(o, 0), func(s *netlinkSocket) uint32 { return s.Inode })
	}
	return o
}

// listNetlinkSockets lists netlink sockets, each once.
func listNetlinkSockets(o *ownership, show netlinkdiag.Show) iter.Seq2[*netlinkSocket, error] {
	row := func(s *netlinkdiag.Socket) *netlinkSocket { return &netlinkSocket{s, o} }
	file := converted(converted(procfs.NetlinkSockets(o.system.Files), netlinkFromFile), row)
	return either(converted(netlinkdiag.List(o.ctx, o.system.Netlink, show), row), func(s *netlinkSocket) uint64 { return s.Cookie }, file)
}

// netlinkFromFile is a socket as /proc/net/netlink tells it.
func netlinkFromFile(record *procfs.NetlinkSocket) *netlinkdiag.Socket {
	s := &netlinkdiag.Socket{Protocol: record.Protocol, Port: record.Port, Inode: uint32(record.Inode), Memory: &sockdiag.Memory{}}
	s.Groups = netlinkdiag.Groups(uint64(record.Groups), 1)
	if record.Dumping != 0 {
		s.Flags = netlinkdiag.FlagDumping
	}
	s.Memory.Set(sockdiag.ReadAllocated, record.RMem)
	s.Memory.Set(sockdiag.WriteAllocated, record.WMem)
	s.Memory.Set(sockdiag.Drops, record.Drops)
	return s
}

// fromFile says that /proc/net/netlink told of the socket.
func (s *netlinkSocket) fromFile() bool { return s.Cookie == 0 }

func (s *netlinkSocket) connected() bool { return s.State == netlinkdiag.Connected }

// owned knows the kernel's sockets: they have port 0, as a program's have only before their first use, and then they
// are listed only if they are in a group.
func (s *netlinkSocket) owned() (status string, all []owners.Owner) {
	if s.Port == 0 && len(s.Groups) == 0 {
		return "kernel", nil
	}
	return s.of(uint64(s.Inode))
}
