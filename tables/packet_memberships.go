package tables

import (
	"slices"

	"netql/query"
	"netql/query/schema"
	"netql/sources/packetdiag"
)

// membership is an element of memberships: what a packet socket makes an interface receive (PACKET_ADD_MEMBERSHIP).
type membership struct {
	packetdiag.Membership
	scan *scanState
}

// membershipTypes are the PACKET_MR_* of linux/if_packet.h.
func membershipTypes() codes { return numbered("multicast", "promiscuous", "allmulti", "unicast") }

// membershipParts are the parts of one element of memberships.
func membershipParts() []query.Column[membership] {
	types := membershipTypes()
	return []query.Column[membership]{
		query.NonZero("interface", "", func(m *membership) string { return m.scan.interfaceName(m.Interface) }),
		query.Col("type", "", func(m *membership) string { return types.text(uint32(m.Type)) }),
		query.Col("address", "", (*membership).address),
	}
}

// address is the link-layer address of a membership; "" for a type without one, where the kernel has other bytes.
func (m *membership) address() schema.HardwareAddr {
	if m.Type == packetdiag.MembershipMulticast || m.Type == packetdiag.MembershipUnicast {
		return schema.HardwareAddr(m.Address)
	}
	return ""
}

func (s *packetSocket) memberships() []membership {
	list := make([]membership, len(s.Memberships))
	for i, m := range s.Memberships {
		list[i] = membership{m, s.scanState}
	}
	return list
}

func (s *packetSocket) promiscuous() (bool, bool) {
	return slices.ContainsFunc(s.Memberships, func(m packetdiag.Membership) bool {
		return m.Type == packetdiag.MembershipPromiscuous
	}), s.Has(packetdiag.AttrMemberships)
}
