// Package unixdiag lists unix sockets as the kernel's socket diagnostics see them (linux/unix_diag.h,
// net/unix/diag.c).
package unixdiag

import (
	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
	"netql/sources/sockdiag"
)

// A Socket is one unix socket: struct unix_diag_msg and the attributes behind it. It owns its memory.
//
// A connection that nobody has accepted yet has no inode, and the kernel does not list it; it lists the client at the
// other end, and counts the connection in the listener's queue.
type Socket struct {
	Type   uint8 // unix.SOCK_STREAM, SOCK_DGRAM or SOCK_SEQPACKET
	State  State
	Inode  uint32
	Cookie uint64 // identifies the socket as long as the system runs

	// The fields below are valid only if Has is true for their attributes.

	// Name is what it is bound to: a path, or an abstract name, which begins with NUL and may hold any byte.
	Name                string
	VFSInode, VFSDevice uint32   // the file at that path; the device as the kernel counts: major<<20 | minor
	Peer                uint32   // the inode of the other end; 0 while nobody has accepted the connection
	Pending             []uint32 // of a listener: the inodes of the clients that wait for accept

	// RecvQueue are bytes to read, SendQueue is the memory of what the peer has not read; of a listener: how many
	// connections wait, and may wait.
	RecvQueue, SendQueue uint32
	Memory               *sockdiag.Memory // nil if absent
	Shutdown             uint8            // net/sock.h: RCV_SHUTDOWN is 1, SEND_SHUTDOWN 2
	UID                  uint32

	netlink.Present[Attribute]
}

// State is a socket's state. The numbers are those of net/tcp_states.h.
type State uint8

// The states that unix sockets have.
const (
	Established State = 1
	Closed      State = 7 // not connected, and not listening
	Listen      State = 10
)

// AllStates is any state, those of later kernels included.
const AllStates = ^uint32(0)

// Attribute is an attribute of an answer: UNIX_DIAG_* of linux/unix_diag.h.
type Attribute uint16

// The attributes. AttrShutdown comes by itself, the others if asked for.
const (
	AttrName     Attribute = uapi.UNIX_DIAG_NAME
	AttrVFS      Attribute = uapi.UNIX_DIAG_VFS
	AttrPeer     Attribute = uapi.UNIX_DIAG_PEER
	AttrPending  Attribute = uapi.UNIX_DIAG_ICONS
	AttrQueues   Attribute = uapi.UNIX_DIAG_RQLEN
	AttrMemory   Attribute = uapi.UNIX_DIAG_MEMINFO
	AttrShutdown Attribute = uapi.UNIX_DIAG_SHUTDOWN
	AttrUID      Attribute = uapi.UNIX_DIAG_UID // Linux 5.3
)

// Show says which attributes to ask for: UDIAG_SHOW_*.
type Show uint32

// What may be asked for. Pending is for listeners alone; one with thousands of clients that wait does not fit the
// answer, and the kernel ends the list there without a word, so ask for it apart.
const (
	ShowName Show = 1 << iota
	ShowVFS
	ShowPeer
	ShowPending
	ShowQueues
	ShowMemory
	ShowUID
)
