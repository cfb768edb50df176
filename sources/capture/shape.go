package capture

import (
	"encoding/binary"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"netql/sources/inetdiag"
	"netql/sources/netlink"
)

// A shape says of one kind of request which parts of it only narrow the answer. All other parts say what is asked.
type shape struct {
	protocol   int
	kind       uint16
	family     uint8  // the payload's first byte, 0 for any
	header     int    // the size of the header in front of the request's attributes
	subject    string // in place of the parts that say what is asked, where another kind lists the same
	families   bool   // the first byte of requests and messages is an address family, and AF_UNSPEC asks for both
	fields     []narrowField
	sets       []narrowSet
	exceptions bool // the header's flags choose between routes and exceptions to them, see chooseExceptions
	// attributes narrow, too: those with a place only let messages pass that have the same value there.
	attributes map[uint16]*place
}

// A narrowField is a field of the header that narrows where it is not zero; messages have it at the same offset.
type narrowField struct {
	offset, size int
}

// A narrowSet is a field of the header, or else an attribute, with a bit for each thing that is wanted.
type narrowSet struct {
	offset, size int
	shown        int    // where a message has the number of its bit, or hidden
	whole        uint64 // what a recorder asks for beside what it was asked for
	attribute    uint16
	less         uint64 // bits that ask for less, not for more
}

// The sizes of the headers, of requests and messages.
const (
	inetDiagRequest   = 56 // struct inet_diag_req_v2 of linux/inet_diag.h
	inetDiagLegacy    = 60 // struct inet_diag_req
	unixDiagRequest   = 24 // struct unix_diag_req of linux/unix_diag.h
	packetDiagRequest = 20 // struct packet_diag_req of linux/packet_diag.h, and netlink_diag_req
	linkHeader        = unix.SizeofIfInfomsg
	addressHeader     = unix.SizeofIfAddrmsg
	routeHeader       = unix.SizeofRtMsg
	neighborHeader    = 12 // struct ndmsg of linux/neighbour.h
	ruleHeader        = 12 // struct fib_rule_hdr of linux/fib_rules.h
	trafficHeader     = 20 // struct tcmsg of linux/rtnetlink.h
)

const legacyDump = 18 // TCPDIAG_GETSOCK of linux/inet_diag.h

// inetStates are those that a recorder lists. Idle bound sockets (Linux 6.8) are listed only where they are asked for.
const inetStates = uint64(inetdiag.AllStates | 1<<inetdiag.BoundInactive)

// interfaceIndex is the third field of ifaddrmsg, ndmsg and tcmsg; 0 asks for all.
var interfaceIndex = narrowField{4, 4}

// shapes are the requests of which more than one form is in use. A request of another kind is answered by itself, or by the
// only one of its kind.
var shapes = []shape{
	{protocol: unix.NETLINK_SOCK_DIAG, kind: unix.SOCK_DIAG_BY_FAMILY, family: unix.AF_INET, header: inetDiagRequest,
		families: true, sets: inetSets(2, 4)},
	{protocol: unix.NETLINK_SOCK_DIAG, kind: unix.SOCK_DIAG_BY_FAMILY, family: unix.AF_INET6, header: inetDiagRequest,
		families: true, sets: inetSets(2, 4)},
	{protocol: unix.NETLINK_SOCK_DIAG, kind: legacyDump, header: inetDiagLegacy,
		families: true, subject: inetSubject(unix.IPPROTO_TCP), sets: inetSets(3, 52)},
	{protocol: unix.NETLINK_SOCK_DIAG, kind: unix.SOCK_DIAG_BY_FAMILY, family: unix.AF_UNIX, header: unixDiagRequest,
		sets: []narrowSet{{offset: 4, size: 4, shown: 2}, shownParts(12)}},
	{protocol: unix.NETLINK_SOCK_DIAG, kind: unix.SOCK_DIAG_BY_FAMILY, family: unix.AF_PACKET, header: packetDiagRequest,
		sets: []narrowSet{shownParts(8)}},
	{protocol: unix.NETLINK_SOCK_DIAG, kind: unix.SOCK_DIAG_BY_FAMILY, family: unix.AF_NETLINK, header: packetDiagRequest,
		sets: []narrowSet{shownParts(8)}},

	{protocol: unix.NETLINK_ROUTE, kind: unix.RTM_GETLINK, header: linkHeader,
		sets: []narrowSet{{shown: hidden, attribute: unix.IFLA_EXT_MASK, less: skipStats}}},
	{protocol: unix.NETLINK_ROUTE, kind: unix.RTM_GETADDR, header: addressHeader, families: true, fields: []narrowField{interfaceIndex}},
	{protocol: unix.NETLINK_ROUTE, kind: unix.RTM_GETROUTE, header: routeHeader, families: true, exceptions: true,
		fields: []narrowField{{4, 1}, {5, 1}, {7, 1}}, // rtm_table, rtm_protocol, rtm_type
		attributes: map[uint16]*place{
			unix.RTA_TABLE: {header: routeHeader, attribute: unix.RTA_TABLE},
			unix.RTA_OIF:   nil, // the nexthops of a multipath route are not where a simple one has its interface
		}},
	{protocol: unix.NETLINK_ROUTE, kind: unix.RTM_GETNEIGH, header: neighborHeader, families: true, fields: []narrowField{interfaceIndex},
		attributes: map[uint16]*place{ndaInterface: {offset: 4}, ndaMaster: nil}},
	{protocol: unix.NETLINK_ROUTE, kind: unix.RTM_GETRULE, header: ruleHeader, families: true},
	{protocol: unix.NETLINK_ROUTE, kind: unix.RTM_GETQDISC, header: trafficHeader, fields: []narrowField{interfaceIndex}},
	{protocol: unix.NETLINK_ROUTE, kind: unix.RTM_GETNEXTHOP, header: 8, families: true},
	{protocol: unix.NETLINK_ROUTE, kind: unix.RTM_GETNETCONF, header: 4, families: true},
	{protocol: unix.NETLINK_ROUTE, kind: unix.RTM_GETNEIGHTBL, header: 4, families: true},

	{protocol: unix.NETLINK_NETFILTER, kind: conntrackGet, header: 4, families: true}, // struct nfgenmsg
}

// skipStats is RTEXT_FILTER_SKIP_STATS of linux/rtnetlink.h.
const skipStats = 1 << 3

// Attributes by which a dump of neighbours is narrowed (linux/neighbour.h).
const (
	ndaInterface = 8
	ndaMaster    = 9
)

// inetSets are which attributes and which states are wanted. An answer begins with the family and the state.
func inetSets(extensions, states int) []narrowSet {
	return []narrowSet{
		{offset: extensions, size: 1, shown: hidden},
		{offset: states, size: 4, shown: 1, whole: inetStates},
	}
}

// shownParts is the field of a diag request that asks for attributes.
func shownParts(offset int) narrowSet { return narrowSet{offset: offset, size: 4, shown: hidden} }

func inetSubject(protocol uint32) string { return fmt.Sprintf("sockets of IP protocol %d", protocol) }

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
