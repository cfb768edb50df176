package conntrack

import (
	"fmt"
	"net/netip"
	"slices"
	"time"

	"netql/sources/netlink"
)

// headerSize is the size of struct nfgenmsg: family, version, and a number that is not used here.
const headerSize = 4

// parseFlow decodes struct nfgenmsg and the attributes behind it. The result shares no memory with b.
func parseFlow(b []byte) (*Flow, error) {
	if len(b) < headerSize {
		return nil, fmt.Errorf("%w: a flow of %d bytes, not %d", netlink.ErrTruncated, len(b), headerSize)
	}
	f := &Flow{Family: b[0]}
	attributes := netlink.DecodeAttributes(b[headerSize:])
	for attributes.Next() {
		f.attribute(&attributes)
	}
	return f, attributes.Err()
}

// attribute reads one attribute. One that is not here belongs to a newer kernel or to nobody's column.
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
	f.attributes |= 1 << kind
}

// CTA_TUPLE_*, CTA_IP_* and CTA_PROTO_*.
const (
	tupleIP       = 1
	tupleProtocol = 2
	tupleZone     = 3

	ip4Src, ip4Dst, ip6Src, ip6Dst = 1, 2, 3, 4

	protocolNumber    = 1
	protocolSrcPort   = 2
	protocolDstPort   = 3
	protocolICMPID    = 4
	protocolICMPType  = 5
	protocolICMPCode  = 6
	protocolICMP6ID   = 7
	protocolICMP6Type = 8
	protocolICMP6Code = 9
)

func (t *Tuple) parse(a *netlink.Attributes) {
	for a.Next() {
		switch a.Type() {
		case tupleIP:
			a.Nested(t.parseAddresses)
		case tupleProtocol:
			a.Nested(t.parseProtocol)
		case tupleZone:
			t.Zone = a.Uint16BE()
		}
	}
}

func (t *Tuple) parseAddresses(a *netlink.Attributes) {
	for a.Next() {
		switch a.Type() {
		case ip4Src, ip6Src:
			t.Src, _ = netip.AddrFromSlice(a.Bytes())
		case ip4Dst, ip6Dst:
			t.Dst, _ = netip.AddrFromSlice(a.Bytes())
		}
	}
}

func (t *Tuple) parseProtocol(a *netlink.Attributes) {
	for a.Next() {
		switch a.Type() {
		case protocolNumber:
			t.Protocol = a.Uint8()
		case protocolSrcPort:
			t.SrcPort = a.Uint16BE()
		case protocolDstPort:
			t.DstPort = a.Uint16BE()
		case protocolICMPID, protocolICMP6ID:
			t.ICMPID = a.Uint16BE()
		case protocolICMPType, protocolICMP6Type:
			t.ICMPType, t.HasICMP = a.Uint8(), true
		case protocolICMPCode, protocolICMP6Code:
			t.ICMPCode = a.Uint8()
		}
	}
}

// parseState reads CTA_PROTOINFO: in it the protocol's own list, and the state first in each.
func parseState(a *netlink.Attributes) (state uint8, known bool) {
	for a.Next() {
		a.Nested(func(inner *netlink.Attributes) {
			for inner.Next() {
				if inner.Type() == 1 { // CTA_PROTOINFO_TCP_STATE, _DCCP_STATE, _SCTP_STATE
					state, known = inner.Uint8(), true
				}
			}
		})
	}
	return state, known
}

// parseHelper reads CTA_HELP_NAME.
func parseHelper(a *netlink.Attributes) (name string) {
	for a.Next() {
		if a.Type() == 1 {
			name = a.String()
		}
	}
	return name
}

// parseStart reads CTA_TIMESTAMP_START.
func parseStart(a *netlink.Attributes) (nanoseconds uint64) {
	for a.Next() {
		if a.Type() == 1 {
			nanoseconds = a.Uint64BE()
		}
	}
	return nanoseconds
}

// parse reads CTA_COUNTERS_PACKETS and CTA_COUNTERS_BYTES.
func (c *Counters) parse(a *netlink.Attributes) {
	for a.Next() {
		switch a.Type() {
		case 1:
			c.Packets = a.Uint64BE()
		case 2:
			c.Bytes = a.Uint64BE()
		}
	}
}
