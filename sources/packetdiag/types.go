// Package packetdiag lists packet sockets as the kernel's socket diagnostics see them (linux/packet_diag.h,
// net/packet/diag.c, packet(7)).
package packetdiag

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
	"netql/sources/sockdiag"
)

// A Socket is one packet socket: struct packet_diag_msg and the attributes behind it. It owns its memory.
type Socket struct {
	Type     uint8  // unix.SOCK_RAW, with the link-layer header, or SOCK_DGRAM without
	Protocol uint16 // the EtherType that it receives (linux/if_ether.h), in the machine's byte order; 0 for none
	Inode    uint32
	Cookie   uint64 // identifies the socket as long as the system runs

	// The fields below are valid only if Has is true for their attributes.

	Info           Info
	UID            uint32
	Memberships    []Membership
	RXRing, TXRing Ring             // the memory that the program shares with the kernel
	Fanout         Fanout           // the group of sockets that shares the packets
	Memory         *sockdiag.Memory // nil if absent
	Filter         int              // instructions of its classic BPF filter; 0 too if we may not know (CAP_NET_ADMIN)

	netlink.Present[Attribute]
}

// Info is struct packet_diag_info.
type Info struct {
	Interface uint32 // index of the interface it is bound to, 0 if to none
	Version   uint32 // of its rings: TPACKET_V1 is 0
	Flags     Flags
}

// Flags are the PDI_* of linux/packet_diag.h.
type Flags uint32

// FlagRunning is PDI_RUNNING: the socket receives packets.
const FlagRunning Flags = 1

// A Membership is a struct packet_diag_mclist: what an interface receives because this socket asked for it.
type Membership struct {
	Interface uint32
	Type      uint16 // PACKET_MR_* of linux/if_packet.h
	Address   string // the bytes of a link-layer address, of MembershipMulticast and MembershipUnicast
}

// Types of memberships.
const (
	MembershipMulticast   = unix.PACKET_MR_MULTICAST
	MembershipPromiscuous = unix.PACKET_MR_PROMISC
	MembershipUnicast     = unix.PACKET_MR_UNICAST
)

// A Ring is struct packet_diag_ring, of which the sizes of blocks, in bytes, and the numbers of blocks and frames are
// read.
type Ring struct{ BlockSize, Blocks, Frames uint32 }

// A Fanout is the group of PACKET_FANOUT: its number, and how it shares the packets out (PACKET_FANOUT_* of
// linux/if_packet.h).
type Fanout struct {
	ID   uint16
	Type uint8
}

// Attribute is an attribute of an answer: PACKET_DIAG_* of linux/packet_diag.h.
type Attribute uint16

// The attributes.
const (
	AttrInfo        Attribute = uapi.PACKET_DIAG_INFO
	AttrMemberships Attribute = uapi.PACKET_DIAG_MCLIST
	AttrRXRing      Attribute = uapi.PACKET_DIAG_RX_RING
	AttrTXRing      Attribute = uapi.PACKET_DIAG_TX_RING
	AttrFanout      Attribute = uapi.PACKET_DIAG_FANOUT
	AttrUID         Attribute = uapi.PACKET_DIAG_UID // with ShowInfo
	AttrMemory      Attribute = uapi.PACKET_DIAG_MEMINFO
	AttrFilter      Attribute = uapi.PACKET_DIAG_FILTER
)

// Show says which attributes to ask for: PACKET_SHOW_*.
type Show uint32

// What may be asked for.
const (
	ShowInfo Show = 1 << iota
	ShowMemberships
	ShowRings
	ShowFanout
	ShowMemory
	ShowFilter
)
