package rtnetlink

import (
	"net/netip"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A Device is a network interface with everything that RTM_GETLINK tells of it: struct ifinfomsg and the IFLA_*
// attributes of linux/if_link.h. It owns its memory.
//
// Values are the kernel's own. A field whose attribute is missing is zero; Has tells it from one that is zero.
type Device struct {
	Link
	Type  uint16 // ARPHRD_* of linux/if_arp.h
	Flags uint32 // IFF_* of linux/if.h

	OperState, LinkMode uint8 // IF_OPER_* and IF_LINK_MODE_* of linux/if.h
	Carrier             bool  // meaningless while the device is down
	CarrierChanges      uint32
	CarrierUps          uint32
	CarrierDowns        uint32
	ProtoDown           bool // a protocol such as VRRP or MLAG keeps the device down

	MTU, MinMTU, MaxMTU uint32 // bytes; a limit of 0 is none
	TxQueueLength       uint32 // packets
	TxQueues, RxQueues  uint32
	GSOMaxSize          uint32 // bytes
	GSOMaxSegments      uint32
	GROMaxSize          uint32 // bytes
	TSOMaxSize          uint32 // bytes
	Qdisc               string // of the root

	Group       uint32
	Promiscuity uint32 // how many users have asked for promiscuous mode
	AllMulti    uint32 // how many users have asked for all multicast
	Alias       string
	AltNames    []string

	Address, PermanentAddress, Broadcast string // raw link-layer addresses

	Master         uint32 // index of the bridge, bond or VRF that it is part of
	Lower          uint32 // index of the device below, or of the other end of a pair
	LowerNamespace int32  // the nsid of the namespace in which Lower is, if HasLowerNamespace

	Parent, ParentBus string // the hardware, such as 0000:00:03.0 on pci
	Kind              string // of a virtual device: "veth", "bridge" ...
	SlaveKind         string // of its master
	Detail            Detail
	XDP               XDP
	Counters          Counters

	netlink.Present[Attribute]
}

// HasLowerNamespace says that Lower is in another network namespace.
func (d *Device) HasLowerNamespace() bool {
	return d.Has(unix.IFLA_LINK_NETNSID) && d.LowerNamespace >= 0
}

// Detail is what a few kinds of devices tell about themselves (IFLA_INFO_DATA).
type Detail struct {
	VLAN          uint16 // of a vlan: its number
	VNI           uint32 // of a vxlan or geneve: its network identifier
	HasVNI        bool
	Table         uint32 // of a vrf: its routing table
	Mode          uint32 // of a bond, macvlan, macvtap, ipvlan or tun: the kernel's number for it
	HasMode       bool
	Local, Remote netip.Addr // the ends of a tunnel
}

// XDP is the program that the eXpress Data Path runs on received packets (IFLA_XDP).
type XDP struct {
	Mode    uint8  // XDP_ATTACHED_*: 0 none, 1 in the driver, 2 generic, 3 in the hardware, 4 more than one of these
	Program uint32 // the program's id; of several programs, that of the fastest mode
}

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
