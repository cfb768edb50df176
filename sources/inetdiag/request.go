package inetdiag

import (
	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// requests are the dumps a query needs.
func (q Query) requests() []netlink.Request {
	switch {
	case q.Filter.IsNothing():
		return nil
	case q.Family != 0:
		return []netlink.Request{q.request(q.Family)}
	case q.Protocol == TCP:
		return []netlink.Request{q.legacyRequest()}
	}
	return []netlink.Request{q.request(unix.AF_INET), q.request(unix.AF_INET6)}
}

// request lists one family: struct inet_diag_req_v2.
func (q Query) request(family int) netlink.Request {
	protocol := q.Protocol
	if protocol > 255 {
		protocol = 0 // none, so that a kernel which does not know the attribute has no answer instead of a wrong one
	}
	b := []byte{uint8(family), uint8(protocol), uint8(q.Extensions), 0}
	b = native.AppendUint32(b, uint32(q.States))
	ports, rest := q.Filter.header()
	b = appendID(b, ports)
	if q.Protocol > 255 { // Linux 5.9
		b = netlink.AppendAttribute(b, uapi.INET_DIAG_REQ_PROTOCOL, native.AppendUint32(nil, uint32(q.Protocol)))
	}
	b = appendProgram(b, rest)
	return netlink.Request{Protocol: unix.NETLINK_SOCK_DIAG, Type: unix.SOCK_DIAG_BY_FAMILY, Payload: b}
}

// legacyRequest is struct inet_diag_req, the first version of the interface, which every kernel still has: it lists
// TCP of both families in one walk over the sockets.
func (q Query) legacyRequest() netlink.Request {
	b := []byte{unix.AF_UNSPEC, 0, 0, uint8(q.Extensions)}
	ports, rest := q.Filter.header()
	b = appendID(b, ports)
	b = native.AppendUint32(b, uint32(q.States))
	b = native.AppendUint32(b, 0) // idiag_dbs, unused
	b = appendProgram(b, rest)
	return netlink.Request{Protocol: unix.NETLINK_SOCK_DIAG, Type: uapi.TCPDIAG_GETSOCK, Payload: b}
}
