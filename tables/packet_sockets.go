package tables

import (
	"iter"
	"slices"
	"strconv"

	"netql/query"
	"netql/query/schema"
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

type packetField = diagField[packetSocket, packetdiag.Show]

// packetSockets declares the table of packet sockets.
func packetSockets() *query.Table {
	fields := packetFields()
	return query.Define(query.Spec[packetSocket]{
		Doc: "A packet socket: a program that receives or sends whole packets of an interface, such as a sniffer or a DHCP client.",
		Examples: []string{
			"packet_sockets | select interface, protocol, process, user",
			"packet_sockets promiscuous | select interface, pid, process, cmdline",
			"packet_sockets drops > 0 | select process, interface, rmem, rcvbuf, drops",
			"packet_sockets protocol == arp or protocol == lldp",
			"packet_sockets | group by fanout_id: n = count(), drops = sum(drops)",
		},
		Fields: columnsOf(fields),
		Shown:  []string{"type", "protocol", "interface", "running", "rmem", "drops", "user", "pid", "process"},
		Key:    []string{"cookie", "inode"},
		Scan: func(r query.Request) query.Scan[packetSocket] {
			return streamScan[packetSocket]{"packet socket diagnostics", "packet sockets", r, func(s *scanState) iter.Seq2[*packetSocket, error] {
				return listPacketSockets(newPacketOwnership(s), wanted(fields, r.Columns))
			}}
		},
	})
}

func packetFields() []packetField {
	fields := packetIdentityFields()
	fields = append(fields, packetReceiveFields()...)
	fields = append(fields, wanting(packetdiag.ShowMemory, query.OldFields(memoryColumns(func(s *packetSocket) *sockdiag.Memory { return s.Memory })))...)
	return append(fields, wanting[packetSocket, packetdiag.Show](0, query.OldFields(ownerColumns[packetSocket]()))...)
}

func packetColumn(wants packetdiag.Show, name string, typ schema.Type, doc string, get func(*packetSocket) any) packetField {
	return packetField{query.Field[packetSocket]{Name: name, Type: typ, Doc: doc, Get: get}, wants}
}

func packetIdentityFields() []packetField {
	return []packetField{
		packetColumn(0, "type", enum(packetTypeWords), "Whether packets have their link-layer header (raw) or not (dgram).",
			func(s *packetSocket) any { return socketTypes.word(uint32(s.Type)) }),
		packetColumn(0, "protocol", enum(etherTypeWords()), "The packets that it receives: all, or those of one EtherType, by its name in linux/if_ether.h, else "+
			"other; NULL if it receives none.", func(s *packetSocket) any { return etherTypeName(s.Protocol) }),
		packetColumn(0, "ethertype", integer, "The number of protocol; NULL if it receives none.",
			func(s *packetSocket) any { return nonZero(uint32(s.Protocol)) }),
		packetColumn(packetdiag.ShowInfo, "interface", text, "The interface that the socket is bound to; NULL for all.",
			func(s *packetSocket) any { return nonEmpty(s.interfaceName(s.Info.Interface)) }),
		packetColumn(0, "inode", integer, "The socket's inode, by which /proc/PID/fd names it.", func(s *packetSocket) any { return nonZero(s.Inode) }),
		packetColumn(0, "cookie", integer, "The kernel's number for the socket, never used twice; NULL where /proc/net answers.",
			func(s *packetSocket) any { return nonZero(s.Cookie) }),
		packetColumn(packetdiag.ShowInfo, "uid", integer, "The user who made the socket.",
			func(s *packetSocket) any { return orNull(int(s.UID), s.tells(packetdiag.AttrUID)) }),
		packetColumn(packetdiag.ShowInfo, "user", text, "The user's name in /etc/passwd.", func(s *packetSocket) any {
			if !s.tells(packetdiag.AttrUID) {
				return nil
			}
			return nonEmpty(s.userName(s.UID))
		}),
	}
}

func newPacketOwnership(s *scanState) *ownership {
	o := &ownership{scanState: s}
	o.inodes = func() iter.Seq[uint64] {
		return inodesOf(listPacketSockets(o, 0), func(s *packetSocket) uint32 { return s.Inode })
	}
	return o
}

// listPacketSockets lists packet sockets, each once.
func listPacketSockets(o *ownership, show packetdiag.Show) iter.Seq2[*packetSocket, error] {
	row := func(s *packetdiag.Socket) *packetSocket { return &packetSocket{s, o} }
	file := converted(converted(procfs.PacketSockets(o.system.Files), packetFromFile), row)
	return either(converted(packetdiag.List(o.ctx, o.system.Netlink, show), row), func(s *packetSocket) uint64 { return s.Cookie }, file)
}

// packetFromFile is a socket as /proc/net/packet tells it.
func packetFromFile(record *procfs.PacketSocket) *packetdiag.Socket {
	s := &packetdiag.Socket{Type: record.Type, Protocol: record.Protocol, Inode: uint32(record.Inode), UID: record.UID, Memory: &sockdiag.Memory{}}
	s.Info.Interface = record.Interface
	if record.Running != 0 {
		s.Info.Flags = packetdiag.FlagRunning
	}
	s.Memory.Set(sockdiag.ReadAllocated, record.RMem)
	return s
}

// tells says whether it is known what an attribute has that /proc/net/packet tells too.
func (s *packetSocket) tells(a packetdiag.Attribute) bool { return s.Cookie == 0 || s.Has(a) }

func (s *packetSocket) owned() (status string, all []owners.Owner) { return s.of(uint64(s.Inode)) }

// membershipTypes are the PACKET_MR_* of linux/if_packet.h, by number.
var membershipTypes = []string{"multicast", "promiscuous", "allmulti", "unicast"}

var membershipParts = []schema.Field{
	{Name: "interface", Type: text}, {Name: "type", Type: text}, {Name: "address", Type: schema.Of(schema.MAC)},
}

func (s *packetSocket) memberships() any {
	if len(s.Memberships) == 0 {
		return nil
	}
	list := make([]any, len(s.Memberships))
	for i, m := range s.Memberships {
		kind := strconv.Itoa(int(m.Type))
		if int(m.Type) < len(membershipTypes) {
			kind = membershipTypes[m.Type]
		}
		hasAddress := m.Type == packetdiag.MembershipMulticast || m.Type == packetdiag.MembershipUnicast
		list[i] = schema.Record{Fields: membershipParts, Values: []any{
			nonEmpty(s.interfaceName(m.Interface)), kind, orNull(schema.HardwareAddr(m.Address), hasAddress && m.Address != ""),
		}}
	}
	return list
}

func (s *packetSocket) promiscuous() any {
	if !s.Has(packetdiag.AttrMemberships) {
		return nil
	}
	return slices.ContainsFunc(s.Memberships, func(m packetdiag.Membership) bool { return m.Type == packetdiag.MembershipPromiscuous })
}
