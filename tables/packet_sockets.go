package tables

import (
	"iter"
	"slices"
	"syscall"

	"netql/query"
	"netql/sources/owners"
	"netql/sources/packetdiag"
	"netql/sources/procfs"
	"netql/sources/sockdiag"
)

// packetSocket is a row of packet_sockets.
type packetSocket struct {
	*packetdiag.Socket
	*ownership
}

// packetSocketsTable declares the table of packet sockets.
func packetSocketsTable() *query.Table {
	return query.Define(query.Spec[packetSocket]{
		Doc: "A packet socket: a program that receives or sends whole packets of an interface, such as a sniffer " +
			"or a DHCP client.",
		Examples: []string{
			"packet_sockets | select interface, protocol, process, user",
			"packet_sockets promiscuous | select interface, pid, process, cmdline",
			"packet_sockets drops > 0 | select process, interface, rmem, rcvbuf, drops",
			"packet_sockets protocol == arp or protocol == lldp",
			"packet_sockets | group by fanout_id: n = count(), drops = sum(drops)",
		},
		Columns: slices.Concat(packetIdentityColumns(), packetReceiveColumns(), ownerColumns[packetSocket]()),
		Shown:   []string{"type", "protocol", "interface", "running", "rmem", "drops", "user", "pid", "process"},
		Quiet:   []string{"rmem", "drops"},
		Spare:   []string{"rmem", "running", "type"},
		Key:     []string{"cookie", "inode"},
		Scan: func(r query.Request) query.Scan[packetSocket] {
			read := readsOwners(r.Columns)
			return streamScan[packetSocket]{"packet socket diagnostics" + ownersText(r, read), "packet sockets", r,
				func(s *scanState) iter.Seq2[*packetSocket, error] {
					return withOwners(s, read, listPacketSockets(newPacketOwnership(s), packetdiag.Show(r.Needs)))
				}}
		},
	})
}

// packetTypes are the SOCK_* of socket(2) that packet sockets have.
func packetTypes() codes {
	return codes{named(syscall.SOCK_RAW, "raw"), named(syscall.SOCK_DGRAM, "dgram")}
}

// packetIdentityColumns say which socket it is.
func packetIdentityColumns() []query.Column[packetSocket] {
	return slices.Concat([]query.Column[packetSocket]{
		enumOf("type", "Whether packets have their link-layer header (raw) or not (dgram).",
			packetTypes(), func(s *packetSocket) uint8 { return s.Type }),
		query.Enum("protocol", "The packets that it receives: all, or those of one EtherType, by its name in "+
			"linux/if_ether.h, else other; NULL if it receives none.",
			etherTypeWords(), func(s *packetSocket) string { return etherTypeName(s.Protocol) }),
		query.NonZero("ethertype", "The number of protocol; NULL if it receives none.",
			func(s *packetSocket) uint16 { return s.Protocol }),
	}, withExtension(packetdiag.ShowInfo,
		query.NonZero("interface", "The interface that the socket is bound to; NULL for all.",
			func(s *packetSocket) string { return s.interfaceName(s.Info.Interface) }),
	), []query.Column[packetSocket]{
		query.NonZero("inode", "The socket's inode, by which /proc/PID/fd names it.",
			func(s *packetSocket) uint32 { return s.Inode }),
		query.NonZero("cookie", "The kernel's number for the socket, never used twice; NULL where /proc/net answers.",
			func(s *packetSocket) uint64 { return s.Cookie }),
	}, withExtension(packetdiag.ShowInfo,
		query.Opt("uid", "The user who made the socket.",
			func(s *packetSocket) (uint32, bool) { return s.UID, s.hasUser() }),
		query.NonZero("user", "The user's name in /etc/passwd.",
			func(s *packetSocket) string { return s.userName(s.UID) }).When((*packetSocket).hasUser),
	))
}

func newPacketOwnership(s *scanState) *ownership {
	o := &ownership{scanState: s}
	o.inodes = func() iter.Seq[uint64] {
		return inodesOf(o.scanState, listPacketSockets(o, 0), func(s *packetSocket) uint32 { return s.Inode })
	}
	return o
}

// listPacketSockets lists packet sockets, each once, with the attributes that show asks for.
func listPacketSockets(o *ownership, show packetdiag.Show) iter.Seq2[*packetSocket, error] {
	row := func(s *packetdiag.Socket) *packetSocket { return (&packetSocket{s, o}).lookAtFilter() }
	file := converted(converted(procfs.PacketSockets(o.system.Files), packetFromFile), row)
	diagnostics := converted(packetdiag.List(o.ctx, o.system.Netlink, show), row)
	return diagOrProc[packetSocket]{
		"packet", diagnostics, func(s *packetSocket) uint64 { return s.Cookie }, file,
		[]string{"promiscuous", "memberships", "flags", "drops", "cookie", "fanout_id", "fanout", "filter",
			"ring_version", "rx_ring", "rx_ring_frames", "tx_ring", "tx_ring_frames", "rcvbuf", "wmem", "sndbuf",
			"fwd_alloc", "wmem_queued",
			"opt_mem", "backlog"},
	}.list(o.scanState)
}

// packetFromFile is a socket by its line of /proc/net/packet.
func packetFromFile(record *procfs.PacketSocket) *packetdiag.Socket {
	s := &packetdiag.Socket{Type: record.Type, Protocol: record.Protocol, Inode: uint32(record.Inode), UID: record.UID,
		Memory: &sockdiag.Memory{}}
	s.Info.Interface = record.Interface
	if record.Running != 0 {
		s.Info.Flags = packetdiag.FlagRunning
	}
	s.Memory.Set(sockdiag.ReadAllocated, record.RMem)
	return s
}

// hasOrFile says whether a value is known that both an attribute and /proc/net/packet have: a socket from the file has
// no cookie.
func (s *packetSocket) hasOrFile(a packetdiag.Attribute) bool { return s.Cookie == 0 || s.Has(a) }

func (s *packetSocket) hasUser() bool { return s.hasOrFile(packetdiag.AttrUID) }

func (s *packetSocket) owned() (status string, all []owners.Owner) { return s.lookup(uint64(s.Inode)) }
