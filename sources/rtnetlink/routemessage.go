package rtnetlink

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// routeMessage is struct rtmsg and the RTA_* of linux/rtnetlink.h. Multicast routes are such messages, too, of other
// families.
var routeMessage = netlink.MessageKind{
	What: "a route", Protocol: unix.NETLINK_ROUTE, Types: []uint16{unix.RTM_NEWROUTE}, Header: unix.SizeofRtMsg,
	Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{
			unix.RTA_IIF, unix.RTA_OIF, unix.RTA_PRIORITY, unix.RTA_METRICS, unix.RTA_FLOW, unix.RTA_CACHEINFO,
			unix.RTA_TABLE, unix.RTA_MARK, unix.RTA_MFC_STATS, unix.RTA_PREF, unix.RTA_ENCAP_TYPE, unix.RTA_EXPIRES,
			unix.RTA_UID, unix.RTA_TTL_PROPAGATE, unix.RTA_IP_PROTO, unix.RTA_SPORT, unix.RTA_DPORT, uapi.RTA_NH_ID,
		}},
		{Class: netlink.Prefix, Types: []uint16{unix.RTA_DST}, Offset: 1}, // rtm_dst_len
		{Class: netlink.Prefix, Types: []uint16{unix.RTA_SRC}, Offset: 2}, // rtm_src_len
		{Class: netlink.Address, Types: []uint16{unix.RTA_GATEWAY, unix.RTA_PREFSRC}},
		{Class: netlink.Address, Types: []uint16{unix.RTA_VIA}, Offset: viaAddress},
		{Class: netlink.Structures, Types: []uint16{unix.RTA_MULTIPATH}, Size: unix.SizeofRtNexthop, Inner: nexthop},
	},
	Requests: []netlink.RequestKind{{
		Type: unix.RTM_GETROUTE, Header: unix.SizeofRtMsg, ByFamily: true,
		Fields: []netlink.Field{
			{Offset: 4, Size: 1}, {Offset: routeProtocol, Size: 1}, {Offset: routeType, Size: 1}, // and rtm_table
		},
		Attributes: []netlink.Condition{
			{Type: unix.RTA_TABLE, Shown: netlink.Shown{Attribute: unix.RTA_TABLE}},
			{Type: unix.RTA_OIF, Shown: netlink.Shown{Hidden: true}}, // a multipath route has it in its nexthops
		},
		// A narrowed dump has either routes or exceptions (ip_valid_fib_dump_req in net/ipv4/fib_frontend.c).
		Choice: &netlink.Choice{Offset: 8, Bit: unix.RTM_F_CLONED}, // rtm_flags
	}},
}

// Where struct rtmsg has rtm_protocol and rtm_type.
const (
	routeProtocol = 5
	routeType     = 7
)

// nexthop are the attributes behind struct rtnexthop, in RTA_MULTIPATH.
var nexthop = []netlink.AttributeGroup{
	{Class: netlink.Keep, Types: []uint16{unix.RTA_FLOW, unix.RTA_ENCAP_TYPE, unix.RTA_TTL_PROPAGATE}},
	{Class: netlink.Address, Types: []uint16{unix.RTA_GATEWAY}},
	{Class: netlink.Address, Types: []uint16{unix.RTA_VIA}, Offset: viaAddress},
}

// viaAddress is where struct rtvia has its address, behind the family.
const viaAddress = 2
