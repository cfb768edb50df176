package conntrack

import (
	"net/netip"
	"slices"
	"time"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
)

// parseFlow decodes struct nfgenmsg and the attributes behind it. The result shares no memory with b.
func parseFlow(b []byte) (*Flow, error) {
	attributes, err := flowMessage.Decode(b)
	if err != nil {
		return nil, err
	}
	f := &Flow{Family: b[0]}
	for attributes.Next() {
		f.attribute(&attributes)
	}
	return f, attributes.Err()
}

// attribute reads one attribute. Those that no column needs, and those of newer kernels, are skipped.
func (f *Flow) attribute(a *netlink.Attributes) {
	kind := Attribute(a.Type())
	switch kind {
	case AttrOriginal:
		a.Nested(f.Original.parse)
	case AttrReply:
		a.Nested(f.Reply.parse)
	case AttrStatus:
		f.Status = a.Uint32BE()
	case AttrState:
		known := false
		a.Nested(func(inner *netlink.Attributes) { f.State, known = parseState(inner) })
		if !known {
			return
		}
	case AttrHelper:
		a.Nested(func(inner *netlink.Attributes) { f.Helper = parseHelper(inner) })
	case AttrTimeout:
		f.Timeout = time.Duration(a.Uint32BE()) * time.Second
	case AttrMark:
		f.Mark = a.Uint32BE()
	case AttrSent:
		a.Nested(f.Sent.parse)
	case AttrAnswered:
		a.Nested(f.Answered.parse)
	case AttrUse:
		f.Use = a.Uint32BE()
	case AttrID:
		f.ID = a.Uint32BE()
	case AttrZone:
		f.Zone = a.Uint16BE()
	case AttrStart:
		a.Nested(func(inner *netlink.Attributes) { f.Start = parseStart(inner) })
	case AttrLabels:
		f.Labels = slices.Clone(a.Bytes())
	default:
		return
	}
	f.Add(kind)
}

func (t *Tuple) parse(a *netlink.Attributes) {
	for a.Next() {
		switch a.Type() {
		case uapi.CTA_TUPLE_IP:
			a.Nested(t.parseAddresses)
		case uapi.CTA_TUPLE_PROTO:
			a.Nested(t.parseProtocol)
		case uapi.CTA_TUPLE_ZONE:
			t.Zone = a.Uint16BE()
		}
	}
}

func (t *Tuple) parseAddresses(a *netlink.Attributes) {
	for a.Next() {
		switch a.Type() {
		case uapi.CTA_IP_V4_SRC, uapi.CTA_IP_V6_SRC:
			t.Src, _ = netip.AddrFromSlice(a.Bytes())
		case uapi.CTA_IP_V4_DST, uapi.CTA_IP_V6_DST:
			t.Dst, _ = netip.AddrFromSlice(a.Bytes())
		}
	}
}

func (t *Tuple) parseProtocol(a *netlink.Attributes) {
	for a.Next() {
		switch a.Type() {
		case uapi.CTA_PROTO_NUM:
			t.Protocol = a.Uint8()
		case uapi.CTA_PROTO_SRC_PORT:
			t.SrcPort = a.Uint16BE()
		case uapi.CTA_PROTO_DST_PORT:
			t.DstPort = a.Uint16BE()
		case uapi.CTA_PROTO_ICMP_ID, uapi.CTA_PROTO_ICMPV6_ID:
			t.ICMPID = a.Uint16BE()
		case uapi.CTA_PROTO_ICMP_TYPE, uapi.CTA_PROTO_ICMPV6_TYPE:
			t.ICMPType, t.HasICMP = a.Uint8(), true
		case uapi.CTA_PROTO_ICMP_CODE, uapi.CTA_PROTO_ICMPV6_CODE:
			t.ICMPCode = a.Uint8()
		}
	}
}

// parseState reads CTA_PROTOINFO: in it the protocol's own list, and the state first in each.
func parseState(a *netlink.Attributes) (state uint8, known bool) {
	for a.Next() {
		a.Nested(func(inner *netlink.Attributes) {
			for inner.Next() {
				if inner.Type() == uapi.CTA_PROTOINFO_TCP_STATE { // _DCCP_STATE and _SCTP_STATE have the same number
					state, known = inner.Uint8(), true
				}
			}
		})
	}
	return state, known
}

// parseHelper reads CTA_HELP.
func parseHelper(a *netlink.Attributes) (name string) {
	for a.Next() {
		if a.Type() == uapi.CTA_HELP_NAME {
			name = a.String()
		}
	}
	return name
}

// parseStart reads CTA_TIMESTAMP.
func parseStart(a *netlink.Attributes) (nanoseconds uint64) {
	for a.Next() {
		if a.Type() == uapi.CTA_TIMESTAMP_START {
			nanoseconds = a.Uint64BE()
		}
	}
	return nanoseconds
}

// parse reads CTA_COUNTERS_ORIG or CTA_COUNTERS_REPLY.
func (c *Counters) parse(a *netlink.Attributes) {
	for a.Next() {
		switch a.Type() {
		case uapi.CTA_COUNTERS_PACKETS:
			c.Packets = a.Uint64BE()
		case uapi.CTA_COUNTERS_BYTES:
			c.Bytes = a.Uint64BE()
		}
	}
}
