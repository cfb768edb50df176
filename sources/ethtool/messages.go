package ethtool

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// Messages are the messages of generic netlink that this package reads.
var Messages = []*netlink.MessageKind{
	&familyMessage, &linkModesMessage, &ringsMessage, &channelsMessage, &pauseMessage,
}

// familyMessage is what generic netlink's controller says of a family: struct genlmsghdr and the CTRL_ATTR_* of
// linux/genetlink.h.
var familyMessage = netlink.MessageKind{
	What: "a family of generic netlink", Protocol: unix.NETLINK_GENERIC, Types: []uint16{unix.GENL_ID_CTRL},
	Header: unix.GENL_HDRLEN,
	Attributes: []netlink.AttributeGroup{{Class: netlink.Keep, Types: []uint16{
		unix.CTRL_ATTR_FAMILY_ID, unix.CTRL_ATTR_FAMILY_NAME, netlink.AnyType,
	}}},
	Requests: []netlink.RequestKind{{Type: unix.GENL_ID_CTRL, Single: true}},
}

// The answers about a device: struct genlmsghdr and the ETHTOOL_A_* of linux/ethtool_netlink.h. All that these tell
// are modes, sizes, and which device it is.
var (
	linkModesMessage = netlink.MessageKind{
		What: "a message about link modes", Protocol: unix.NETLINK_GENERIC, Generic: unix.ETHTOOL_GENL_NAME,
		First: []uint8{unix.ETHTOOL_MSG_LINKMODES_GET_REPLY}, Header: unix.GENL_HDRLEN,
		Attributes: []netlink.AttributeGroup{{Class: netlink.Keep, Types: []uint16{
			unix.ETHTOOL_A_LINKMODES_SPEED, unix.ETHTOOL_A_LINKMODES_DUPLEX, unix.ETHTOOL_A_LINKMODES_AUTONEG,
			unix.ETHTOOL_A_LINKMODES_LANES, netlink.AnyType,
		}}},
		Requests: []netlink.RequestKind{{First: []uint8{unix.ETHTOOL_MSG_LINKMODES_GET}, Single: true}},
	}
	ringsMessage = netlink.MessageKind{
		What: "a message about rings", Protocol: unix.NETLINK_GENERIC, Generic: unix.ETHTOOL_GENL_NAME,
		First: []uint8{unix.ETHTOOL_MSG_RINGS_GET_REPLY}, Header: unix.GENL_HDRLEN,
		Attributes: []netlink.AttributeGroup{{Class: netlink.Keep, Types: []uint16{
			unix.ETHTOOL_A_RINGS_RX, unix.ETHTOOL_A_RINGS_RX_MAX, unix.ETHTOOL_A_RINGS_TX, unix.ETHTOOL_A_RINGS_TX_MAX,
			netlink.AnyType,
		}}},
		Requests: []netlink.RequestKind{{First: []uint8{unix.ETHTOOL_MSG_RINGS_GET}, Single: true}},
	}
	channelsMessage = netlink.MessageKind{
		What: "a message about channels", Protocol: unix.NETLINK_GENERIC, Generic: unix.ETHTOOL_GENL_NAME,
		First: []uint8{unix.ETHTOOL_MSG_CHANNELS_GET_REPLY}, Header: unix.GENL_HDRLEN,
		Attributes: []netlink.AttributeGroup{{Class: netlink.Keep, Types: []uint16{
			unix.ETHTOOL_A_CHANNELS_RX_COUNT, unix.ETHTOOL_A_CHANNELS_RX_MAX, unix.ETHTOOL_A_CHANNELS_TX_COUNT,
			unix.ETHTOOL_A_CHANNELS_TX_MAX, unix.ETHTOOL_A_CHANNELS_COMBINED_COUNT,
			unix.ETHTOOL_A_CHANNELS_COMBINED_MAX, netlink.AnyType,
		}}},
		Requests: []netlink.RequestKind{{First: []uint8{unix.ETHTOOL_MSG_CHANNELS_GET}, Single: true}},
	}
	pauseMessage = netlink.MessageKind{
		What: "a message about flow control", Protocol: unix.NETLINK_GENERIC, Generic: unix.ETHTOOL_GENL_NAME,
		First: []uint8{unix.ETHTOOL_MSG_PAUSE_GET_REPLY}, Header: unix.GENL_HDRLEN,
		Attributes: []netlink.AttributeGroup{{Class: netlink.Keep, Types: []uint16{
			unix.ETHTOOL_A_PAUSE_AUTONEG, unix.ETHTOOL_A_PAUSE_RX, unix.ETHTOOL_A_PAUSE_TX, netlink.AnyType,
		}}},
		Requests: []netlink.RequestKind{{First: []uint8{unix.ETHTOOL_MSG_PAUSE_GET}, Single: true}},
	}
)
