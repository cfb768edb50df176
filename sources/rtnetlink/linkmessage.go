package rtnetlink

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// linkMessage is struct ifinfomsg and the IFLA_* of linux/if_link.h, of a device.
var linkMessage = netlink.MessageKind{
	What: "a link", Protocol: unix.NETLINK_ROUTE, Types: []uint16{unix.RTM_NEWLINK},
	First:  []uint8{unix.AF_UNSPEC, unix.AF_INET, unix.AF_INET6, unix.AF_BRIDGE},
	Header: unix.SizeofIfInfomsg,
	Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{
			unix.IFLA_IFNAME, unix.IFLA_MTU, unix.IFLA_MIN_MTU, unix.IFLA_MAX_MTU, unix.IFLA_LINK, unix.IFLA_MASTER,
			unix.IFLA_QDISC, unix.IFLA_TXQLEN, unix.IFLA_NUM_TX_QUEUES, unix.IFLA_NUM_RX_QUEUES,
			unix.IFLA_STATS, unix.IFLA_STATS64, unix.IFLA_GROUP, unix.IFLA_PROMISCUITY, unix.IFLA_ALLMULTI,
			unix.IFLA_OPERSTATE, unix.IFLA_LINKMODE, unix.IFLA_PROTO_DOWN, unix.IFLA_PROTO_DOWN_REASON,
			unix.IFLA_CARRIER, unix.IFLA_CARRIER_CHANGES, unix.IFLA_CARRIER_UP_COUNT, unix.IFLA_CARRIER_DOWN_COUNT,
			unix.IFLA_GSO_MAX_SEGS, unix.IFLA_GSO_MAX_SIZE, unix.IFLA_GRO_MAX_SIZE, unix.IFLA_TSO_MAX_SIZE,
			unix.IFLA_TSO_MAX_SEGS, unix.IFLA_GSO_IPV4_MAX_SIZE, unix.IFLA_GRO_IPV4_MAX_SIZE,
			unix.IFLA_LINK_NETNSID, unix.IFLA_NEW_NETNSID, unix.IFLA_TARGET_NETNSID, unix.IFLA_NEW_IFINDEX,
			unix.IFLA_PARENT_DEV_NAME, unix.IFLA_PARENT_DEV_BUS_NAME, unix.IFLA_XDP,
			unix.IFLA_MAP, unix.IFLA_WEIGHT, unix.IFLA_NUM_VF, unix.IFLA_EXT_MASK, unix.IFLA_EVENT,
		}},
		{Class: netlink.LinkAddress, Types: []uint16{unix.IFLA_ADDRESS, unix.IFLA_BROADCAST, unix.IFLA_PERM_ADDRESS}},
		{Class: netlink.Text, Types: []uint16{unix.IFLA_IFALIAS}},
		{Class: netlink.Nested, Types: []uint16{unix.IFLA_PROP_LIST}, Inner: []netlink.AttributeGroup{
			{Class: netlink.Text, Types: []uint16{unix.IFLA_ALT_IFNAME}},
		}},
		{Class: netlink.Nested, Types: []uint16{unix.IFLA_LINKINFO}, Inner: linkInfo},
		{Class: netlink.Nested, Types: []uint16{unix.IFLA_AF_SPEC}, Inner: []netlink.AttributeGroup{
			{Class: netlink.Keep, Types: []uint16{unix.AF_INET}},
			{Class: netlink.Nested, Types: []uint16{unix.AF_INET6}, Inner: []netlink.AttributeGroup{
				{Class: netlink.Keep, Types: []uint16{
					unix.IFLA_INET6_FLAGS, unix.IFLA_INET6_CONF, unix.IFLA_INET6_STATS, unix.IFLA_INET6_MCAST,
					unix.IFLA_INET6_CACHEINFO, unix.IFLA_INET6_ICMP6STATS, unix.IFLA_INET6_ADDR_GEN_MODE,
					unix.IFLA_INET6_RA_MTU,
				}},
				{Class: netlink.Address, Types: []uint16{unix.IFLA_INET6_TOKEN}},
			}},
		}},
	},
	Requests: []netlink.RequestKind{
		{
			Type: unix.RTM_GETLINK, First: []uint8{unix.AF_UNSPEC}, Header: unix.SizeofIfInfomsg, Lists: links,
			Bits: linkBits,
		},
		{
			Type: unix.RTM_GETLINK, First: []uint8{unix.AF_UNSPEC}, Header: unix.SizeofIfInfomsg, Lists: links,
			Single: true, Bits: linkBits,
			Fields: []netlink.Field{{Offset: linkIndex, Size: 4, Unrecorded: true}},
			Attributes: []netlink.Condition{
				{Type: unix.IFLA_IFNAME, Shown: netlink.Shown{Attribute: unix.IFLA_IFNAME}, Unrecorded: true},
			},
		},
	},
}

// links names what requests for all links list, and what those for one look up.
const links = "links"

// linkIndex is where struct ifinfomsg has the index.
const linkIndex = 4

var linkBits = []netlink.Bits{{
	Attribute: unix.IFLA_EXT_MASK, Shown: netlink.Shown{Hidden: true}, Inverted: uapi.RTEXT_FILTER_SKIP_STATS,
}}

// linkInfo are the attributes in IFLA_LINKINFO. What a kind of device says of itself, and as a part of another, is in
// attributes that each kind numbers for itself.
var linkInfo = []netlink.AttributeGroup{
	{Class: netlink.Keep, Types: []uint16{unix.IFLA_INFO_KIND, unix.IFLA_INFO_SLAVE_KIND}},
	{
		Class: netlink.Nested, Types: []uint16{unix.IFLA_INFO_DATA}, Inner: shortAttributes,
		KindType: unix.IFLA_INFO_KIND, Kinds: infoDataKinds,
	},
	{Class: netlink.Nested, Types: []uint16{unix.IFLA_INFO_SLAVE_DATA}, Inner: shortAttributes},
}

var shortAttributes = []netlink.AttributeGroup{{Class: netlink.KeepShort, Types: []uint16{netlink.AnyType}}}
