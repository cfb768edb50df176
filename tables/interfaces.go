package tables

import (
	"iter"
	"net/netip"
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

// interfacesTable declares the table of network interfaces.
func interfacesTable() *query.Table {
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
		Columns: slices.Concat(query.Section("interface", linkColumns()...),
			query.Section("place among others", stackColumns()...), query.Section("queues", queueLengthColumns()...),
			query.Section("hardware", hardwareColumns()...), query.Section("counters", counterColumns()...)),
		Shown:  []string{"name", "operstate", "mtu", "addresses", "speed", "rx_bytes", "tx_bytes", "errors", "drops"},
		Quiet:  []string{"speed"},
		Spare:  []string{"speed", "mtu", "rx_bytes", "tx_bytes"},
		Key:    []string{"index"},
		Events: "Interfaces are new, gone, or changed in anything but their counters.",
		Follow: followLinks,
		Scan: func(r query.Request) query.Scan[link] {
			choice, counters := chooseLinks(r.Where, "index", "name"), r.Needs&needCounters != 0
			text := choice.request()
			if !counters && !choice.none() {
				text += ", without counters"
			}
			return streamScan[link]{text, "interfaces", r, func(s *scanState) iter.Seq2[*link, error] {
				return linkRows(s, choice.devices(s, counters))
			}}
		},
	})
}

func linkRows(s *scanState, devices iter.Seq2[*rtnetlink.Device, error]) iter.Seq2[*link, error] {
	facts := &linkFacts{scanState: s}
	return converted(devices, func(d *rtnetlink.Device) *link { return &link{d, facts} })
}

// linkColumns are the columns of which interface it is, and of its state.
func linkColumns() []query.Column[link] {
	return []query.Column[link]{
		query.NonZero("name", "The name.", func(l *link) string { return l.Name }),
		query.Col("index", "The number by which the kernel knows it, in this network namespace.",
			func(l *link) int { return l.Index }),
		enumOf("type", "What the link carries (ARPHRD_* of linux/if_arp.h); none for one that carries bare IP.",
			linkTypes(), func(l *link) uint16 { return l.Type }),
		query.NonZero("kind", "What kind of virtual interface it is: veth, bridge, vlan, bond, tun, wireguard and "+
			"so on; NULL for hardware and the loopback.", func(l *link) string { return l.Kind }),
		enumOf("operstate", "Whether it can pass packets, as RFC 2863 names it; unknown where the driver does not "+
			"tell, as for the loopback and tun.", operStates(),
			func(l *link) uint8 { return l.OperState }).When(has(rtnetlink.AttrOperState)).
			Synonyms("state", "status", "link", "oper_state"),
		query.Opt("carrier", "Whether there is a signal on the link; NULL while the interface is not UP, when nobody "+
			"looks.", (*link).carrier),
		flagsOf("flags", "The flags (IFF_*, netdevice(7)): UP is what the administrator wants, LOWER_UP what the "+
			"driver sees, RUNNING what operstate makes of both.",
			linkFlags(), func(l *link) uint32 { return l.Flags }),
		query.Opt("mtu", "The largest packet that it takes, without the link-layer header.",
			func(l *link) (uint32, bool) {
				return l.MTU,
					l.Has(rtnetlink.AttrMTU)
			}).In(schema.Bytes).ForPeople(exactNumber),
		query.NonZero("min_mtu", "The smallest MTU that the driver allows; NULL for no limit.",
			func(l *link) uint32 { return l.MinMTU }).In(schema.Bytes).ForPeople(exactNumber),
		query.NonZero("max_mtu", "The largest MTU that the driver allows; NULL for no limit.",
			func(l *link) uint32 { return l.MaxMTU }).In(schema.Bytes).ForPeople(exactNumber),
		query.Col("mac", "The link-layer address; NULL where it has none or all zeros, and for IP tunnels, whose "+
			"ends are in tunnel_local and tunnel_remote.",
			func(l *link) schema.HardwareAddr { return l.hardwareAddr(l.Address) }),
		query.Col("permanent_mac", "The link-layer address that the hardware came with.",
			func(l *link) schema.HardwareAddr { return l.hardwareAddr(l.PermanentAddress) }),
		query.Col("broadcast", "The link-layer address of everybody.",
			func(l *link) schema.HardwareAddr { return l.hardwareAddr(l.Broadcast) }),
		query.List("addresses", "The IP addresses with the lengths of their prefixes, in the kernel's order; the "+
			"table addresses has more about each.",
			func(l *link) []netip.Prefix { return l.facts.addressesOf(l.Index).prefixes }).Costly(),
		query.List("labels", "The labels of its IPv4 addresses other than its name, each once, in the kernel's order: "+
			"lo:0, which ifconfig shows as an interface.",
			func(l *link) []string { return l.facts.addressesOf(l.Index).labels(l.Name) }).Costly(),
		query.NonZero("alias", "The description that the administrator gave it (ip link set alias).",
			func(l *link) string { return l.Alias }),
		query.List("altnames", "Other names by which it can be given to ip (ip link property).",
			func(l *link) []string { return l.AltNames }),
		query.Opt("group", "The number of its group (ip link set group); 0 is the default one.",
			func(l *link) (uint32, bool) { return l.Group, l.Has(rtnetlink.AttrGroup) }),
		query.Opt("promiscuity", "How many users want all packets on the link: packet captures, bridges; the flag "+
			"PROMISC only tells of the administrator.",
			func(l *link) (uint32, bool) { return l.Promiscuity, l.Has(rtnetlink.AttrPromiscuity) }).In(schema.Times),
		query.Opt("allmulti", "How many users want all multicast packets on the link.",
			func(l *link) (uint32, bool) { return l.AllMulti, l.Has(rtnetlink.AttrAllMulti) }).In(schema.Times),
		query.Opt("carrier_changes", "How often the signal came or went.",
			func(l *link) (uint32, bool) { return l.CarrierChanges, l.Has(rtnetlink.AttrCarrierChanges) },
		).In(schema.Times).Counter(),
		query.Opt("carrier_up_count", "How often the signal came.",
			func(l *link) (uint32, bool) { return l.CarrierUps, l.Has(rtnetlink.AttrCarrierUps) },
		).In(schema.Times).Counter(),
		query.Opt("carrier_down_count", "How often the signal went.",
			func(l *link) (uint32, bool) { return l.CarrierDowns, l.Has(rtnetlink.AttrCarrierDowns) },
		).In(schema.Times).Counter(),
		enumOf("link_mode", "Whether a signal makes the interface up at once, or leaves it dormant for a program "+
			"that authenticates it first (IFLA_LINKMODE).", linkModes(),
			func(l *link) uint8 { return l.LinkMode }).When(has(rtnetlink.AttrLinkMode)),
		query.Opt("proto_down", "Whether a protocol, such as VRRP or MLAG, holds it down.",
			func(l *link) (bool, bool) { return l.ProtoDown, l.Has(rtnetlink.AttrProtoDown) }),
		enumOf("xdp", "Where an XDP program takes the packets first: in the driver, after it (generic), in the "+
			"hardware (offload) or in several of these (multi); NULL without one.",
			xdpModes(), func(l *link) uint8 { return l.XDP.Mode }),
		query.NonZero("xdp_program", "The number of that XDP program, as bpftool shows it.",
			func(l *link) uint32 { return l.XDP.Program }),
	}
}

// has is the condition that the kernel sent an attribute, which older kernels do not have.
func has(attribute rtnetlink.Attribute) func(*link) bool {
	return func(l *link) bool { return l.Has(attribute) }
}

// carrier says whether there is a signal; false as second result while the interface is not UP.
func (l *link) carrier() (bool, bool) {
	return l.Carrier, l.Flags&rtnetlink.FlagUp != 0 && l.Has(rtnetlink.AttrCarrier)
}

// hardwareAddr is a link-layer address; "" for the loopback's, which is all zeros, and a tunnel's, which is an IP
// address.
func (l *link) hardwareAddr(raw string) schema.HardwareAddr {
	if l.IsTunnel() || len(raw) < 6 || !slices.ContainsFunc([]byte(raw), func(b byte) bool { return b != 0 }) {
		return ""
	}
	return schema.HardwareAddr(raw)
}
