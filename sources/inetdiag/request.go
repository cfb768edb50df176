package inetdiag

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

const (
	legacyDump      = 18 // TCPDIAG_GETSOCK: TCP of both families in one walk over the sockets
	requestProtocol = 3  // INET_DIAG_REQ_PROTOCOL, Linux 5.9: a protocol number that does not fit eight bits
	sockIDSize      = 48 // struct inet_diag_sockid
)

// requests are the dumps a query needs.
func (q Query) requests() []netlink.Request {
	switch {
	case q.Family != 0:
		return []netlink.Request{q.request(q.Family)}
	case q.Protocol == TCP:
		return []netlink.Request{q.legacyRequest()}
	}
	return []netlink.Request{q.request(unix.AF_INET), q.request(unix.AF_INET6)}
}

// request lists one family: struct inet_diag_req_v2. Which socket (its last field) does not matter to a dump.
func (q Query) request(family int) netlink.Request {
	protocol := q.Protocol
	if protocol > 255 {
		protocol = 0 // none, so that a kernel which does not know the attribute has no answer instead of a wrong one
	}
	b := []byte{uint8(family), uint8(protocol), uint8(q.Extensions), 0}
	b = native.AppendUint32(b, uint32(q.States))
	b = append(b, make([]byte, sockIDSize)...)
	if q.Protocol > 255 {
		b = netlink.AppendAttribute(b, requestProtocol, native.AppendUint32(nil, uint32(q.Protocol)))
	}
	return netlink.Request{Protocol: unix.NETLINK_SOCK_DIAG, Type: unix.SOCK_DIAG_BY_FAMILY, Payload: b}
}

// legacyRequest is struct inet_diag_req, the first version of the interface, which every kernel still has.
func (q Query) legacyRequest() netlink.Request {
	b := []byte{unix.AF_UNSPEC, 0, 0, uint8(q.Extensions)}
	b = append(b, make([]byte, sockIDSize)...)
	b = native.AppendUint32(b, uint32(q.States))
	b = native.AppendUint32(b, 0) // idiag_dbs, unused
	return netlink.Request{Protocol: unix.NETLINK_SOCK_DIAG, Type: legacyDump, Payload: b}
}
