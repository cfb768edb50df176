package tables

import (
	"slices"

	"net/netip"

	"netql/query"
	"netql/query/schema"
	"netql/sources/rtnetlink"
)

// pairs are the kinds whose interfaces come in pairs, so that IFLA_LINK is the other end and not the interface below.
var pairs = []string{"veth", "netkit", "vxcan"}

// stackColumns are the columns of how an interface is connected to others.
func stackColumns() []query.Column[link] {
	modes := kindModes()
	return []query.Column[link]{
		query.NonZero("master", "The bridge, bond, team or VRF that it is part of.",
			func(l *link) string { return l.facts.interfaceName(l.Master) }),
		query.NonZero("master_kind", "What kind of interface the master is.",
			func(l *link) string { return l.SlaveKind }),
		query.NonZero("lower", "The interface on which this one is built, as a vlan or macvlan on its parent; NULL "+
			"where it is in another network namespace.",
			(*link).neighbor).When(func(l *link) bool { return !slices.Contains(pairs, l.Kind) }),
		query.NonZero("peer", "The other end of a veth or netkit pair; NULL where it is in another network namespace.",
			(*link).neighbor).When(func(l *link) bool { return slices.Contains(pairs, l.Kind) }),
		query.NonZero("link_index", "The index of the lower interface or the peer, in its own network namespace "+
			"(IFLA_LINK).", func(l *link) uint32 { return l.Lower }),
		query.Opt("link_nsid", "Our number for the network namespace of the lower interface or the peer (ip netns "+
			"list-id); NULL where it is ours.",
			func(l *link) (int32, bool) { return l.LowerNamespace, l.HasLowerNamespace() }),
		query.Opt("link_netns", "That network namespace: its name under /run/netns, else its inode number; NULL "+
			"where no process or name that we may see is in it.", (*link).lowerNamespace).Costly(),
		query.Opt("mode", "How a bond, macvlan, macvtap, ipvlan or tun works: 802.3ad, bridge, passthru, l3, tap "+
			"and so on.", func(l *link) (string, bool) { return modes[l.Kind].text(l.Detail.Mode), l.Detail.HasMode }),
		query.Opt("vlan_id", "The number of a vlan.",
			func(l *link) (uint16, bool) { return l.Detail.VLAN, l.Kind == "vlan" }),
		query.Opt("vni", "The network identifier of a vxlan or geneve tunnel.",
			func(l *link) (uint32, bool) { return l.Detail.VNI, l.Detail.HasVNI }),
		query.NonZero("vrf_table", "The routing table of a VRF.", func(l *link) uint32 { return l.Detail.Table }),
		query.Col("tunnel_local", "Our end of a tunnel; NULL where any address will do.",
			func(l *link) netip.Addr { return l.Detail.Local }),
		query.Col("tunnel_remote", "The other end of a tunnel, or the group that a vxlan floods to.",
			func(l *link) netip.Addr { return l.Detail.Remote }),
		query.NonZero("parent_device", "The hardware device, by its name on its bus.",
			func(l *link) string { return l.Parent }),
		query.NonZero("parent_bus", "The bus of the hardware device: pci, usb, virtio and so on.",
			func(l *link) string { return l.ParentBus }),
	}
}

// neighbor is the name of the interface of IFLA_LINK; "" where that is in another network namespace.
func (l *link) neighbor() string {
	if l.HasLowerNamespace() {
		return ""
	}
	return l.facts.interfaceName(l.Lower)
}

// lowerNamespace is the name of the network namespace of that interface; false where it is in this one, or unknown.
func (l *link) lowerNamespace() (string, bool) {
	if !l.HasLowerNamespace() {
		return "", false
	}
	return l.facts.numberedName(l.LowerNamespace)
}

// queueLengthColumns are the columns of how packets are queued and batched.
func queueLengthColumns() []query.Column[link] {
	return []query.Column[link]{
		query.NonZero("qdisc", "The queueing discipline at the root; noop where nothing can be sent.",
			func(l *link) string { return l.Qdisc }),
		query.Opt("txqlen", "How many packets may wait to be sent, for queueing disciplines that have no limit of "+
			"their own.",
			func(l *link) (uint32, bool) { return l.TxQueueLength, l.Has(rtnetlink.AttrTxQueueLength) },
		).In(schema.Packets),
		query.Opt("tx_queues", "How many queues to send the driver asked for.",
			func(l *link) (uint32, bool) { return l.TxQueues, l.Has(rtnetlink.AttrTxQueues) }),
		query.Opt("rx_queues", "How many queues to receive the driver asked for.",
			func(l *link) (uint32, bool) { return l.RxQueues, l.Has(rtnetlink.AttrRxQueues) }),
		query.Opt("gso_max_size", "The largest packet that the stack hands down to be cut later (generic "+
			"segmentation offload).",
			func(l *link) (uint32, bool) { return l.GSOMaxSize, l.Has(rtnetlink.AttrGSOMaxSize) }).In(schema.Bytes),
		query.Opt("gso_max_segs", "Into how many segments such a packet may be cut.",
			func(l *link) (uint32, bool) { return l.GSOMaxSegments, l.Has(rtnetlink.AttrGSOMaxSegments) },
		).In(schema.Segments),
		query.Opt("tso_max_size", "The largest packet that the hardware can cut itself (TCP segmentation offload).",
			func(l *link) (uint32, bool) { return l.TSOMaxSize, l.Has(rtnetlink.AttrTSOMaxSize) }).In(schema.Bytes),
		query.Opt("gro_max_size", "The largest packet that received ones are joined to (generic receive offload).",
			func(l *link) (uint32, bool) { return l.GROMaxSize, l.Has(rtnetlink.AttrGROMaxSize) }).In(schema.Bytes),
	}
}
