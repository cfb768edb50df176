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
	device string // the real interface, where a file of /proc told it
}

// The flags: VIFF_* of linux/mroute.h, and of IPv6, which has one only, MIFF_REGISTER of linux/mroute6.h.
var (
	vifFlags  = bits(1, "tunnel", "srcrt", "register", "use_ifindex")
	vifFlags6 = bits(1, "register")
)

// multicastInterfaces declares the table of virtual interfaces.
func multicastInterfaces() *query.Table {
	type row = multicastInterface
	count := func(name, doc string, unit schema.Unit, get func(*row) uint64) query.Field[row] {
		return query.Field[row]{Name: name, Type: integer, Unit: unit, Change: schema.Counter, Doc: doc, Get: func(m *row) any { return saturate(get(m)) }}
	}
	return query.Define(query.Spec[row]{
		Doc: "A virtual interface of the kernel's multicast forwarding, as a routing daemon has set it up: an interface, or a tunnel. " +
			"Of IPv6 the kernel lists those of the main table only.",
		Examples: []string{
			"multicast_interfaces | select family, interface, packets_in, packets_out | sort packets_out desc",
			"multicast_interfaces flags contains tunnel or flags contains register",
			"multicast_interfaces remote != nil | select vif, local, remote, bytes_out",
		},
		Fields: []query.Field[row]{
			{Name: "family", Type: enum(families()), Doc: "The address family that is forwarded.", Get: func(m *row) any { return m.family.name }},
			{Name: "table", Type: text, Doc: "The multicast routing table, by name or number; it is default in IPv4 and main in IPv6 unless a daemon chose another.",
				Get: func(m *row) any { return m.scan.routeTable(m.Table) }},
			{Name: "vif", Type: integer, Doc: "The number by which the routing daemon knows it.", Get: func(m *row) any { return m.Vif }},
			{Name: "interface", Type: text, Doc: "The interface that packets come from and go to.", Get: func(m *row) any { return nonEmpty(cmp.Or(m.device, m.scan.interfaceName(uint32(m.Index)))) }},
			{Name: "local", Type: address, Doc: "The local address that the daemon named it by, or the local end of a tunnel; NULL where it gave an interface.", Get: (*row).localAddr},
			{Name: "remote", Type: address, Doc: "The other end of a tunnel.", Get: func(m *row) any { return orNull(m.Remote, specified(m.Remote)) }},
			{Name: "flags", Type: vifFlags.set(), Get: (*row).flagWords,
				Doc: "What kind it is: tunnel, srcrt (source routed), register (of PIM), use_ifindex (named by an interface, not an address); NULL where none holds."},
			count("bytes_in", "Data of forwarded packets that came from it.", schema.Bytes, func(m *row) uint64 { return m.BytesIn }),
			count("packets_in", "Forwarded packets that came from it.", schema.Packets, func(m *row) uint64 { return m.PacketsIn }),
			count("bytes_out", "Data that was sent to it.", schema.Bytes, func(m *row) uint64 { return m.BytesOut }),
			count("packets_out", "Packets that were sent to it.", schema.Packets, func(m *row) uint64 { return m.PacketsOut }),
		},
		Shown: []string{"family", "vif", "interface", "local", "remote", "bytes_in", "packets_in", "bytes_out", "packets_out"},
		Key:   []string{"family", "table", "vif"},
		Scan: func(r query.Request) query.Scan[row] {
			wanted := wantedMulticast(r)
			plan := planned(wanted, func(f multicastFamily) string { return f.listed })
			return streamScan[row]{plan, "multicast interfaces", r, func(s *scanState) iter.Seq2[*row, error] { return vifRows(s, wanted) }}
		},
	})
}

// localAddr is NULL where the kernel has the number of an interface in its place.
func (m *multicastInterface) localAddr() any {
	const useIndex = 0x8
	return orNull(m.Local, specified(m.Local) && m.Flags&useIndex == 0)
}

func specified(a netip.Addr) bool { return a.IsValid() && !a.IsUnspecified() }

func (m *multicastInterface) flagWords() any {
	if m.family.name == "inet6" {
		return vifFlags6.flags(uint32(m.Flags))
	}
	return vifFlags.flags(uint32(m.Flags))
}
