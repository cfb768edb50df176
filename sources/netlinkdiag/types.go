// Package netlinkdiag lists netlink sockets as the kernel's socket diagnostics see them (linux/netlink_diag.h,
// net/netlink/diag.c, netlink(7)).
package netlinkdiag

import (
	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
	"netql/sources/sockdiag"
)

// A Socket is one netlink socket: struct netlink_diag_msg and the attributes behind it. It owns its memory.
type Socket struct {
	Protocol  uint8  // NETLINK_* of linux/netlink.h
	State     State  // whether it has a peer
	Port      uint32 // its own address, nl_pid; 0 is the kernel's, or none yet
	PeerPort  uint32 // of a connected one: where it sends to; 0 is the kernel
	PeerGroup uint32 // of a connected one: the multicast group it sends to, 0 for none
	Inode     uint32
	Cookie    uint64           // identifies the socket as long as the system runs
	Memory    *sockdiag.Memory // nil if absent
	Groups    []uint32         // the multicast groups that it is in, counted from 1
	Flags     Flags

	netlink.Present[Attribute]
}

// State is a socket's state.
type State uint8

// Connected is NETLINK_CONNECTED of net/netlink/af_netlink.c; any other state is unconnected.
const Connected State = 1

// Flags are the NDIAG_FLAG_* of linux/netlink_diag.h.
type Flags uint32

// FlagDumping is NDIAG_FLAG_CB_RUNNING: a list is being written to the socket.
const FlagDumping Flags = 1

// Attribute is an attribute of an answer: NETLINK_DIAG_* of linux/netlink_diag.h. The rings of old kernels, which
// nothing used, are not read.
type Attribute uint16

// The attributes.
const (
	AttrMemory Attribute = uapi.NETLINK_DIAG_MEMINFO
	AttrGroups Attribute = uapi.NETLINK_DIAG_GROUPS // where it ever was in one
	AttrFlags  Attribute = uapi.NETLINK_DIAG_FLAGS  // Linux 4.20
)

// Show says which attributes to ask for: NDIAG_SHOW_*.
type Show uint32

// What may be asked for.
const (
	ShowMemory Show = 1 << 0
	ShowGroups Show = 1 << 1
	ShowFlags  Show = 1 << 3
)
