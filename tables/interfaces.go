package tables

import (
	"iter"
	"slices"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// link is a row of interfaces.
type link struct {
	*rtnetlink.Device
	facts *linkFacts
}

// interfaces declares the table of network interfaces.
func interfaces() *query.Table {
	counters := counterFields()
	return query.Define(query.Spec[link]{
		Doc: "A network interface: its state, addresses, place among other interfaces, hardware and counters. " +
			"Counters are the kernel's since the interface was made, in 64 bits.",
		Examples: []string{
			"interfaces operstate != up and UP in flags | select name, operstate, carrier, carrier_changes",
			"interfaces | select name, mac, addresses, mtu, qdisc",
			`interfaces kind == "veth" | select name, peer, link_netns, master`,
			"interfaces rx_dropped > 0 or tx_dropped > 0 or rx_errors > 0 or tx_errors > 0",
			"interfaces master != nil | group by master: ports = list(name), rx = sum(rx_bytes) | sort master",
			"interfaces type == ether | select name, driver, driver_version, firmware, bus_info, speed, duplex",
			"interfaces addresses contains 192.0.2.77 | select name, addresses",
			"interfaces xdp != nil | select name, xdp, xdp_program",
			"interfaces | count by kind",
		},
		Fields: slices.Concat(linkFields(), stackFields(), queueLengthFields(), hardwareFields(), counters),
		Shown:  []string{"name", "operstate", "mtu", "mac", "addresses", "speed", "rx_bytes", "tx_bytes"},
		Key:    []string{"index"},
		Events: "Interfaces are new, gone, or changed in anything but their counters.",
		Follow: followLinks,
		Scan: func(r query.Request) query.Scan[link] {
			text, counted := "rtnetlink RTM_GETLINK, without counters", false
			if slices.ContainsFunc(counters, func(f query.Field[link]) bool { return r.Columns.Has(f.Name) }) {
				text, counted = "rtnetlink RTM_GETLINK", true
			}
			return streamScan[link]{text, "interfaces", r, func(s *scanState) iter.Seq2[*link, error] { return linkRows(s, counted) }}
		},
	})
}

func linkRows(s *scanState, counters bool) iter.Seq2[*link, error] {
	facts := &linkFacts{scanState: s}
	return converted(rtnetlink.Devices(s.ctx, s.system.Netlink, counters), func(d *rtnetlink.Device) *link { return &link{d, facts} })
}

// linkFields say which interface it is, and how it is.
func linkFields() []query.Field[link] {
	return []query.Field[link]{
		{Name: "name", Type: text, Doc: "The name.", Get: func(l *link) any { return nonEmpty(l.Name) }},
		{Name: "index", Type: integer, Doc: "The number by which the kernel knows it, in this network namespace.", Get: func(l *link) any { return l.Index }},
		{Name: "type", Type: linkTypes.enum(), Doc: "What the link carries (ARPHRD_* of linux/if_arp.h); none for one that carries bare IP.",
			Get: func(l *link) any { return linkTypes.word(uint32(l.Type)) }},
		{Name: "kind", Type: text, Doc: "What kind of virtual interface it is: veth, bridge, vlan, bond, tun, wireguard and so on; NULL for hardware and the loopback.",
			Get: func(l *link) any { return nonEmpty(l.Kind) }},
		{Name: "operstate", Type: operStates.enum(), Doc: "Whether it can pass packets, as RFC 2863 names it; unknown where the driver does not tell, as for the loopback and tun.",
			Get: func(l *link) any { return orNull(operStates.word(uint32(l.OperState)), l.Has(rtnetlink.AttrOperState)) }},
		{Name: "carrier", Type: boolean, Doc: "Whether there is a signal on the link; NULL while the interface is not UP, when nobody looks.",
			Get: func(l *link) any {
				return orNull(l.Carrier, l.Flags&rtnetlink.FlagUp != 0 && l.Has(rtnetlink.AttrCarrier))
			}},
		{Name: "flags", Type: linkFlags.set(), Doc: "The flags (IFF_*, netdevice(7)): UP is what the administrator wants, LOWER_UP what the driver sees, RUNNING what operstate makes of both.",
			Get: func(l *link) any { return linkFlags.flags(l.Flags) }},
		{Name: "mtu", Type: integer, Unit: schema.Bytes, Doc: "The largest packet that it takes, without the link-layer header.", Get: l32(rtnetlink.AttrMTU, func(l *link) uint32 { return l.MTU })},
		{Name: "min_mtu", Type: integer, Unit: schema.Bytes, Doc: "The smallest MTU that the driver allows; NULL for no limit.", Get: func(l *link) any { return nonZero(l.MinMTU) }},
		{Name: "max_mtu", Type: integer, Unit: schema.Bytes, Doc: "The largest MTU that the driver allows; NULL for no limit.", Get: func(l *link) any { return nonZero(l.MaxMTU) }},
		{Name: "mac", Type: mac, Doc: "The link-layer address; NULL where it has none or all zeros, and for IP tunnels, whose ends are in tunnel_local and tunnel_remote.",
			Get: func(l *link) any { return l.hardwareAddr(l.Address) }},
		{Name: "permanent_mac", Type: mac, Doc: "The link-layer address that the hardware came with.", Get: func(l *link) any { return l.hardwareAddr(l.PermanentAddress) }},
		{Name: "broadcast", Type: mac, Doc: "The link-layer address of everybody.", Get: func(l *link) any { return l.hardwareAddr(l.Broadcast) }},
		{Name: "addresses", Type: schema.ListOf(prefix), Costly: true, Doc: "The IP addresses with the lengths of their prefixes, in the kernel's order; the table addresses has more about each.",
			Get: func(l *link) any { return l.facts.addressList(l.Index) }},
		{Name: "alias", Type: text, Doc: "The description that the administrator gave it (ip link set alias).", Get: func(l *link) any { return nonEmpty(l.Alias) }},
		{Name: "altnames", Type: schema.ListOf(text), Doc: "Other names by which it can be given to ip (ip link property).", Get: func(l *link) any { return listOf(l.AltNames) }},
		{Name: "group", Type: integer, Doc: "The number of its group (ip link set group); 0 is the default one.", Get: l32(rtnetlink.AttrGroup, func(l *link) uint32 { return l.Group })},
		{Name: "promiscuity", Type: integer, Unit: schema.Times, Doc: "How many users want all packets on the link: packet captures, bridges; the flag PROMISC only tells of the administrator.",
			Get: l32(rtnetlink.AttrPromiscuity, func(l *link) uint32 { return l.Promiscuity })},
		{Name: "allmulti", Type: integer, Unit: schema.Times, Doc: "How many users want all multicast packets on the link.", Get: l32(rtnetlink.AttrAllMulti, func(l *link) uint32 { return l.AllMulti })},
		{Name: "carrier_changes", Type: integer, Change: schema.Counter, Unit: schema.Times, Doc: "How often the signal came or went.", Get: l32(rtnetlink.AttrCarrierChanges, func(l *link) uint32 { return l.CarrierChanges })},
		{Name: "carrier_up_count", Type: integer, Change: schema.Counter, Unit: schema.Times, Doc: "How often the signal came.", Get: l32(rtnetlink.AttrCarrierUps, func(l *link) uint32 { return l.CarrierUps })},
		{Name: "carrier_down_count", Type: integer, Change: schema.Counter, Unit: schema.Times, Doc: "How often the signal went.", Get: l32(rtnetlink.AttrCarrierDowns, func(l *link) uint32 { return l.CarrierDowns })},
		{Name: "link_mode", Type: linkModes.enum(), Doc: "Whether a signal makes the interface up at once, or leaves it dormant for a program that authenticates it first (IFLA_LINKMODE).",
			Get: func(l *link) any { return orNull(linkModes.word(uint32(l.LinkMode)), l.Has(rtnetlink.AttrLinkMode)) }},
		{Name: "proto_down", Type: boolean, Doc: "Whether a protocol, such as VRRP or MLAG, holds it down.", Get: func(l *link) any { return orNull(l.ProtoDown, l.Has(rtnetlink.AttrProtoDown)) }},
		{Name: "xdp", Type: xdpModes.enum(), Doc: "Where an XDP program takes the packets first: in the driver, after it (generic), in the hardware (offload) or in several of these (multi); NULL without one.",
			Get: func(l *link) any { return xdpModes.word(uint32(l.XDP.Mode)) }},
		{Name: "xdp_program", Type: integer, Doc: "The number of that XDP program, as bpftool shows it.", Get: func(l *link) any { return nonZero(l.XDP.Program) }},
	}
}

// l32 is a 32-bit value whose attribute an old kernel may not send.
func l32(attribute rtnetlink.Attribute, get func(*link) uint32) func(*link) any {
	return func(l *link) any { return orNull(int(get(l)), l.Has(attribute)) }
}

// hardwareAddr is a link-layer address that is one: the loopback's is all zeros, and a tunnel's is an IP address.
func (l *link) hardwareAddr(raw string) any {
	if l.IsTunnel() || len(raw) < 6 || !slices.ContainsFunc([]byte(raw), func(b byte) bool { return b != 0 }) {
		return nil
	}
	return schema.HardwareAddr(raw)
}

// listOf is a list as a value; NULL where it is empty.
func listOf[T any](elements []T) any {
	if len(elements) == 0 {
		return nil
	}
	list := make([]any, len(elements))
	for i, e := range elements {
		list[i] = e
	}
	return list
}
