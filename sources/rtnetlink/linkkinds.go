package rtnetlink

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// infoDataKinds are the attributes in IFLA_INFO_DATA, by the kind of device (linux/if_link.h, if_tunnel.h).
var infoDataKinds = []netlink.NestedGroup{
	{Kind: "vlan", Attributes: []netlink.AttributeGroup{
		{Class: netlink.KeepShort, Types: []uint16{unix.IFLA_VLAN_ID}},
		{Class: netlink.Keep, Types: []uint16{unix.IFLA_VLAN_FLAGS}},
	}},
	{Kind: "vrf", Attributes: []netlink.AttributeGroup{{Class: netlink.Keep, Types: []uint16{unix.IFLA_VRF_TABLE}}}},
	{Kind: "bond", Attributes: []netlink.AttributeGroup{
		{Class: netlink.KeepShort, Types: []uint16{unix.IFLA_BOND_MODE}},
		{Class: netlink.Keep, Types: []uint16{
			unix.IFLA_BOND_ACTIVE_SLAVE, unix.IFLA_BOND_MIIMON, unix.IFLA_BOND_UPDELAY, unix.IFLA_BOND_DOWNDELAY,
		}},
	}},
	{Kind: "bridge", Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{
			unix.IFLA_BR_FORWARD_DELAY, unix.IFLA_BR_HELLO_TIME, unix.IFLA_BR_MAX_AGE, unix.IFLA_BR_AGEING_TIME,
			unix.IFLA_BR_STP_STATE,
		}},
		{Class: netlink.LinkAddress, Types: []uint16{unix.IFLA_BR_GROUP_ADDR}},
	}},
	{Kind: "tun", Attributes: []netlink.AttributeGroup{
		{Class: netlink.KeepShort, Types: []uint16{unix.IFLA_TUN_TYPE}},
	}},
	{Kind: "macvlan", Attributes: macvlan},
	{Kind: "macvtap", Attributes: macvlan},
	{Kind: "ipvlan", Attributes: ipvlan},
	{Kind: "ipvtap", Attributes: ipvlan},
	{Kind: "vxlan", Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{unix.IFLA_VXLAN_ID, unix.IFLA_VXLAN_LINK, unix.IFLA_VXLAN_AGEING}},
		{Class: netlink.Address, Types: []uint16{
			unix.IFLA_VXLAN_GROUP, unix.IFLA_VXLAN_GROUP6, unix.IFLA_VXLAN_LOCAL, unix.IFLA_VXLAN_LOCAL6,
		}},
	}},
	{Kind: "geneve", Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{unix.IFLA_GENEVE_ID}},
		{Class: netlink.Address, Types: []uint16{unix.IFLA_GENEVE_REMOTE, unix.IFLA_GENEVE_REMOTE6}},
	}},
	{Kind: "gre", Attributes: gre},
	{Kind: "gretap", Attributes: gre},
	{Kind: "erspan", Attributes: gre},
	{Kind: "ip6gre", Attributes: gre},
	{Kind: "ip6gretap", Attributes: gre},
	{Kind: "ip6erspan", Attributes: gre},
	{Kind: "ipip", Attributes: tunnel},
	{Kind: "sit", Attributes: tunnel},
	{Kind: "ip6tnl", Attributes: tunnel},
	{Kind: "vti", Attributes: vti},
	{Kind: "vti6", Attributes: vti},
	{Kind: "xfrm", Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{unix.IFLA_XFRM_LINK, unix.IFLA_XFRM_IF_ID}},
	}},
}

// Attributes that several kinds share.
var (
	macvlan = []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{unix.IFLA_MACVLAN_MODE, unix.IFLA_MACVLAN_FLAGS}},
	}
	ipvlan = []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{unix.IFLA_IPVLAN_MODE, unix.IFLA_IPVLAN_FLAGS}},
	}
	gre = []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{uapi.IFLA_GRE_LINK, uapi.IFLA_GRE_IFLAGS, uapi.IFLA_GRE_OFLAGS}},
		{Class: netlink.Address, Types: []uint16{uapi.IFLA_GRE_LOCAL, uapi.IFLA_GRE_REMOTE}},
	}
	tunnel = []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{uapi.IFLA_IPTUN_LINK}},
		{Class: netlink.Address, Types: []uint16{uapi.IFLA_IPTUN_LOCAL, uapi.IFLA_IPTUN_REMOTE}},
	}
	vti = []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{uapi.IFLA_VTI_LINK}},
		{Class: netlink.Address, Types: []uint16{uapi.IFLA_VTI_LOCAL, uapi.IFLA_VTI_REMOTE}},
	}
)
