package tables

import (
	"errors"
	"iter"
	"net/netip"
	"strconv"

	"netql/sources/inetdiag"
	"netql/sources/netlink"
	"netql/sources/procfs"
)

// flowEnds are what connections of TCP have in common that compete for local ports: the 4-tuple without the local port.
type flowEnds struct {
	local  netip.Addr
	remote netip.AddrPort
}

func (e flowEnds) String() string { return "tcp " + e.local.String() + " -> " + e.remote.String() }

// ephemeralPorts counts local ports of the range that the kernel chooses from. A port is free for a connection of TCP
// unless one with the same 4-tuple has it, in whatever state (__inet_hash_connect of net/ipv4/inet_hashtables.c). A
// socket of UDP that is bound by the kernel is bound for all addresses, so that no other may have its port
// (udp_lib_get_port of net/ipv4/udp.c).
func (l *limitReader) ephemeralPorts() iter.Seq2[limit, error] {
	return func(yield func(limit, error) bool) {
		ports, err := procfs.ReadEphemeralPorts(l.files)
		if err != nil {
			yield(limit{}, err)
			return
		}
		row := func(subject string, used int) limit {
			return limit{subject: subject, used: known(used), most: known(ports.Count())}
		}
		udpPorts := map[uint16]bool{}
		for s, err := range l.sockets(protocols[udp].allOf(protocols[udp].states)) {
			if err != nil {
				if !yield(limit{}, err) {
					return
				}
			} else if ports.Has(s.Local.Port()) {
				udpPorts[s.Local.Port()] = true
			}
		}
		if !yield(row("udp", len(udpPorts)), nil) {
			return
		}
		used, order, fault := l.connections(ports)
		for _, ends := range order {
			if !yield(row(ends.String(), used[ends]), nil) {
				return
			}
		}
		if fault != nil {
			yield(limit{}, fault)
		}
	}
}

// connections counts the connections of TCP whose local port is one of some, by what they have in common, and lists
// these in the order of their first connection.
func (l *limitReader) connections(ports procfs.EphemeralPorts) (used map[flowEnds]int, order []flowEnds, fault error) {
	used = map[flowEnds]int{}
	for s, err := range l.sockets(
		protocols[tcp].allOf(inetdiag.AllStates &^ inetdiag.States(inetdiag.Listen, inetdiag.Closed))) {
		switch {
		case err != nil:
			fault = err
		case ports.Has(s.Local.Port()) && s.Remote.Port() != 0:
			ends := flowEnds{s.localAddr(), netip.AddrPortFrom(s.remoteAddr(), s.Remote.Port())}
			if used[ends]++; used[ends] == 1 {
				order = append(order, ends)
			}
		}
	}
	return used, order, fault
}

// sockets are those of a dump, each once, unless the kernel counts none.
func (l *limitReader) sockets(d socketDump) iter.Seq2[*socket, error] {
	return func(yield func(*socket, error) bool) {
		if countSockets(l.system).none(d) {
			return
		}
		seen := newDistinct(d.protocol)
		for row, err := range d.rows(newSocketFacts(l.scanState), func() {}) {
			switch {
			case errors.Is(err, netlink.ErrInterrupted): // they are of different times, as all counts are
			case err != nil:
				if !yield(nil, err) {
					return
				}
			case seen.add(row) && !yield(row, nil):
				return
			}
		}
	}
}

// acceptQueues reads the accept queues of the listeners of TCP. One is full when it holds one more than the backlog
// (sk_acceptq_is_full of net/sock.h).
func (l *limitReader) acceptQueues() iter.Seq2[limit, error] {
	return func(yield func(limit, error) bool) {
		somaxconn := l.setting("net/core/somaxconn", 0, 1)
		var listeners []*socket
		var fault error
		for s, err := range l.sockets(protocols[tcp].allOf(inetdiag.States(inetdiag.Listen))) {
			if err != nil {
				fault = err
				continue
			}
			listeners = append(listeners, s)
		}
		for s, subject := range distinctListeners(listeners) {
			row := limit{subject: subject, used: known(int(s.RecvQueue))}
			if backlog, ok := s.acceptBacklog(); ok {
				row.most = known(int(backlog) + 1)
				if somaxconn.known && int(backlog) >= somaxconn.value {
					row.changedBy = "net.core.somaxconn"
				}
			}
			if !yield(row, nil) {
				return
			}
		}
		if fault != nil {
			yield(limit{}, fault)
		}
	}
}

// distinctListeners yields listeners with a name for each: its address, and the interface that it is bound to. Where
// several have the same, as with SO_REUSEPORT, their inodes are added.
func distinctListeners(listeners []*socket) iter.Seq2[*socket, string] {
	count := map[string]int{}
	for _, s := range listeners {
		count[s.listenerName()]++
	}
	return func(yield func(*socket, string) bool) {
		for _, s := range listeners {
			name := s.listenerName()
			if count[name] > 1 {
				name += " inode " + strconv.Itoa(int(s.Inode))
			}
			if !yield(s, name) {
				return
			}
		}
	}
}

func (s *socket) listenerName() string {
	name := netip.AddrPortFrom(s.localAddr(), s.Local.Port()).String()
	if s.Interface != 0 && s.localAddr().Zone() == "" {
		name += " on " + s.facts.interfaceName(s.Interface)
	}
	return name
}
