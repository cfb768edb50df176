package tables

import (
	"net/netip"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// pairs are the kinds whose interfaces come in twos, so that IFLA_LINK is the other end and not something below.
var pairs = map[string]bool{"veth": true, "netkit": true, "vxcan": true}

// stackFields say how it stands to other interfaces.
func stackFields() []query.Field[link] {
	return []query.Field[link]{
		{Name: "master", Type: text, Doc: "The bridge, bond, team or VRF that it is part of.", Get: func(l *link) any { return nonEmpty(l.facts.interfaceName(l.Master)) }},
		{Name: "master_kind", Type: text, Doc: "What kind of interface the master is.", Get: func(l *link) any { return nonEmpty(l.SlaveKind) }},
		{Name: "lower", Type: text, Doc: "The interface on which this one is built, as a vlan or macvlan on its parent; NULL where it is in another network namespace.",
			Get: func(l *link) any { return orNull(l.neighbor(), !pairs[l.Kind]) }},
		{Name: "peer", Type: text, Doc: "The other end of a veth or netkit pair; NULL where it is in another network namespace.",
			Get: func(l *link) any { return orNull(l.neighbor(), pairs[l.Kind]) }},
		{Name: "link_index", Type: integer, Doc: "The index of the lower interface or the peer, in its own network namespace (IFLA_LINK).",
			Get: func(l *link) any { return nonZero(l.Lower) }},
		{Name: "link_nsid", Type: integer, Doc: "Our number for the network namespace of the lower interface or the peer (ip netns list-id); NULL where it is ours.",
			Get: func(l *link) any { return orNull(int(l.LowerNamespace), l.HasLowerNamespace()) }},
		{Name: "link_netns", Type: text, Costly: true, Doc: "That network namespace: its name under /run/netns, else its inode number; NULL where no process or name that we may see is in it.",
			Get: func(l *link) any {
				if !l.HasLowerNamespace() {
					return nil
				}
				return l.facts.numberedName(l.LowerNamespace)
			}},
		{Name: "mode", Type: text, Doc: "How a bond, macvlan, macvtap, ipvlan or tun works: 802.3ad, bridge, passthru, l3, tap and so on.",
			Get: func(l *link) any {
				if !l.Detail.HasMode {
					return nil
				}
				return kindModes[l.Kind].text(l.Detail.Mode)
			}},
		{Name: "vlan_id", Type: integer, Doc: "The number of a vlan.", Get: func(l *link) any { return orNull(int(l.Detail.VLAN), l.Kind == "vlan") }},
		{Name: "vni", Type: integer, Doc: "The network identifier of a vxlan or geneve tunnel.", Get: func(l *link) any { return orNull(int(l.Detail.VNI), l.Detail.HasVNI) }},
		{Name: "vrf_table", Type: integer, Doc: "The routing table of a VRF.", Get: func(l *link) any { return nonZero(l.Detail.Table) }},
		{Name: "tunnel_local", Type: address, Doc: "Our end of a tunnel; NULL where any address will do.", Get: func(l *link) any { return validAddr(l.Detail.Local) }},
		{Name: "tunnel_remote", Type: address, Doc: "The other end of a tunnel, or the group that a vxlan floods to.", Get: func(l *link) any { return validAddr(l.Detail.Remote) }},
		{Name: "parent_device", Type: text, Doc: "The hardware device, by its name on its bus.", Get: func(l *link) any { return nonEmpty(l.Parent) }},
		{Name: "parent_bus", Type: text, Doc: "The bus of the hardware device: pci, usb, virtio and so on.", Get: func(l *link) any { return nonEmpty(l.ParentBus) }},
	}
}

// neighbor is the name of the interface that IFLA_LINK is about, where it is in this namespace.
func (l *link) neighbor() any {
	if l.HasLowerNamespace() {
		return nil
	}
	return nonEmpty(l.facts.interfaceName(l.Lower))
}

// validAddr is an address, v4-mapped ones as IPv4; NULL where there is none.
func validAddr(addr netip.Addr) any { return orNull(addr.Unmap(), addr.IsValid()) }

// queueLengthFields say how packets are queued and batched.
func queueLengthFields() []query.Field[link] {
	return []query.Field[link]{
		{Name: "qdisc", Type: text, Doc: "The queueing discipline at the root; noop where nothing can be sent.", Get: func(l *link) any { return nonEmpty(l.Qdisc) }},
		{Name: "txqlen", Type: integer, Unit: schema.Packets, Doc: "How many packets may wait to be sent, for queueing disciplines that have no limit of their own.",
			Get: l32(rtnetlink.AttrTxQueueLength, func(l *link) uint32 { return l.TxQueueLength })},
		{Name: "tx_queues", Type: integer, Doc: "How many queues to send the driver asked for.", Get: l32(rtnetlink.AttrTxQueues, func(l *link) uint32 { return l.TxQueues })},
		{Name: "rx_queues", Type: integer, Doc: "How many queues to receive the driver asked for.", Get: l32(rtnetlink.AttrRxQueues, func(l *link) uint32 { return l.RxQueues })},
		{Name: "gso_max_size", Type: integer, Unit: schema.Bytes, Doc: "The largest packet that the stack hands down to be cut later (generic segmentation offload).",
			Get: l32(rtnetlink.AttrGSOMaxSize, func(l *link) uint32 { return l.GSOMaxSize })},
		{Name: "gso_max_segs", Type: integer, Unit: schema.Segments, Doc: "Into how many segments such a packet may be cut.", Get: l32(rtnetlink.AttrGSOMaxSegments, func(l *link) uint32 { return l.GSOMaxSegments })},
		{Name: "tso_max_size", Type: integer, Unit: schema.Bytes, Doc: "The largest packet that the hardware can cut itself (TCP segmentation offload).",
			Get: l32(rtnetlink.AttrTSOMaxSize, func(l *link) uint32 { return l.TSOMaxSize })},
		{Name: "gro_max_size", Type: integer, Unit: schema.Bytes, Doc: "The largest packet that received ones are joined to (generic receive offload).",
			Get: l32(rtnetlink.AttrGROMaxSize, func(l *link) uint32 { return l.GROMaxSize })},
	}
}
