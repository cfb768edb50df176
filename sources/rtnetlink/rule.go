package rtnetlink

import (
	"context"
	"encoding/binary"
	"iter"
	"net/netip"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// A Rule is a rule of policy routing: which table routes a packet (ip-rule(8)).
type Rule struct {
	Family, TOS, Action, Protocol, IPProto uint8 // AF_*, FR_ACT_*, RTPROT_*, IPPROTO_*
	Flags                                  uint32
	Priority                               uint32
	Src, Dst                               netip.Prefix // /0 for any
	InInterface, OutInterface              string       // "" for any
	Mark, MarkMask                         uint32       // 0 and 0 for any
	Table                                  uint32       // of FR_ACT_TO_TBL; 0 where L3Mdev finds the table
	Goto                                   uint32       // the priority of the rule to go on with
	Realms                                 uint32       // from << 16 | to
	TunnelID                               uint64       // 0 for any
	L3Mdev                                 bool         // the table is that of the packet's VRF
	SourcePorts, DestPorts                 *Range       // nil for any
	UIDs                                   *Range       // nil for any
	SuppressPrefixLength                   int          // routes with a prefix this short do not count; -1: all do
	SuppressGroup                          int          // nor those over interfaces of this group; -1: all do
}

// A Range is a range of numbers, both ends included.
type Range struct{ First, Last uint32 }

// RuleInvert is FIB_RULE_INVERT of linux/fib_rules.h, in Rule.Flags: the rule is for packets that its selectors do
// not match.
const RuleInvert = unix.FIB_RULE_INVERT

// Actions of rules, in Rule.Action.
const (
	ActionTable = unix.FR_ACT_TO_TBL
	ActionGoto  = unix.FR_ACT_GOTO
)

// ruleMessage is struct fib_rule_hdr, which is laid out as struct rtmsg, and the FRA_* of linux/fib_rules.h.
var ruleMessage = netlink.MessageKind{
	What: "a rule", Protocol: unix.NETLINK_ROUTE, Types: []uint16{unix.RTM_NEWRULE}, Header: unix.SizeofRtMsg,
	Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{
			unix.FRA_IIFNAME, unix.FRA_OIFNAME, unix.FRA_GOTO, unix.FRA_PRIORITY, unix.FRA_FWMARK, unix.FRA_FWMASK,
			unix.FRA_FLOW, unix.FRA_TUN_ID, unix.FRA_SUPPRESS_IFGROUP, unix.FRA_SUPPRESS_PREFIXLEN, unix.FRA_TABLE,
			unix.FRA_L3MDEV, unix.FRA_UID_RANGE, unix.FRA_PROTOCOL, unix.FRA_IP_PROTO, unix.FRA_SPORT_RANGE,
			unix.FRA_DPORT_RANGE, uapi.FRA_DSCP, uapi.FRA_FLOWLABEL, uapi.FRA_FLOWLABEL_MASK,
		}},
		{Class: netlink.Prefix, Types: []uint16{unix.FRA_DST}, Offset: 1}, // dst_len
		{Class: netlink.Prefix, Types: []uint16{unix.FRA_SRC}, Offset: 2}, // src_len
	},
	Requests: []netlink.RequestKind{{Type: unix.RTM_GETRULE, Header: unix.SizeofRtMsg, ByFamily: true}},
}

// Rules lists the rules of a family, and reads them again if they change meanwhile. An error is the last item. A
// kernel that has no rules lists none.
func Rules(ctx context.Context, transport netlink.Transport, family uint8) iter.Seq2[*Rule, error] {
	return list[*Rule]{
		what: "rules of " + familyName(family), request: request(unix.RTM_GETRULE, family, unix.SizeofRtMsg),
		parse: parseRule, family: family, absent: []error{unix.EAFNOSUPPORT, unix.EOPNOTSUPP},
	}.consistent(ctx, transport)
}

// parseRule reads struct fib_rule_hdr and the attributes behind it.
func parseRule(b []byte) (*Rule, error) {
	attributes, err := ruleMessage.Decode(b)
	if err != nil {
		return nil, err
	}
	r := &Rule{
		Family: b[0], TOS: b[3], Table: uint32(b[4]), Action: b[7], Flags: binary.NativeEndian.Uint32(b[8:]),
		SuppressPrefixLength: -1, SuppressGroup: -1,
	}
	var dst, src []byte
	for attributes.Next() {
		switch attributes.Type() {
		case unix.FRA_DST:
			dst = attributes.Bytes()
		case unix.FRA_SRC:
			src = attributes.Bytes()
		case unix.FRA_SPORT_RANGE:
			r.SourcePorts = ports(attributes.Uint32())
		case unix.FRA_DPORT_RANGE:
			r.DestPorts = ports(attributes.Uint32())
		default:
			r.attribute(&attributes)
		}
	}
	if err = attributes.Err(); err == nil {
		r.Dst, err = prefix(r.Family, dst, b[1])
	}
	if err == nil {
		r.Src, err = prefix(r.Family, src, b[2])
	}
	return r, err
}

func (r *Rule) attribute(a *netlink.Attributes) {
	switch a.Type() {
	case unix.FRA_IIFNAME:
		r.InInterface = a.String()
	case unix.FRA_OIFNAME:
		r.OutInterface = a.String()
	case unix.FRA_GOTO:
		r.Goto = a.Uint32()
	case unix.FRA_PRIORITY:
		r.Priority = a.Uint32()
	case unix.FRA_FWMARK:
		r.Mark = a.Uint32()
	case unix.FRA_FWMASK:
		r.MarkMask = a.Uint32()
	case unix.FRA_FLOW:
		r.Realms = a.Uint32()
	case unix.FRA_TUN_ID:
		r.TunnelID = bigEndian(a.Bytes())
	case unix.FRA_TABLE:
		r.Table = a.Uint32()
	case unix.FRA_SUPPRESS_PREFIXLEN:
		r.SuppressPrefixLength = int(int32(a.Uint32()))
	case unix.FRA_SUPPRESS_IFGROUP:
		r.SuppressGroup = int(int32(a.Uint32()))
	case unix.FRA_L3MDEV:
		r.L3Mdev = a.Uint8() != 0
	case unix.FRA_PROTOCOL:
		r.Protocol = a.Uint8()
	case unix.FRA_IP_PROTO:
		r.IPProto = a.Uint8()
	case unix.FRA_UID_RANGE:
		if b := a.Bytes(); len(b) >= 8 {
			r.UIDs = &Range{binary.NativeEndian.Uint32(b), binary.NativeEndian.Uint32(b[4:])}
		}
	case uapi.FRA_DSCP: // the upper six bits of the TOS byte
		r.TOS = a.Uint8() << 2
	}
}

// ports reads struct fib_rule_port_range, two ports in the machine's byte order.
func ports(raw uint32) *Range {
	b := binary.NativeEndian.AppendUint32(nil, raw)
	return &Range{uint32(binary.NativeEndian.Uint16(b)), uint32(binary.NativeEndian.Uint16(b[2:]))}
}

// bigEndian reads up to eight bytes.
func bigEndian(b []byte) (n uint64) {
	for _, digit := range b[:min(len(b), 8)] {
		n = n<<8 | uint64(digit)
	}
	return n
}
