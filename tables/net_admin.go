package tables

import (
	"netql/sources/inetdiag"
	"netql/sources/packetdiag"
)

// warnNetAdmin warns that a column is NULL because the kernel tells it to CAP_NET_ADMIN alone. It asks for the
// capability in the user namespace that owns the network namespace, so that only its answer shows whether we have it.
func (s *scanState) warnNetAdmin(column string) {
	s.warn(column + " is unknown: the kernel tells it to CAP_NET_ADMIN alone, in the user namespace that owns the " +
		"network namespace")
}

// marks watches whether the kernel tells the marks of sockets, where a query reads them.
type marks struct {
	facts *socketFacts
	known bool // it does, or there was a warning
}

// look looks at a socket. With the capability, each one that diagnostics list has a mark (inet_diag_msg_attrs_fill in
// net/ipv4/inet_diag.c), but for those that older kernels know as half of a socket only.
func (m *marks) look(s *socket) {
	half := inetdiag.States(inetdiag.SynReceived, inetdiag.FinWait2, inetdiag.TimeWait).Has(s.State)
	switch {
	case m.known || s.Cookie == 0 || half:
		return
	case !s.Has(inetdiag.AttrMark):
		m.facts.warnNetAdmin("mark")
	}
	m.known = true
}

// lookAtFilter warns where the kernel does not tell the filter of a socket: it is empty then, and missing where
// there is none (sock_diag_put_filterinfo in net/core/sock_diag.c).
func (s *packetSocket) lookAtFilter() *packetSocket {
	if s.Has(packetdiag.AttrFilter) && s.Filter == 0 {
		s.warnNetAdmin("filter")
	}
	return s
}
