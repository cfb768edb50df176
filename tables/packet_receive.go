package tables

import (
	"netql/query"
	"netql/query/schema"
	"netql/sources/packetdiag"
	"netql/sources/sockdiag"
)

var (
	packetTypeWords = schema.Words("raw", "dgram")
	packetFlags     = bits(1<<1, "auxdata", "origdev", "vnet_hdr", "loss")
	fanoutTypes     = numbered("hash", "lb", "cpu", "rollover", "rnd", "qm", "cbpf", "ebpf")
)

// packetReceiveFields say how packets come to the program, and what is lost.
func packetReceiveFields() []packetField {
	return append([]packetField{
		packetColumn(packetdiag.ShowInfo, "running", boolean, "Whether it receives packets now: it has a protocol, and its interface is up.",
			func(s *packetSocket) any {
				return orNull(s.Info.Flags&packetdiag.FlagRunning != 0, s.tells(packetdiag.AttrInfo))
			}),
		packetColumn(packetdiag.ShowInfo, "flags", packetFlags.set(),
			"Options that the program set: PACKET_AUXDATA, PACKET_ORIGDEV, PACKET_VNET_HDR, PACKET_LOSS; NULL where none is.",
			func(s *packetSocket) any { return packetFlags.flags(uint32(s.Info.Flags)) }),
		packetColumn(packetdiag.ShowMemberships, "memberships", schema.ListOf(schema.Type{Kind: schema.Object, Fields: membershipParts}),
			"What the socket has interfaces receive beside the host's own packets (PACKET_ADD_MEMBERSHIP): type is multicast, promiscuous, allmulti or unicast.",
			(*packetSocket).memberships),
		packetColumn(packetdiag.ShowMemberships, "promiscuous", boolean, "Whether it has made an interface promiscuous.", (*packetSocket).promiscuous),
		packetColumn(packetdiag.ShowFanout, "fanout_id", integer, "The group of sockets that shares the packets (PACKET_FANOUT).",
			func(s *packetSocket) any { return orNull(int(s.Fanout.ID), s.Has(packetdiag.AttrFanout)) }),
		packetColumn(packetdiag.ShowFanout, "fanout", fanoutTypes.enum(), "How the group shares them out.", func(s *packetSocket) any {
			return orNull(fanoutTypes.word(uint32(s.Fanout.Type)), s.Has(packetdiag.AttrFanout))
		}),
		packetColumn(packetdiag.ShowInfo, "ring_version", integer, "The version of its rings: 1, 2 or 3 for TPACKET_V1 and so on.", func(s *packetSocket) any {
			return orNull(int(s.Info.Version)+1, s.Has(packetdiag.AttrInfo))
		}),
		packetColumn(packetdiag.ShowFilter, "filter", integer, "The instructions of its classic BPF filter; NULL without one, and without CAP_NET_ADMIN.",
			func(s *packetSocket) any { return nonZero(s.Filter) }),
		{Field: query.Field[packetSocket]{Name: "drops", Type: integer, Unit: schema.Packets, Alarm: true, Change: schema.Counter,
			Doc: "Packets dropped because the receive buffer was full; those that found a ring full are told to the program alone (PACKET_STATISTICS).",
			Get: func(s *packetSocket) any { return memoryValue(s.Memory, sockdiag.Drops) }}, wants: packetdiag.ShowMemory},
	}, append(
		ringFields("rx_ring", "frames", "receive", packetdiag.AttrRXRing, func(s *packetSocket) packetdiag.Ring { return s.RXRing }),
		ringFields("tx_ring", "frames", "send", packetdiag.AttrTXRing, func(s *packetSocket) packetdiag.Ring { return s.TXRing })...,
	)...)
}

// ringFields tell of the memory that the program shares with the kernel.
func ringFields(name, unit, what string, attribute packetdiag.Attribute, ring func(*packetSocket) packetdiag.Ring) []packetField {
	return []packetField{
		{Field: query.Field[packetSocket]{Name: name, Type: integer, Unit: schema.Bytes, Doc: "The size of its ring to " + what + "; NULL without one.",
			Get: func(s *packetSocket) any {
				r := ring(s)
				return orNull(int(r.BlockSize)*int(r.Blocks), s.Has(attribute))
			}}, wants: packetdiag.ShowRings},
		packetColumn(packetdiag.ShowRings, name+"_"+unit, integer, "The packets that the ring to "+what+" has room for.",
			func(s *packetSocket) any { return orNull(int(ring(s).Frames), s.Has(attribute)) }),
	}
}
