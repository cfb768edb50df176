package conntrack

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// Messages are the messages that this package reads.
var Messages = []*netlink.MessageKind{&flowMessage}

// The types of messages about flows.
const (
	newType    = unix.NFNL_SUBSYS_CTNETLINK<<8 | uapi.IPCTNL_MSG_CT_NEW
	getType    = unix.NFNL_SUBSYS_CTNETLINK<<8 | uapi.IPCTNL_MSG_CT_GET
	deleteType = unix.NFNL_SUBSYS_CTNETLINK<<8 | uapi.IPCTNL_MSG_CT_DELETE
)

// headerSize is the size of struct nfgenmsg: family, version, and a number that is not used here.
const headerSize = 4

// flowMessage is struct nfgenmsg and the CTA_* of linux/netfilter/nfnetlink_conntrack.h.
var flowMessage = netlink.MessageKind{
	What: "a flow", Protocol: unix.NETLINK_NETFILTER, Types: []uint16{newType}, Header: headerSize,
	Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{
			uapi.CTA_STATUS, uapi.CTA_PROTOINFO, uapi.CTA_TIMEOUT, uapi.CTA_MARK, uapi.CTA_MARK_MASK,
			uapi.CTA_COUNTERS_ORIG, uapi.CTA_COUNTERS_REPLY, uapi.CTA_USE, uapi.CTA_ID, uapi.CTA_SEQ_ADJ_ORIG,
			uapi.CTA_SEQ_ADJ_REPLY, uapi.CTA_ZONE, uapi.CTA_TIMESTAMP, uapi.CTA_LABELS, uapi.CTA_SYNPROXY,
		}},
		{Class: netlink.Nested, Types: []uint16{uapi.CTA_HELP}, Inner: []netlink.AttributeGroup{
			{Class: netlink.Keep, Types: []uint16{uapi.CTA_HELP_NAME}},
		}},
		{Class: netlink.Nested, Inner: flowTuple, Types: []uint16{
			uapi.CTA_TUPLE_ORIG, uapi.CTA_TUPLE_REPLY, uapi.CTA_TUPLE_MASTER,
		}},
		{Class: netlink.Nested, Types: []uint16{uapi.CTA_NAT_SRC, uapi.CTA_NAT_DST}, Inner: []netlink.AttributeGroup{
			{Class: netlink.Address, Types: []uint16{
				uapi.CTA_NAT_V4_MINIP, uapi.CTA_NAT_V4_MAXIP, uapi.CTA_NAT_V6_MINIP, uapi.CTA_NAT_V6_MAXIP,
			}},
			{Class: netlink.Keep, Types: []uint16{uapi.CTA_NAT_PROTO}},
		}},
	},
	Requests: []netlink.RequestKind{{Type: getType, Header: headerSize, ByFamily: true}},
}

// flowTuple are the attributes in CTA_TUPLE_*.
var flowTuple = []netlink.AttributeGroup{
	{Class: netlink.Nested, Types: []uint16{uapi.CTA_TUPLE_IP}, Inner: []netlink.AttributeGroup{
		{Class: netlink.Address, Types: []uint16{
			uapi.CTA_IP_V4_SRC, uapi.CTA_IP_V4_DST, uapi.CTA_IP_V6_SRC, uapi.CTA_IP_V6_DST,
		}},
	}},
	{Class: netlink.Keep, Types: []uint16{uapi.CTA_TUPLE_PROTO, uapi.CTA_TUPLE_ZONE}},
}
