package rtnetlink

import "golang.org/x/sys/unix"

// An Attribute is one that a device may have or lack: IFLA_* of linux/if_link.h.
type Attribute uint16

// The attributes whose fields may be zero, so that Has must tell.
const (
	AttrMTU            Attribute = unix.IFLA_MTU
	AttrTxQueueLength  Attribute = unix.IFLA_TXQLEN
	AttrOperState      Attribute = unix.IFLA_OPERSTATE
	AttrLinkMode       Attribute = unix.IFLA_LINKMODE
	AttrGroup          Attribute = unix.IFLA_GROUP
	AttrPromiscuity    Attribute = unix.IFLA_PROMISCUITY
	AttrTxQueues       Attribute = unix.IFLA_NUM_TX_QUEUES
	AttrRxQueues       Attribute = unix.IFLA_NUM_RX_QUEUES
	AttrCarrier        Attribute = unix.IFLA_CARRIER
	AttrCarrierChanges Attribute = unix.IFLA_CARRIER_CHANGES
	AttrProtoDown      Attribute = unix.IFLA_PROTO_DOWN
	AttrGSOMaxSegments Attribute = unix.IFLA_GSO_MAX_SEGS
	AttrGSOMaxSize     Attribute = unix.IFLA_GSO_MAX_SIZE
	AttrCarrierUps     Attribute = unix.IFLA_CARRIER_UP_COUNT
	AttrCarrierDowns   Attribute = unix.IFLA_CARRIER_DOWN_COUNT
	AttrGROMaxSize     Attribute = unix.IFLA_GRO_MAX_SIZE
	AttrTSOMaxSize     Attribute = unix.IFLA_TSO_MAX_SIZE
	AttrAllMulti       Attribute = unix.IFLA_ALLMULTI
)

// FlagUp is IFF_UP of linux/if.h: the administrator wants the device to work.
const FlagUp = unix.IFF_UP
