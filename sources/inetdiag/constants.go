package inetdiag

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink/uapi"
)

// The protocols with a diag module in Linux (linux/in.h). Each module is optional.
const (
	TCP     = unix.IPPROTO_TCP
	UDP     = unix.IPPROTO_UDP
	SCTP    = unix.IPPROTO_SCTP
	UDPLite = unix.IPPROTO_UDPLITE
	Raw     = unix.IPPROTO_RAW
	MPTCP   = unix.IPPROTO_MPTCP
)

// State is a socket's state, numbered as in net/tcp_states.h. Other protocols use TCP's numbers.
type State uint8

// The states. The twelfth, TCP_NEW_SYN_RECV, is never shown: to users it is SynReceived.
const (
	Established State = iota + 1 // UDP: connected
	SynSent
	SynReceived
	FinWait1
	FinWait2
	TimeWait
	Closed // UDP, raw: not connected
	CloseWait
	LastAck
	Listen
	Closing
	_
	BoundInactive // bound, neither listening nor connecting; Linux 6.8
)

// StateSet is a set of states: what the kernel calls TCPF_*.
type StateSet uint32

// AllStates is every state but BoundInactive, which costs the kernel a walk of its own.
const AllStates StateSet = 1<<(Closing+1) - 1<<Established

// States makes a set.
func States(states ...State) StateSet {
	var set StateSet
	for _, s := range states {
		set |= 1 << s
	}
	return set
}

// Has says whether the set holds a state.
func (set StateSet) Has(s State) bool { return set&(1<<s) != 0 }

// Timer is the timer a TCP socket waits for (idiag_timer, set in net/ipv4/inet_diag.c).
type Timer uint8

// The timers.
const (
	TimerOff        Timer = iota
	TimerRetransmit       // retransmission, early retransmission, tail loss probe, reordering
	TimerKeepalive        // also the wait of SYN_RECEIVED
	TimerTimeWait
	TimerProbe // zero window probe
)

// Attribute is an attribute of an answer: INET_DIAG_* of linux/inet_diag.h.
type Attribute uint16

// The attributes read. Those with a Want below come if asked for; the others come by themselves.
const (
	AttrInfo       Attribute = uapi.INET_DIAG_INFO
	AttrCongestion Attribute = uapi.INET_DIAG_CONG
	AttrTOS        Attribute = uapi.INET_DIAG_TOS
	AttrTClass     Attribute = uapi.INET_DIAG_TCLASS
	AttrMemory     Attribute = uapi.INET_DIAG_SKMEMINFO
	AttrShutdown   Attribute = uapi.INET_DIAG_SHUTDOWN // not of TIME_WAIT and SYN_RECEIVED
	AttrV6Only     Attribute = uapi.INET_DIAG_SKV6ONLY // AF_INET6 only, listening or unconnected
	AttrBBR        Attribute = uapi.INET_DIAG_BBRINFO
	AttrMark       Attribute = uapi.INET_DIAG_MARK      // for CAP_NET_ADMIN only
	AttrULP        Attribute = uapi.INET_DIAG_ULP_INFO  // TCP only, where one is set
	AttrCgroupID   Attribute = uapi.INET_DIAG_CGROUP_ID // Linux 5.9
)

// Extensions are the attributes to ask for: idiag_ext, a bit for each of the first eight.
type Extensions uint8

// The extensions. Each costs the kernel time for every socket.
const (
	WantInfo       Extensions = 1 << (AttrInfo - 1)
	WantCongestion Extensions = 1 << (AttrCongestion - 1)
	WantTOS        Extensions = 1 << (AttrTOS - 1)
	WantTClass     Extensions = 1 << (AttrTClass - 1)
	WantMemory     Extensions = 1 << (AttrMemory - 1)

	// WantBBR asks for AttrBBR, whose number is too high for a bit of its own: this one, Vegas', asks each congestion
	// control for what it has to tell.
	WantBBR Extensions = 1 << (uapi.INET_DIAG_VEGASINFO - 1)
)
