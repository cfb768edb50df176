package tables

import (
	"net/netip"
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
	gone  bool // it was told about when the kernel destroyed it
	drops any  // as /proc/net tells them; socket diagnostics have them in Memory
}

// socketField is a column with what it needs the kernel to send.
type socketField = diagField[socket, inetdiag.Extensions]

var (
	families = schema.NewVocabulary(
		schema.Word{Name: "inet", Aliases: []string{"ipv4", "ip4", "v4"}},
		schema.Word{Name: "inet6", Aliases: []string{"ipv6", "ip6", "v6"}},
	)
	// states are RFC 9293's; the last three are netql's words for what the RFC does not have.
	states = schema.NewVocabulary(
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
	timers = schema.Words("retransmit", "keepalive", "time_wait", "probe")
)

// sockets declares the table of IP sockets.
func sockets() *query.Table {
	fields := socketFields()
	return query.Define(query.Spec[socket]{
		Doc: "An IP socket: TCP, UDP, UDP-Lite, raw, ICMP (ping), MPTCP and SCTP, in both address families. " +
			"Servers of TCP are in state LISTEN; servers of UDP are in state UNCONN, because UDP has no LISTEN.",
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
		Fields: columnsOf(fields),
		Shown:  []string{"proto", "state", "recv_queue", "send_queue", "local", "remote", "pid", "process"},
		Key:    []string{"cookie", "inode"},
		Events: "Sockets of TCP and UDP are gone when the kernel destroys them, with what they were at the end; a connection in TIME_WAIT " +
			"when it enters that state. New ones are not told.",
		Follow: planClosing,
		Scan:   func(request query.Request) query.Scan[socket] { return planSockets(fields, request) },
	})
}

func socketFields() []socketField {
	var fields []socketField
	fields = append(fields, identityFields()...)
	fields = append(fields, queueFields()...)
	fields = append(fields, tcpFields()...)
	return append(fields, wanting[socket, inetdiag.Extensions](0, ownerFields[socket]())...)
}

// field is a column that every dump has.
func field(name string, typ schema.Type, doc string, get func(*socket) any) socketField {
	return socketField{Field: query.Field[socket]{Name: name, Type: typ, Doc: doc, Get: get}}
}

// gauge is field for what goes up and down all the time.
func gauge(name string, typ schema.Type, doc string, get func(*socket) any) socketField {
	f := field(name, typ, doc, get)
	f.Change = schema.Gauge
	return f
}

// identityFields say which socket it is.
func identityFields() []socketField {
	return []socketField{
		field("proto", enum(protocolWords()), "The transport protocol; icmp is a ping socket, of both families.",
			func(s *socket) any { return s.proto }),
		field("family", enum(families), "The address family of the socket; an IPv6 socket may carry IPv4 traffic.",
			func(s *socket) any { return familyName(s.Family) }),
		field("state", enum(states), "The state as RFC 9293 names it; datagram sockets are ESTABLISHED when connected, else UNCONN; "+
			"BOUND_INACTIVE, a TCP socket that is bound and idle, is listed only where a query names it.",
			func(s *socket) any { return stateName(s.Protocol, s.State) }),
		field("laddr", address, "The local address; 0.0.0.0 or :: where any will do.", (*socket).localAddr),
		field("lport", port, "The local port; a raw socket's is its IP protocol number.",
			func(s *socket) any { return nonZero(uint32(s.Local.Port())) }),
		field("raddr", address, "The peer's address; NULL where there is no peer.", (*socket).remoteAddr),
		field("rport", port, "The peer's port; NULL where there is no peer.",
			func(s *socket) any { return nonZero(uint32(s.Remote.Port())) }),
		field("local", endpoint, "The local address and port.",
			func(s *socket) any { return joinPort((*socket).localAddr(s), s.Local.Port()) }),
		field("remote", endpoint, "The peer's address and port.",
			func(s *socket) any { return joinPort((*socket).remoteAddr(s), s.Remote.Port()) }),
		field("interface", text, "The interface that the socket is bound to (SO_BINDTODEVICE, or a link-local address).",
			func(s *socket) any { return nonEmpty(s.facts.interfaceName(s.Interface)) }),
		field("uid", integer, "The user who made the socket; NULL where the kernel no longer, or not yet, knows.",
			func(s *socket) any { return orNull(int(s.UID), s.Inode != 0) }),
		field("user", text, "The user's name in /etc/passwd.",
			func(s *socket) any { return orNull(s.facts.userName(s.UID), s.Inode != 0) }),
		field("inode", integer, "The socket's inode, by which /proc/PID/fd names it; NULL where no process can have it.",
			func(s *socket) any { return nonZero(s.Inode) }),
		field("cookie", integer, "The kernel's number for the socket, never used twice; NULL where /proc/net answers.",
			func(s *socket) any { return nonZero(s.Cookie) }),
		{Field: query.Field[socket]{Name: "mark", Type: integer, Unit: schema.Bits, Doc: "The packet mark (SO_MARK); the kernel tells it to CAP_NET_ADMIN only.",
			Get: func(s *socket) any { return orNull(int(s.Mark), s.Has(inetdiag.AttrMark)) }}},
		field("cgroup", text, "The control group (v2) in which the socket was made.",
			func(s *socket) any { return orNull(s.facts.cgroupPath(s.CgroupID), s.Has(inetdiag.AttrCgroupID)) }),
		field("netns", text, "The network namespace: its name under /run/netns, else its inode number.",
			func(s *socket) any { return nonEmpty(s.facts.namespaceName()) }),
		field("v6only", boolean, "Whether an IPv6 socket refuses IPv4 (IPV6_V6ONLY).",
			func(s *socket) any { return orNull(s.V6Only, s.Has(inetdiag.AttrV6Only)) }),
		{query.Field[socket]{Name: "tos", Type: integer, Doc: "The IPv4 type of service, or IPv6 traffic class, of what is sent (IP_TOS, IPV6_TCLASS).", Get: serviceType},
			inetdiag.WantTOS | inetdiag.WantTClass},
	}
}

// queueFields say what waits, and for what.
func queueFields() []socketField {
	return append([]socketField{
		{Field: query.Field[socket]{Name: "recv_queue", Type: integer, Change: schema.Gauge, Unit: schema.Bytes, Get: func(s *socket) any { return orNull(int(s.RecvQueue), !s.listens()) },
			Doc: "Bytes received that the program has not read yet; NULL for a listener."}},
		{Field: query.Field[socket]{Name: "send_queue", Type: integer, Change: schema.Gauge, Unit: schema.Bytes, Get: func(s *socket) any { return orNull(int(s.SendQueue), !s.listens()) },
			Doc: "Bytes written that the peer has not acknowledged yet; NULL for a listener."}},
		{Field: query.Field[socket]{Name: "accept_queue", Type: integer, Change: schema.Gauge, Unit: schema.Connections, Get: func(s *socket) any { return orNull(int(s.RecvQueue), s.listens()) },
			Doc: "Connections that wait for the listener to accept them; NULL for other sockets."}},
		{Field: query.Field[socket]{Name: "accept_backlog", Type: integer, Unit: schema.Connections, Get: func(s *socket) any { return orNull(int(s.SendQueue), s.listens() && !s.fromFile()) },
			Doc: "How many connections may wait for the listener, as in listen(2); NULL for other sockets, and where /proc/net answers."}},
		gauge("timer", enum(timers), "The timer that runs: retransmit, keepalive, time_wait, or probe of a zero window.",
			func(s *socket) any { return timerName(s.Timer) }),
		gauge("timer_expires", duration, "When the timer fires.",
			func(s *socket) any { return orNull(max(0, s.Expires), s.Timer != inetdiag.TimerOff) }),
		{Field: query.Field[socket]{Name: "retransmits", Type: integer, Change: schema.Gauge, Unit: schema.Times, Alarm: true, Get: func(s *socket) any { return orNull(int(s.Retransmits), s.Timer != inetdiag.TimerOff) },
			Doc: "How often the timer has fired in vain: retransmissions or probes without an answer."}},
		{Field: query.Field[socket]{Name: "drops", Type: integer, Change: schema.Counter, Unit: schema.Packets, Alarm: true, Get: (*socket).dropped,
			Doc: "Packets dropped at this socket, because its receive buffer was full or a filter refused them."}, wants: inetdiag.WantMemory},
	}, wanting(inetdiag.WantMemory, memoryFields(func(s *socket) *sockdiag.Memory { return s.Memory }))...)
}

func (s *socket) listens() bool { return s.State == inetdiag.Listen }

// fromFile says that /proc/net told of the socket, because socket diagnostics, which give each a cookie, cannot.
func (s *socket) fromFile() bool { return s.Cookie == 0 }

func (s *socket) localAddr() any { return s.facts.zoned(s.Local.Addr(), s.Interface) }

func (s *socket) remoteAddr() any {
	if s.Remote.Addr().Unmap().IsUnspecified() {
		return nil
	}
	return s.facts.zoned(s.Remote.Addr(), s.Interface)
}

// joinPort is the endpoint, NULL where there is no address. The peer of a raw socket has an address and port 0.
func joinPort(addr any, port uint16) any {
	a, ok := addr.(netip.Addr)
	return orNull(netip.AddrPortFrom(a, port), ok)
}

func (s *socket) dropped() any {
	if drops := memoryValue(s.Memory, sockdiag.Drops); drops != nil {
		return drops
	}
	return s.drops
}

func serviceType(s *socket) any {
	switch {
	case s.Has(inetdiag.AttrTClass):
		return int(s.TClass)
	case s.Has(inetdiag.AttrTOS):
		return int(s.TOS)
	}
	return nil
}

func familyName(family uint8) any {
	if family == inet6 {
		return "inet6"
	}
	return "inet"
}

// stateNames are the kernel's states (enum of net/tcp_states.h) in RFC 9293's words.
var stateNames = map[inetdiag.State]string{
	inetdiag.Established: "ESTABLISHED", inetdiag.SynSent: "SYN_SENT", inetdiag.SynReceived: "SYN_RECEIVED",
	inetdiag.FinWait1: "FIN_WAIT_1", inetdiag.FinWait2: "FIN_WAIT_2", inetdiag.TimeWait: "TIME_WAIT",
	inetdiag.Closed: "CLOSED", inetdiag.CloseWait: "CLOSE_WAIT", inetdiag.LastAck: "LAST_ACK",
	inetdiag.Listen: "LISTEN", inetdiag.Closing: "CLOSING",
	inetdiag.BoundInactive: "BOUND_INACTIVE",
}

// stateName gives a datagram socket that is closed to TCP's eyes the word that ss uses.
func stateName(protocol int, state inetdiag.State) any {
	if state == inetdiag.Closed && datagram(protocol) {
		return "UNCONN"
	}
	return nonEmpty(stateNames[state])
}

var timerNames = map[inetdiag.Timer]string{
	inetdiag.TimerRetransmit: "retransmit", inetdiag.TimerKeepalive: "keepalive",
	inetdiag.TimerTimeWait: "time_wait", inetdiag.TimerProbe: "probe",
}

func timerName(t inetdiag.Timer) any { return nonEmpty(timerNames[t]) }

// microseconds and milliseconds are the kernel's units of time.
const (
	microseconds = time.Microsecond
	milliseconds = time.Millisecond
)
