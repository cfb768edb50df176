package tables

import (
	"cmp"
	"iter"
	"net/netip"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// multicastInterface is a row of multicast_interfaces.
type multicastInterface struct {
	rtnetlink.MulticastInterface
	family multicastFamily
	scan   *scanState
	device string // the name of the interface, where a file of /proc has it; else ""
}

// Flags of virtual interfaces: VIFF_* of linux/mroute.h, and of IPv6, which has one only, MIFF_REGISTER of
// linux/mroute6.h.
const (
	vifRegister   = 0x4
	vifUseIfindex = 0x8
	mifRegister   = 0x1
)

func vifFlags() codes { return bits(1, "tunnel", "srcrt", "register", "use_ifindex") }

// multicastInterfacesTable declares the table of virtual interfaces.
func multicastInterfacesTable() *query.Table {
	type row = multicastInterface
	return query.Define(query.Spec[row]{
		Doc: "A virtual interface of the kernel's multicast forwarding, as a routing daemon has set it up: an " +
			"interface, or a tunnel. Of IPv6 the kernel lists those of the main table only.",
		Examples: []string{
			"multicast_interfaces | select family, interface, packets_in, packets_out | sort packets_out desc",
			"multicast_interfaces flags contains tunnel or flags contains register",
			"multicast_interfaces remote != nil | select vif, local, remote, bytes_out",
		},
		Columns: multicastInterfaceColumns(),
		Shown: []string{
			"family", "vif", "interface", "local", "remote", "bytes_in", "packets_in", "bytes_out", "packets_out",
		},
		Quiet: []string{"local", "remote"},
		Spare: []string{"packets_in", "packets_out"},
		Key:   []string{"family", "table", "vif"},
		Scan: func(r query.Request) query.Scan[row] {
			wanted := wantedMulticast(r)
			plan := planText(wanted, func(f multicastFamily) string { return f.listed })
			return streamScan[row]{plan, "multicast interfaces", r,
				func(s *scanState) iter.Seq2[*row, error] { return vifRows(s, wanted) }}
		},
	})
}

func multicastInterfaceColumns() []query.Column[multicastInterface] {
	type row = multicastInterface
	return []query.Column[row]{
		query.Enum("family", "The address family that is forwarded.",
			families(), func(m *row) string { return m.family.name }),
		query.Col("table", "The multicast routing table, by name or number; it is default in IPv4 and main in IPv6 "+
			"unless a daemon chose another.", func(m *row) string { return m.scan.routeTable(m.Table) }),
		query.Col("vif", "The number by which the routing daemon knows it.", func(m *row) int { return m.Vif }),
		query.NonZero("interface", "The interface that packets come from and go to.",
			func(m *row) string { return cmp.Or(m.device, m.scan.interfaceName(uint32(m.Index))) }),
		query.Opt("local", "The local address that the daemon named it by, or the local end of a tunnel; NULL "+
			"where it gave an interface.", (*row).localAddr),
		query.Opt("remote", "The other end of a tunnel.",
			func(m *row) (netip.Addr, bool) { return m.Remote, specified(m.Remote) }),
		flagsOf("flags", "What kind it is: tunnel, srcrt (source routed), register (of PIM), use_ifindex (named by "+
			"an interface, not an address); NULL where none holds.", vifFlags(), (*row).flags),
		query.Col("bytes_in", "Data of forwarded packets that came from it.",
			func(m *row) uint64 { return m.BytesIn }).In(schema.Bytes).Counter(),
		query.Col("packets_in", "Forwarded packets that came from it.",
			func(m *row) uint64 { return m.PacketsIn }).In(schema.Packets).Counter(),
		query.Col("bytes_out", "Data that was sent to it.",
			func(m *row) uint64 { return m.BytesOut }).In(schema.Bytes).Counter(),
		query.Col("packets_out", "Packets that were sent to it.",
			func(m *row) uint64 { return m.PacketsOut }).In(schema.Packets).Counter(),
	}
}

// localAddr is the local address; false where the kernel has the index of an interface in the same place.
func (m *multicastInterface) localAddr() (netip.Addr, bool) {
	return m.Local, specified(m.Local) && m.Flags&vifUseIfindex == 0
}

// specified says that an address is valid and not 0.0.0.0 or ::.
func specified(a netip.Addr) bool { return a.IsValid() && !a.IsUnspecified() }

// flags are the flags in IPv4's bits, for both families.
func (m *multicastInterface) flags() uint16 {
	switch {
	case m.family.name != "inet6":
		return m.Flags
	case m.Flags&mifRegister != 0:
		return vifRegister
	}
	return 0
}
