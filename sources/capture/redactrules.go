package capture

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// A messageRule says how a kind of message is redacted.
type messageRule struct {
	header     int
	addresses  []int // offsets in the header, of four words each, of which the family says how many count
	attributes attributeRules
}

// attributeRules are what happens to attributes, by type. What is not in it is left out.
type attributeRules map[uint16]attributeRule

// anyAttribute is the rule for attributes that have none of their own.
const anyAttribute = 0xffff

// An attributeRule redacts the value of an attribute; nil leaves it out. The header is the message's.
type attributeRule struct {
	do     func(r *redactor, value []byte) []byte
	inner  attributeRules
	length int // where the header has the length of the prefix that the value is, 0 if it is none
}

func (a attributeRule) redact(r *redactor, value, header []byte) []byte {
	switch {
	case a.inner != nil:
		return r.attributes(value, a.inner, header)
	case a.length > 0:
		return r.prefixBytes(value, int(header[a.length]))
	}
	return a.do(r, value)
}

// The rules.
var (
	asItIs   = attributeRule{do: func(_ *redactor, value []byte) []byte { return value }}
	address  = attributeRule{do: func(r *redactor, value []byte) []byte { return r.addressBytes(value) }}
	hardware = attributeRule{do: func(r *redactor, value []byte) []byte { return r.hardware(value) }}
	alias    = attributeRule{do: func(r *redactor, value []byte) []byte { return []byte(r.name("alias", text(value)) + "\x00") }}
	unixPath = attributeRule{do: func(r *redactor, value []byte) []byte { return r.socketPath(value) }}
	via      = attributeRule{do: (*redactor).via}
	hops     = attributeRule{do: (*redactor).nexthops}
)

func nested(rules attributeRules) attributeRule { return attributeRule{inner: rules} }
func prefix(length int) attributeRule           { return attributeRule{length: length} }

// plain gives attributes that stay as they are, and adds others.
func plain(kinds []uint16, others attributeRules) attributeRules {
	rules := attributeRules{}
	for _, kind := range kinds {
		rules[kind] = asItIs
	}
	for kind, rule := range others {
		rules[kind] = rule
	}
	return rules
}

// upTo are the numbers from one to another.
func upTo(first, last uint16) (kinds []uint16) {
	for kind := first; kind <= last; kind++ {
		kinds = append(kinds, kind)
	}
	return kinds
}

// rulesFor finds the rules of a message; nil if there are none.
func rulesFor(q netlink.Request, m netlink.Message) *messageRule {
	var key messageKind
	switch q.Protocol {
	case unix.NETLINK_ROUTE:
		if key = (messageKind{q.Protocol, m.Type, 0}); m.Type == unix.RTM_NEWLINK && len(m.Data) > 0 && m.Data[0] >= multicastFamily {
			key.family = m.Data[0]
		}
	case unix.NETLINK_SOCK_DIAG:
		if len(m.Data) > 0 {
			key = messageKind{q.Protocol, 0, m.Data[0]}
		}
	case unix.NETLINK_NETFILTER:
		key = messageKind{q.Protocol, m.Type, 0}
	}
	if rule, ok := messageRules[key]; ok {
		return &rule
	}
	return nil
}

// messageKind tells messages apart: rtnetlink's and netfilter's by their type, those of socket diagnostics by family.
type messageKind struct {
	protocol int
	kind     uint16
	family   uint8
}

// messageRules are the messages that a redacted capture holds. The numbers of attributes are those of linux/if_link.h,
// if_addr.h, rtnetlink.h, neighbour.h, fib_rules.h, nexthop.h, netconf.h, mroute.h, inet_diag.h, unix_diag.h, packet_diag.h,
// netlink_diag.h and netfilter/nfnetlink_conntrack.h.
var messageRules = map[messageKind]messageRule{
	{unix.NETLINK_ROUTE, unix.RTM_NEWLINK, 0}: {header: linkHeader, attributes: plain(
		[]uint16{3, 4, 5, 6, 7, 10, 13, 14, 15, 16, 17, 21, 23, 27, 29, 30, 31, 32, 33, 35, 37, 39, 40, 41, 43, 44, 45, 46, 47, 48, 49,
			50, 51, 55, 56, 57, 58, 59, 60, 61, 63, 64},
		attributeRules{1: hardware, 2: hardware, 54: hardware, 20: alias, 18: {do: (*redactor).linkInfo},
			52: nested(attributeRules{53: alias}),
			26: nested(attributeRules{unix.AF_INET: asItIs, unix.AF_INET6: nested(plain([]uint16{1, 2, 3, 4, 5, 6, 8, 9}, attributeRules{7: address}))})})},
	{unix.NETLINK_ROUTE, unix.RTM_NEWLINK, multicastFamily}: {header: linkHeader, attributes: plain([]uint16{3}, attributeRules{
		26: nested(plain(upTo(1, 5), attributeRules{6: nested(attributeRules{1: nested(plain(upTo(1, 7), attributeRules{8: address, 9: address}))})}))})},
	{unix.NETLINK_ROUTE, unix.RTM_NEWADDR, 0}:      addressMessage,
	{unix.NETLINK_ROUTE, unix.RTM_GETMULTICAST, 0}: addressMessage,
	{unix.NETLINK_ROUTE, unix.RTM_GETANYCAST, 0}:   addressMessage,
	{unix.NETLINK_ROUTE, unix.RTM_NEWROUTE, 0}: {header: routeHeader, attributes: plain(
		[]uint16{3, 4, 6, 8, 11, 12, 15, 16, 17, 20, 21, 23, 25, 26, 27, 28, 29, 30},
		attributeRules{1: prefix(1), 2: prefix(2), 5: address, 7: address, 9: hops, 18: via})},
	{unix.NETLINK_ROUTE, unix.RTM_NEWRULE, 0}: {header: ruleHeader, attributes: plain(
		[]uint16{3, 4, 6, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27}, attributeRules{1: prefix(1), 2: prefix(2)})},
	{unix.NETLINK_ROUTE, unix.RTM_NEWNEIGH, 0}: {header: neighborHeader, attributes: plain(
		[]uint16{3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15}, attributeRules{1: hardware, 2: hardware})},
	{unix.NETLINK_ROUTE, unix.RTM_NEWQDISC, 0}:   {header: trafficHeader, attributes: plain([]uint16{1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14}, nil)},
	{unix.NETLINK_ROUTE, unix.RTM_NEWTCLASS, 0}:  {header: trafficHeader, attributes: plain([]uint16{1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14}, nil)},
	{unix.NETLINK_ROUTE, unix.RTM_NEWNEXTHOP, 0}: {header: 8, attributes: plain([]uint16{1, 2, 3, 4, 5, 11}, attributeRules{6: address})},
	{unix.NETLINK_ROUTE, unix.RTM_NEWNETCONF, 0}: {header: 4, attributes: plain(upTo(1, 8), nil)},
	{unix.NETLINK_ROUTE, unix.RTM_NEWNSID, 0}:    {header: 4, attributes: plain(upTo(1, 5), nil)},

	{unix.NETLINK_SOCK_DIAG, 0, unix.AF_INET}:  inetMessage,
	{unix.NETLINK_SOCK_DIAG, 0, unix.AF_INET6}: inetMessage,
	{unix.NETLINK_SOCK_DIAG, 0, unix.AF_UNIX}:  {header: 16, attributes: plain(upTo(1, 7), attributeRules{0: unixPath})},
	{unix.NETLINK_SOCK_DIAG, 0, unix.AF_PACKET}: {header: 16, attributes: plain([]uint16{0, 2, 3, 4, 5, 6},
		attributeRules{1: {do: (*redactor).memberships}, 7: {do: (*redactor).filter}})},
	{unix.NETLINK_SOCK_DIAG, 0, unix.AF_NETLINK}: {header: 28, attributes: plain(upTo(0, 4), nil)},

	{unix.NETLINK_NETFILTER, conntrackNew, 0}: {header: 4, attributes: plain([]uint16{3, 4, 7, 8, 9, 10, 11, 12, 15, 16, 18, 20, 21, 22, 24},
		attributeRules{1: nested(flowTuple), 2: nested(flowTuple), 14: nested(flowTuple), 5: nested(attributeRules{1: asItIs}),
			6: nested(flowNAT), 13: nested(flowNAT)})},
	{unix.NETLINK_NETFILTER, conntrackCPU, 0}:   {header: 4, attributes: plain(upTo(1, 20), nil)},
	{unix.NETLINK_NETFILTER, conntrackStats, 0}: {header: 4, attributes: plain(upTo(1, 20), nil)},
}

// multicastFamily is RTNL_FAMILY_IPMR of linux/rtnetlink.h, multicast forwarding of IPv4; that of IPv6 is the next.
const multicastFamily = 128

// The messages of connection tracking: NFNL_SUBSYS_CTNETLINK and IPCTNL_MSG_CT_*.
const (
	conntrackNew   = 1 << 8
	conntrackGet   = 1<<8 | 1
	conntrackCPU   = 1<<8 | 4
	conntrackStats = 1<<8 | 5
)

// flowTuple is CTA_TUPLE_*: addresses, the protocol with its ports, the zone. flowNAT is CTA_NAT_*.
var (
	flowTuple = attributeRules{1: nested(attributeRules{1: address, 2: address, 3: address, 4: address}), 2: asItIs, 3: asItIs}
	flowNAT   = attributeRules{1: address, 2: address, 3: asItIs, 4: address, 5: address}
)

var addressMessage = messageRule{header: addressHeader, attributes: plain([]uint16{3, 6, 8, 9, 10, 11},
	attributeRules{1: address, 2: address, 4: address, 5: address, 7: address})}

// inetMessage leaves out the lists of addresses of SCTP, the keys of TCP-MD5 and what BPF programs store.
var inetMessage = messageRule{header: 72, addresses: []int{8, 24}, attributes: plain([]uint16{1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 14, 15, 16, 17, 19, 21, 22}, nil)}

// linkData are the rules for what a kind of link says about itself (IFLA_INFO_DATA), which each kind numbers for itself, in
// linux/if_link.h and if_tunnel.h. Attributes of one or two bytes, which hold no address, stay in any case.
var linkData = map[string]attributeRules{
	"bridge":  plain(upTo(1, 5), attributeRules{20: hardware}),
	"macvlan": plain([]uint16{1, 2}, nil), "macvtap": plain([]uint16{1, 2}, nil), "ipvlan": plain([]uint16{1, 2}, nil),
	"vlan": plain([]uint16{2}, nil), "vrf": plain([]uint16{1}, nil), "bond": plain([]uint16{2, 3, 4, 5}, nil),
	"vxlan":  plain([]uint16{1, 3, 8}, attributeRules{2: address, 4: address, 16: address, 17: address}),
	"geneve": plain([]uint16{1}, attributeRules{2: address, 7: address}),
	"gre":    greData, "gretap": greData, "erspan": greData, "ip6gre": greData, "ip6gretap": greData, "ip6erspan": greData,
	"ipip": tunnelData, "sit": tunnelData, "ip6tnl": tunnelData,
	"vti": vtiData, "vti6": vtiData, "xfrm": plain([]uint16{1, 2}, nil),
}

var (
	greData    = plain(upTo(1, 3), attributeRules{6: address, 7: address})
	tunnelData = plain([]uint16{1}, attributeRules{2: address, 3: address})
	vtiData    = plain([]uint16{1}, attributeRules{4: address, 5: address})
)

var twoBytes = attributeRule{do: func(_ *redactor, value []byte) []byte {
	if len(value) > 2 {
		return nil
	}
	return value
}}

// linkInfo redacts IFLA_LINKINFO: the kinds of a link and of its master (1, 4) and what they say (2, 5).
func (r *redactor) linkInfo(list []byte) []byte {
	rules := func(kind uint16) attributeRule {
		known := plain(nil, linkData[text(attribute(list, kind))])
		known[anyAttribute] = twoBytes
		return nested(known)
	}
	return r.attributes(list, attributeRules{1: asItIs, 4: asItIs, 2: rules(1), 5: nested(attributeRules{anyAttribute: twoBytes})}, nil)
}

// memberships redacts PACKET_DIAG_MCLIST: an array of struct packet_diag_mclist, which ends in 32 bytes for an address.
func (r *redactor) memberships(list []byte) []byte {
	const size, length, start = 44, 10, 12
	redacted := []byte{}
	for ; len(list) >= size; list = list[size:] {
		redacted = append(redacted, list[:start]...)
		n := min(int(binary.NativeEndian.Uint16(list[length:])), size-start)
		redacted = append(append(redacted, r.hardware(list[start:start+n])...), make([]byte, size-start-n)...)
	}
	return redacted
}

// filter keeps how long a BPF program is (PACKET_DIAG_FILTER, struct sock_filter), whose constants may be addresses.
func (r *redactor) filter(program []byte) []byte { return make([]byte, len(program)) }

// plainEthtool are requests whose answers hold names of modes, sizes and counters, and nothing that identifies a machine:
// ETHTOOL_MSG_*_GET of linux/ethtool_netlink.h.
var plainEthtool = map[uint8]bool{
	1: true, 2: true, 4: true, 6: true, 11: true, 13: true, 15: true, 17: true, 19: true, 21: true, 23: true, 25: true, 29: true, 32: true,
}

// nexthops redacts RTA_MULTIPATH: a list of struct rtnexthop, each with attributes.
func (r *redactor) nexthops(list []byte) []byte {
	const size = 8
	redacted := []byte{} // an empty list says something, too
	rules := plain([]uint16{11, 21, 26}, attributeRules{5: address, 18: via})
	for len(list) >= size {
		length := int(binary.NativeEndian.Uint16(list))
		if length < size || length > len(list) {
			break
		}
		attributes := r.attributes(list[size:length], rules, nil)
		redacted = binary.NativeEndian.AppendUint16(redacted, uint16(size+len(attributes)))
		redacted = append(append(redacted, list[2:size]...), attributes...)
		list = list[min(align(length), len(list)):]
	}
	return redacted
}

// via redacts RTA_VIA: a family and an address.
func (r *redactor) via(value []byte) []byte {
	if len(value) < 2 {
		return nil
	}
	return append(value[:2:2], r.addressBytes(value[2:])...)
}

// socketPath redacts the name of a unix socket. An abstract one begins with NUL.
func (r *redactor) socketPath(value []byte) []byte {
	if len(value) > 0 && value[0] == 0 {
		return append([]byte{0}, r.name("abstract", string(value[1:]))...)
	}
	return []byte(r.path(text(value)) + "\x00")
}

// text is what stands before the first NUL.
func text(b []byte) string {
	attributes := netlink.DecodeAttributes(netlink.AppendAttribute(nil, 0, b))
	attributes.Next()
	return attributes.String()
}
