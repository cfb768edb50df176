package inetdiag

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// Messages are the messages that this package reads.
var Messages = []*netlink.MessageKind{&socketMessage}

// socketMessage is struct inet_diag_msg, which has never changed, and the INET_DIAG_* of linux/inet_diag.h. A
// redacted capture lacks the addresses of SCTP, the keys of TCP-MD5, and what programs of BPF store.
var socketMessage = netlink.MessageKind{
	What: "a socket", Protocol: unix.NETLINK_SOCK_DIAG,
	Types: []uint16{unix.SOCK_DIAG_BY_FAMILY, uapi.TCPDIAG_GETSOCK},
	First: families, Header: 72, Addresses: []int{8, 24}, // id.idiag_src, id.idiag_dst
	Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{
			uapi.INET_DIAG_MEMINFO, uapi.INET_DIAG_INFO, uapi.INET_DIAG_VEGASINFO, uapi.INET_DIAG_CONG,
			uapi.INET_DIAG_TOS, uapi.INET_DIAG_TCLASS, uapi.INET_DIAG_SKMEMINFO, uapi.INET_DIAG_SHUTDOWN,
			uapi.INET_DIAG_DCTCPINFO, uapi.INET_DIAG_PROTOCOL, uapi.INET_DIAG_SKV6ONLY, uapi.INET_DIAG_PAD,
			uapi.INET_DIAG_MARK, uapi.INET_DIAG_BBRINFO, uapi.INET_DIAG_CLASS_ID, uapi.INET_DIAG_ULP_INFO,
			uapi.INET_DIAG_CGROUP_ID, uapi.INET_DIAG_SOCKOPT,
		}},
		{Class: netlink.Drop, Types: []uint16{
			uapi.INET_DIAG_LOCALS, uapi.INET_DIAG_PEERS, uapi.INET_DIAG_MD5SIG, uapi.INET_DIAG_SK_BPF_STORAGES,
		}},
	},
	Requests: []netlink.RequestKind{
		{
			Type: unix.SOCK_DIAG_BY_FAMILY, First: families, SocketProtocol: TCP, Header: requestSize, ByFamily: true,
			Lists: tcpSockets,
			Bits: []netlink.Bits{
				{Offset: 2, Size: 1, Shown: netlink.Shown{Hidden: true}}, // idiag_ext
				{Offset: 4, Size: 4, Shown: state, ShownAs: boundAsClosed, Recorded: recordedStates},
			},
			Fields: ports, Attributes: filterProgram,
		},
		{
			Type: uapi.TCPDIAG_GETSOCK, Header: legacyRequestSize, ByFamily: true, Lists: tcpSockets,
			Bits: []netlink.Bits{
				{Offset: 3, Size: 1, Shown: netlink.Shown{Hidden: true}},
				{Offset: 52, Size: 4, Shown: state, ShownAs: boundAsClosed, Recorded: recordedStates},
			},
			Fields: legacyPorts, Attributes: filterProgram,
		},
		{
			Type: unix.SOCK_DIAG_BY_FAMILY, First: families, Header: requestSize, ByFamily: true,
			Bits: []netlink.Bits{
				{Offset: 2, Size: 1, Shown: netlink.Shown{Hidden: true}},
				{Offset: 4, Size: 4, Shown: state, Recorded: recordedStates},
			},
			Fields: ports, Attributes: filterProgram,
		},
	},
}

const (
	requestSize       = 56 // struct inet_diag_req_v2
	legacyRequestSize = 60 // struct inet_diag_req
	tcpSockets        = "TCP sockets"
)

// recordedStates are the states that a recorder asks for, whatever the query asked for.
const recordedStates = uint64(AllStates | 1<<BoundInactive)

// Parts that several kinds of requests share.
var (
	families      = []uint8{unix.AF_INET, unix.AF_INET6}
	state         = netlink.Shown{Offset: 1} // idiag_state
	filterProgram = []netlink.Condition{
		{Type: uapi.INET_DIAG_REQ_BYTECODE, Shown: netlink.Shown{Hidden: true}, Unrecorded: true},
	}
	// id.idiag_sport and id.idiag_dport, which messages have at 4 and 6, of the two kinds of requests.
	ports = []netlink.Field{
		{Offset: 8, Size: 2, Moved: -4, Unrecorded: true}, {Offset: 10, Size: 2, Moved: -4, Unrecorded: true},
	}
	legacyPorts = []netlink.Field{{Offset: 4, Size: 2, Unrecorded: true}, {Offset: 6, Size: 2, Unrecorded: true}}
	// The kernel lists no closed sockets of TCP, but shows those that are bound and idle as such.
	boundAsClosed = []netlink.Alias{{Bit: uint8(BoundInactive), Shown: uint8(Closed)}}
)
