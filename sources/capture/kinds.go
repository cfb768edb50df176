package capture

import (
	"encoding/binary"
	"slices"

	"golang.org/x/sys/unix"

	"netql/sources/conntrack"
	"netql/sources/ethtool"
	"netql/sources/inetdiag"
	"netql/sources/netlink"
	"netql/sources/netlinkdiag"
	"netql/sources/packetdiag"
	"netql/sources/rtnetlink"
	"netql/sources/unixdiag"
)

// messageKinds yields the descriptions of all messages that netql reads.
func messageKinds(yield func(*netlink.MessageKind) bool) {
	for _, list := range [][]*netlink.MessageKind{
		rtnetlink.Messages, inetdiag.Messages, unixdiag.Messages, packetdiag.Messages, netlinkdiag.Messages,
		conntrack.Messages, ethtool.Messages,
	} {
		for _, kind := range list {
			if !yield(kind) {
				return
			}
		}
	}
}

// A requestKind is the description of a request, and of the messages that it is answered with.
type requestKind struct {
	*netlink.RequestKind
	messages *netlink.MessageKind
}

// requestKindOf finds the description of a request that lists things, or looks up one of a list; false where there is
// none, and for a look-up of what is in no list.
func requestKindOf(r netlink.Request) (kind requestKind, known bool) {
	for m := range messageKinds {
		for i := range m.Requests {
			k := &m.Requests[i]
			if (!k.Single || k.Lists != "") && m.Protocol == r.Protocol && k.Is(r) {
				return requestKind{k, m}, true
			}
		}
	}
	return requestKind{}, false
}

// widened is the request that a recorder sends instead, whose answer serves more queries: for the list of which one
// object is looked up, with netlink.Bits.Recorded, and without the conditions that are Unrecorded.
func widened(r netlink.Request) netlink.Request {
	k, known := requestKindOf(r)
	if !known {
		return r
	}
	r.Single = false
	r.Payload = slices.Clone(r.Payload)
	for _, b := range k.Bits {
		if b.Recorded != 0 {
			field := r.Payload[b.Offset : b.Offset+b.Size]
			binary.NativeEndian.PutUint32(field, uint32(number(field)|b.Recorded))
		}
	}
	for _, f := range k.Fields {
		if f.Unrecorded {
			clear(r.Payload[f.Offset : f.Offset+f.Size])
		}
	}
	r.Payload = k.recordedAttributes(r.Payload)
	return r
}

// recordedAttributes is the payload without the attributes that a recorder leaves out.
func (k requestKind) recordedAttributes(payload []byte) []byte {
	unrecorded := func(kind uint16) bool {
		return slices.ContainsFunc(k.Attributes,
			func(c netlink.Condition) bool { return c.Type == kind && c.Unrecorded })
	}
	kept := payload[:k.Header:k.Header]
	for attributes := netlink.DecodeAttributes(payload[k.Header:]); attributes.Next(); {
		if kind := attributes.Type(); !unrecorded(kind) {
			kept = netlink.AppendAttribute(kept, kind, attributes.Bytes())
		}
	}
	return kept
}

// otherFamily is the same request for IPv6 where it is for IPv4, and the other way round.
func otherFamily(r netlink.Request) (netlink.Request, bool) {
	k, known := requestKindOf(r)
	if !known || !k.ByFamily || r.Payload[0] != unix.AF_INET && r.Payload[0] != unix.AF_INET6 {
		return r, false
	}
	r.Payload = slices.Clone(r.Payload)
	r.Payload[0] = unix.AF_INET + unix.AF_INET6 - r.Payload[0]
	return r, true
}
