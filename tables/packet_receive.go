package tables

import (
	"slices"

	"netql/query"
	"netql/query/schema"
	"netql/sources/packetdiag"
	"netql/sources/sockdiag"
)

// packetFlags are the PDI_* of linux/packet_diag.h for options that the program sets.
func packetFlags() codes { return bits(1<<1, "auxdata", "origdev", "vnet_hdr", "loss") }

// fanoutTypes are PACKET_FANOUT_* of linux/if_packet.h.
func fanoutTypes() codes {
	return numbered("hash", "lb", "cpu", "rollover", "rnd", "qm", "cbpf", "ebpf")
}

// packetReceiveColumns say how packets come to the program, and what is lost.
func packetReceiveColumns() []query.Column[packetSocket] {
	return slices.Concat(withExtension(packetdiag.ShowInfo,
		query.Opt("running", "Whether it receives packets now: it has a protocol, and its interface is up.",
			(*packetSocket).running),
		flagsOf("flags", "Options that the program set: PACKET_AUXDATA, PACKET_ORIGDEV, PACKET_VNET_HDR, "+
			"PACKET_LOSS; NULL where none is.",
			packetFlags(), func(s *packetSocket) packetdiag.Flags { return s.Info.Flags }),
	), withExtension(packetdiag.ShowMemberships,
		query.Records("memberships", "What the socket has interfaces receive beside the host's own packets "+
			"(PACKET_ADD_MEMBERSHIP): type is multicast, promiscuous, allmulti or unicast.",
			membershipParts(), (*packetSocket).memberships),
		query.Opt("promiscuous", "Whether it has made an interface promiscuous.", (*packetSocket).promiscuous),
	), withExtension(packetdiag.ShowFanout,
		query.Opt("fanout_id", "The group of sockets that shares the packets (PACKET_FANOUT).",
			func(s *packetSocket) (uint16, bool) { return s.Fanout.ID, s.inFanout() }),
		enumOf("fanout", "How the group shares them out.",
			fanoutTypes(), func(s *packetSocket) uint8 { return s.Fanout.Type }).When((*packetSocket).inFanout),
	), withExtension(packetdiag.ShowInfo,
		query.Opt("ring_version", "The version of its rings: 1, 2 or 3 for TPACKET_V1 and so on.",
			func(s *packetSocket) (uint32, bool) { return s.Info.Version + 1, s.Has(packetdiag.AttrInfo) }),
	), withExtension(packetdiag.ShowFilter,
		query.NonZero("filter", "The instructions of its classic BPF filter; NULL without one, and without "+
			"CAP_NET_ADMIN.", func(s *packetSocket) int { return s.Filter }),
	), withExtension(packetdiag.ShowMemory,
		query.Opt("drops", "Packets dropped because the receive buffer was full; those that found a ring full are "+
			"told to the program alone (PACKET_STATISTICS).",
			(*packetSocket).dropped).In(schema.Packets).Counter().Alarm(),
	), withExtension(packetdiag.ShowRings, ringColumns()...),
		withExtension(packetdiag.ShowMemory,
			memoryColumns(func(s *packetSocket) *sockdiag.Memory { return s.Memory })...))
}

// ringColumns are the columns of the rings of packets in memory that the program shares with the kernel.
func ringColumns() []query.Column[packetSocket] {
	size := func(r *packetdiag.Ring) uint64 { return uint64(r.BlockSize) * uint64(r.Blocks) }
	frames := func(r *packetdiag.Ring) uint32 { return r.Frames }
	return append(query.Within((*packetSocket).receiveRing,
		query.Col("rx_ring", "The size of its ring to receive; NULL without one.", size).In(schema.Bytes),
		query.Col("rx_ring_frames", "The packets that the ring to receive has room for.", frames),
	), query.Within((*packetSocket).sendRing,
		query.Col("tx_ring", "The size of its ring to send; NULL without one.", size).In(schema.Bytes),
		query.Col("tx_ring_frames", "The packets that the ring to send has room for.", frames),
	)...)
}

func (s *packetSocket) running() (bool, bool) {
	return s.Info.Flags&packetdiag.FlagRunning != 0, s.hasOrFile(packetdiag.AttrInfo)
}

func (s *packetSocket) dropped() (uint32, bool) { return s.Memory.Get(sockdiag.Drops) }

func (s *packetSocket) inFanout() bool { return s.Has(packetdiag.AttrFanout) }

func (s *packetSocket) receiveRing() *packetdiag.Ring {
	if !s.Has(packetdiag.AttrRXRing) {
		return nil
	}
	return &s.RXRing
}

func (s *packetSocket) sendRing() *packetdiag.Ring {
	if !s.Has(packetdiag.AttrTXRing) {
		return nil
	}
	return &s.TXRing
}
