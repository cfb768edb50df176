package capture

import (
	"fmt"

	"golang.org/x/sys/unix"

	"netql/sources/inetdiag"
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
