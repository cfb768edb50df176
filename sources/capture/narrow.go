package capture

import (
	"encoding/binary"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"netql/sources/inetdiag"
	"netql/sources/netlink"
)

// shapeOf finds the shape of a request; nil if its kind has none. A request for one object has none.
func shapeOf(r netlink.Request) *shape {
	i := slices.IndexFunc(shapes, func(s shape) bool {
		return s.protocol == r.Protocol && s.kind == r.Type && len(r.Payload) >= s.header && (s.family == 0 || r.Payload[0] == s.family)
	})
	if i < 0 || r.Single {
		return nil
	}
	return &shapes[i]
}

// demand takes a request of this shape apart.
func (s *shape) demand(r netlink.Request) demand {
	var d demand
	rest := slices.Clone(r.Payload[:s.header]) // what is left is the subject
	fields := s.fields
	if f := rest[0]; s.families && (f == unix.AF_INET || f == unix.AF_INET6) { // others are lists of their own
		fields = append([]narrowField{{0, 1}}, fields...)
	}
	for _, f := range fields {
		if value := r.Payload[f.offset : f.offset+f.size]; !zero(value) {
			d.equals = append(d.equals, condition{place: place{offset: f.offset}, value: value})
		}
		clear(rest[f.offset : f.offset+f.size])
	}
	for _, n := range s.sets {
		d.sets = append(d.sets, set{n.value(r.Payload, s.header) ^ n.less, n.shown})
		clear(rest[n.offset : n.offset+n.size])
	}
	if s.exceptions {
		clear(rest[routeFlags : routeFlags+4])
	}
	d.subject = s.subject
	if rest = s.narrow(&d, rest, r.Payload[s.header:]); d.subject == "" {
		d.subject = fmt.Sprintf("%d %d %d %x", r.Protocol, r.Type, r.Flags, rest)
	}
	if s.exceptions {
		d.chooseExceptions(r.Payload[routeFlags : routeFlags+4])
	}
	if d.subject == inetSubject(unix.IPPROTO_TCP) {
		showBoundAsClosed(&d.sets[1])
	}
	return d
}

// routeFlags is where struct rtmsg has its flags.
const routeFlags = 8

// chooseExceptions: a dump of routes that is narrowed lists either routes or, with RTM_F_CLONED, what the kernel has learnt
// beside them. One that is not lists both (ip_valid_fib_dump_req in net/ipv4/fib_frontend.c).
func (d *demand) chooseExceptions(flags []byte) {
	cloned := binary.NativeEndian.AppendUint32(nil, unix.RTM_F_CLONED)
	only := number(flags)&unix.RTM_F_CLONED != 0
	narrowed := slices.ContainsFunc(d.equals, func(c condition) bool { return c.place != place{} }) // by more than the family
	if only || narrowed {
		value := make([]byte, 4)
		if only {
			value = cloned
		}
		d.equals = append(d.equals, condition{place{offset: routeFlags}, value, cloned})
	}
}

// showBoundAsClosed: a message about a TCP socket that is bound and idle has the state CLOSED, which no other one has.
func showBoundAsClosed(states *set) {
	states.bits &^= 1 << inetdiag.Closed
	if states.bits&(1<<inetdiag.BoundInactive) != 0 {
		states.bits |= 1 << inetdiag.Closed
	}
}

// narrow adds what the attributes of a request say, and gives the rest with those that do not narrow.
func (s *shape) narrow(d *demand, rest, list []byte) []byte {
	if s.family == unix.AF_INET || s.family == unix.AF_INET6 {
		d.subject = inetSubject(inetProtocol(rest, list))
	}
	for attributes := netlink.DecodeAttributes(list); attributes.Next(); {
		kind, value := attributes.Type(), attributes.Bytes()
		shown, narrows := s.attributes[kind]
		switch {
		case slices.ContainsFunc(s.sets, func(n narrowSet) bool { return n.attribute == kind }):
		case !narrows:
			rest = netlink.AppendAttribute(rest, kind, value)
		case shown != nil:
			d.equals = append(d.equals, condition{place: *shown, value: value})
		}
	}
	return rest
}

// value reads the bits of a request.
func (n narrowSet) value(payload []byte, header int) uint64 {
	if n.attribute == 0 {
		return number(payload[n.offset : n.offset+n.size])
	}
	return number(attribute(payload[header:], n.attribute))
}

// inetProtocol is the protocol of an inet_diag_req_v2: one that does not fit its field is in an attribute
// (INET_DIAG_REQ_PROTOCOL).
func inetProtocol(header, attributes []byte) uint32 {
	const requestProtocol = 3
	if b := attribute(attributes, requestProtocol); len(b) == 4 {
		return binary.NativeEndian.Uint32(b)
	}
	return uint32(header[1])
}

// widened is the request with which a recorder asks, so that one answer serves more of the queries to come.
func widened(r netlink.Request) netlink.Request {
	s := shapeOf(r)
	if s == nil {
		return r
	}
	r.Payload = slices.Clone(r.Payload)
	for _, n := range s.sets {
		if n.whole != 0 {
			field := r.Payload[n.offset : n.offset+n.size]
			binary.NativeEndian.PutUint32(field, uint32(number(field)|n.whole))
		}
	}
	return r
}

// otherFamily is the same request for IPv6 where it is for IPv4, and the other way round.
func otherFamily(r netlink.Request) (netlink.Request, bool) {
	s := shapeOf(r)
	if s == nil || !s.families || r.Payload[0] != unix.AF_INET && r.Payload[0] != unix.AF_INET6 {
		return r, false
	}
	r.Payload = slices.Clone(r.Payload)
	r.Payload[0] = unix.AF_INET + unix.AF_INET6 - r.Payload[0]
	return r, true
}

// attribute finds the value of the first attribute of a type; nil if there is none.
func attribute(list []byte, kind uint16) []byte {
	for attributes := netlink.DecodeAttributes(list); attributes.Next(); {
		if attributes.Type() == kind {
			return attributes.Bytes()
		}
	}
	return nil
}

// number reads a number of one or four bytes in the machine's byte order; 0 where there is none.
func number(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 4:
		return uint64(binary.NativeEndian.Uint32(b))
	}
	return 0
}

func zero(b []byte) bool { return !slices.ContainsFunc(b, func(c byte) bool { return c != 0 }) }
