package tables

import (
	"net/netip"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/sources/inetdiag"
	"netql/sources/sockdiag"
)

// socket is a row of sockets.
type socket struct {
	*inetdiag.Socket
	facts *socketFacts
	proto string
	gone  *rememberedOwner // of an event, which says that the kernel has destroyed the socket; else nil

	drops    uint64 // by /proc/net; socket diagnostics have them in Memory
	hasDrops bool
}

// states are the states of sockets: those of RFC 9293, then words of ss for states that the RFC does not have.
func states() *schema.Vocabulary {
	return schema.NewVocabulary(
		schema.Word{Name: "LISTEN", Aliases: []string{"LISTENING"}},
		schema.Word{Name: "SYN_SENT", Aliases: []string{"SYN_SEND"}, Level: schema.Busy},
		schema.Word{Name: "SYN_RECEIVED", Aliases: []string{"SYN_RECV", "SYN_RCVD"}, Level: schema.Busy},
		schema.Word{Name: "ESTABLISHED", Aliases: []string{"ESTAB"}, Level: schema.Good},
		schema.Word{Name: "FIN_WAIT_1", Aliases: []string{"FIN_WAIT1"}, Level: schema.Busy},
		schema.Word{Name: "FIN_WAIT_2", Aliases: []string{"FIN_WAIT2"}, Level: schema.Busy},
		schema.Word{Name: "CLOSE_WAIT", Aliases: []string{"CLOSEWAIT"}, Level: schema.Bad},
		schema.Word{Name: "CLOSING", Level: schema.Busy},
		schema.Word{Name: "LAST_ACK", Aliases: []string{"LASTACK"}, Level: schema.Busy},
		schema.Word{Name: "TIME_WAIT", Aliases: []string{"TIMED_WAIT", "TIMEWAIT"}},
		schema.Word{Name: "CLOSED", Aliases: []string{"CLOSE"}},
		schema.Word{Name: "UNCONN", Aliases: []string{"UNCONNECTED"}},
		schema.Word{Name: "BOUND_INACTIVE", Aliases: []string{"BOUND"}},
	)
}

// socketsTable declares the table of IP sockets.
func socketsTable() *query.Table {
	return query.Define(query.Spec[socket]{
		Doc: "An IP socket: TCP, UDP, UDP-Lite, raw, ICMP (ping), MPTCP and SCTP, in both address families. " +
			"Servers of TCP are in state LISTEN; servers of UDP are in state UNCONN, because UDP has no LISTEN. " +
			"Of raw sockets most kernels tell only what is in /proc/net/raw: no interface, cookie, mark, cgroup, " +
			"type of service or memory.",
		Examples: []string{
			"sockets state == LISTEN | select laddr, lport, process | sort lport",
			"sockets proto == udp and state == UNCONN | select local, process",
			"sockets lport == ssh or rport == ssh",
			"sockets state == ESTABLISHED | group by process: n = count(), p95(rtt), sum(bytes_sent) | sort n desc",
			"sockets state == CLOSE_WAIT | count by process",
			"sockets raddr in 10.0.0.0/8 and rtt > 5ms | top 10 by rtt",
			"sockets state == LISTEN | where accept_queue > 0.8 * accept_backlog",
			"sockets recv_queue > 64KiB or send_queue > 1MiB | select process, raddr, rport, recv_queue, send_queue",
			"sockets pid == nil and state == LISTEN | select lport, owner_status",
			`sockets any(owners, .process == "nginx") | select local, owners`,
		},
		Columns: slices.Concat(query.Section("socket", identityColumns()...),
			query.Section("queues", queueColumns()...), query.Section("TCP", append(tcpColumns(), endColumn())...),
			query.Section("owner", append(ownerColumns[socket](), placeColumns()...)...)),
		Shown: []string{"proto", "state", "local", "remote", "overflow", "pid", "process"},
		Quiet: []string{"overflow"}, // most have room, and the window has little
		Spare: []string{"pid", "proto"},
		Named: []string{"overflow"},
		// The kernel copies cookies (see distinct), and a socket that is not accepted yet, or no longer held, has no
		// inode.
		Key: []string{"cookie", "inode", "local", "remote"},
		Events: "Sockets of TCP and UDP are gone when the kernel destroys them, with what they were at the end; a " +
			"connection in TIME_WAIT when it enters that state. New ones are not told, nor when one began. Owners " +
			"are those that a list of all sockets had, which is made when following begins and every two seconds " +
			"after that, or less often where a list takes longer than a tenth of a second. They are unknown " +
			"(owner_status unlisted) of a socket that came and went between two lists, and of one whose event is " +
			"read so late that two lists were made since.",
		EventsShown: []string{
			"local", "remote", "end", "bytes_sent", "bytes_received", "rtt", "loss", "process",
		},
		EventsSpare: []string{"event", "bytes_received", "local", "loss", "rtt", "bytes_sent"},
		Follow:      followSockets,
		Scan:        planSockets,
	})
}

// identityColumns are the columns of which socket it is.
func identityColumns() []query.Column[socket] {
	return append([]query.Column[socket]{
		query.Enum("proto", "The transport protocol; icmp is a ping socket, of both families.",
			protocolWords(), func(s *socket) string { return s.proto }),
		query.Enum("family", "The address family of the socket; an IPv6 socket may carry IPv4 traffic.",
			families(), func(s *socket) string { return familyName(s.Family) }),
		query.Enum("state", "The state as RFC 9293 names it; datagram sockets are ESTABLISHED when connected, else "+
			"UNCONN; BOUND_INACTIVE, a TCP socket that is bound and idle, is listed only where a query names it.",
			states(), func(s *socket) string { return stateName(s.Protocol, s.State) }),
		query.Col("laddr", "The local address; 0.0.0.0 or :: where any will do.", (*socket).localAddr).PartOf("local").
			Synonyms("local_addr", "local_address", "src_addr", "saddr", "src_ip", "local_ip"),
		query.Col("lport", "The local port; a raw socket's is its IP protocol number.",
			func(s *socket) query.Port { return query.Port(s.Local.Port()) }).PartOf("local").
			Synonyms("port", "local_port", "src_port", "sport", "source_port"),
		query.Col("raddr", "The peer's address; NULL where there is no peer.", (*socket).remoteAddr).
			PartOf("remote").Synonyms("remote_addr", "remote_address", "dst_addr", "daddr", "dst_ip", "remote_ip"),
		query.Col("rport", "The peer's port; NULL where there is no peer.",
			func(s *socket) query.Port { return query.Port(s.Remote.Port()) }).PartOf("remote").
			Synonyms("remote_port", "dst_port", "dport", "peer_port", "dest_port"),
		query.Col("local", "The local address and port.",
			func(s *socket) netip.AddrPort { return netip.AddrPortFrom(s.localAddr(), s.Local.Port()) }),
		query.Col("remote", "The peer's address and port.",
			func(s *socket) netip.AddrPort { return netip.AddrPortFrom(s.remoteAddr(), s.Remote.Port()) }),
		query.NonZero("interface", "The interface that the socket is bound to (SO_BINDTODEVICE, or a link-local "+
			"address).", func(s *socket) string { return s.facts.interfaceName(s.Interface) }),
		query.Opt("uid", "The user who made the socket; NULL where the kernel no longer, or not yet, knows.",
			func(s *socket) (uint32, bool) { return s.UID, s.Inode != 0 }),
		query.NonZero("user", "The user's name in /etc/passwd.",
			func(s *socket) string { return s.facts.userName(s.UID) }).When((*socket).hasInode),
		query.NonZero("inode", "The socket's inode, by which /proc/PID/fd names it; NULL where no process can have "+
			"it.", func(s *socket) uint32 { return s.Inode }),
		query.NonZero("cookie", "The kernel's number for the socket, never used twice, but for connections of MPTCP, "+
			"which may have their listener's; NULL where /proc/net answers.",
			func(s *socket) uint64 { return s.Cookie }),
		query.Opt("mark", "The packet mark (SO_MARK); the kernel tells it to CAP_NET_ADMIN only.",
			func(s *socket) (uint32, bool) { return s.Mark, s.Has(inetdiag.AttrMark) }).In(schema.Bits),
		query.NonZero("cgroup", "The control group (v2) in which the socket was made.",
			func(s *socket) string { return s.facts.cgroupPath(s.CgroupID) }),
		query.NonZero("netns", "The network namespace: its name under /run/netns, else its inode number.",
			func(s *socket) string { return s.facts.namespaceName() }),
		query.Opt("v6only", "Whether an IPv6 socket refuses IPv4 (IPV6_V6ONLY).",
			func(s *socket) (bool, bool) { return s.V6Only, s.Has(inetdiag.AttrV6Only) }),
		flagsOf("shutdown", "The directions that are closed (shutdown(2)); NULL where none is.",
			bits(1, "receive", "send"), func(s *socket) uint8 { return s.Shutdown }),
	}, withExtension(inetdiag.WantTOS|inetdiag.WantTClass,
		query.Opt("tos", "The IPv4 type of service, or IPv6 traffic class, of what is sent (IP_TOS, IPV6_TCLASS).",
			(*socket).serviceType))...)
}

// queueColumns are the columns of queues, timers, drops and memory.
func queueColumns() []query.Column[socket] {
	return slices.Concat([]query.Column[socket]{
		query.Opt("recv_queue", "Bytes received that the program has not read yet; NULL for a listener.",
			func(s *socket) (uint32, bool) { return s.RecvQueue, !s.listens() }).In(schema.Bytes).Gauge(),
		query.Opt("send_queue", "Bytes written that the peer has not acknowledged yet; NULL for a listener.",
			func(s *socket) (uint32, bool) { return s.SendQueue, !s.listens() }).In(schema.Bytes).Gauge(),
		query.Opt("accept_queue", "Connections that wait for the listener to accept them, at most one "+
			"more than accept_backlog; NULL for other sockets.",
			func(s *socket) (uint32, bool) { return s.RecvQueue, s.listens() }).In(schema.Connections).Gauge(),
		query.Opt("accept_backlog", "How many connections may wait for the listener, as in listen(2); accept_queue "+
			"is how many do, backlog is memory. NULL for other sockets, and where /proc/net answers.",
			(*socket).acceptBacklog).In(schema.Connections),
		query.Opt("overflow", "Whether the listener's accept queue is full, so that the kernel drops further "+
			"connections (TcpExt ListenOverflows); NULL for other sockets, and where /proc/net answers.",
			(*socket).overflows).Gauge().Alarm().Synonyms("accept_full", "queue_full", "accept_overflow"),
		query.Enum("timer", "The timer that runs: retransmit, keepalive, time_wait, or probe of a zero window.",
			schema.Words("retransmit", "keepalive", "time_wait", "probe"),
			func(s *socket) string { return timerNames[s.Timer] }).Gauge(),
		query.Opt("timer_expires", "When the timer fires.",
			func(s *socket) (time.Duration, bool) { return max(0, s.Expires), s.timerRuns() }).Gauge(),
		query.Opt("retransmits", "How often the timer that runs has fired in vain: retransmissions or probes "+
			"without an answer so far; total_retrans counts all, loss is their share.",
			func(s *socket) (uint8, bool) { return s.Retransmits, s.timerRuns() }).In(schema.Times).Gauge().Alarm(),
	}, withExtension(inetdiag.WantMemory,
		query.Opt("drops", "Packets dropped at this socket, because its receive buffer was full or a filter "+
			"refused them.", (*socket).dropped).In(schema.Packets).Counter().Alarm(),
	), withExtension(inetdiag.WantMemory, memoryColumns(func(s *socket) *sockdiag.Memory { return s.Memory })...))
}

func (s *socket) listens() bool { return s.State == inetdiag.Listen }

// fromFile says that the socket is from a file of /proc/net, which has no cookies.
func (s *socket) fromFile() bool { return s.Cookie == 0 }

func (s *socket) acceptBacklog() (uint32, bool) { return s.SendQueue, s.listens() && !s.fromFile() }

// overflows is sk_acceptq_is_full of net/sock.h: one more may wait than listen(2) said.
func (s *socket) overflows() (full, known bool) {
	backlog, known := s.acceptBacklog()
	return known && s.RecvQueue > backlog, known
}

func (s *socket) hasInode() bool { return s.Inode != 0 }

func (s *socket) timerRuns() bool { return s.Timer != inetdiag.TimerOff }

func (s *socket) localAddr() netip.Addr { return s.facts.zoned(s.Local.Addr(), s.Interface) }

// remoteAddr is the peer's address; the zero address where there is no peer. The peer of a raw socket has an address,
// and port 0.
func (s *socket) remoteAddr() netip.Addr {
	if s.Remote.Addr().Unmap().IsUnspecified() {
		return netip.Addr{}
	}
	return s.facts.zoned(s.Remote.Addr(), s.Interface)
}

func (s *socket) dropped() (uint64, bool) {
	if drops, known := s.Memory.Get(sockdiag.Drops); known {
		return uint64(drops), true
	}
	return s.drops, s.hasDrops
}

func (s *socket) serviceType() (uint8, bool) {
	if s.Has(inetdiag.AttrTClass) {
		return s.TClass, true
	}
	return s.TOS, s.Has(inetdiag.AttrTOS)
}

// stateNames are the kernel's states (enum of net/tcp_states.h) in RFC 9293's words.
var stateNames = [1 << 8]string{
	inetdiag.Established: "ESTABLISHED", inetdiag.SynSent: "SYN_SENT", inetdiag.SynReceived: "SYN_RECEIVED",
	inetdiag.FinWait1: "FIN_WAIT_1", inetdiag.FinWait2: "FIN_WAIT_2", inetdiag.TimeWait: "TIME_WAIT",
	inetdiag.Closed: "CLOSED", inetdiag.CloseWait: "CLOSE_WAIT", inetdiag.LastAck: "LAST_ACK",
	inetdiag.Listen: "LISTEN", inetdiag.Closing: "CLOSING",
	inetdiag.BoundInactive: "BOUND_INACTIVE",
}

// stateName is the name of a state; "" for an unknown one. The kernel has TCP's state closed for datagram sockets that
// are not connected: their name is UNCONN, as in ss.
func stateName(protocol int, state inetdiag.State) string {
	if state == inetdiag.Closed && datagram(protocol) {
		return "UNCONN"
	}
	return stateNames[state]
}

// timerNames are the names of the timers of inet_diag_msg.idiag_timer.
var timerNames = [1 << 8]string{
	inetdiag.TimerRetransmit: "retransmit", inetdiag.TimerKeepalive: "keepalive",
	inetdiag.TimerTimeWait: "time_wait", inetdiag.TimerProbe: "probe",
}
