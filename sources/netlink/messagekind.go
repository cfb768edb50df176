package netlink

import (
	"fmt"
	"slices"
)

// A MessageKind describes one kind of message of the kernel, for the parser that reads it and for captures, which
// filter recorded answers and leave out what identifies people and machines. Each is declared beside its parser, which
// reads no attribute that is not listed here (netlinktest.CheckDescribed).
type MessageKind struct {
	What       string           // as errors call it, with its article: "a route"
	Protocol   int              // the netlink family, such as unix.NETLINK_ROUTE
	Types      []uint16         // the message types, such as unix.RTM_NEWROUTE
	Generic    string           // instead: the family of generic netlink, whose message type the kernel chooses
	First      []uint8          // the header's first byte: address families, generic netlink's commands; nil for any
	Header     int              // bytes of the structure in front of the attributes
	Addresses  []int            // offsets in it of addresses in 16 bytes, of the family in its first byte
	Attributes []AttributeGroup // what the attributes are; those that are not listed are not read
	Requests   []RequestKind    // that ask for such messages
}

// Decode starts before the first attribute of a message, if it is as long as its header.
func (k *MessageKind) Decode(message []byte) (Attributes, error) {
	if len(message) < k.Header {
		return Attributes{}, fmt.Errorf("%w: %s of %d bytes, not %d", ErrTruncated, k.What, len(message), k.Header)
	}
	return DecodeAttributes(message[k.Header:]), nil
}

// Is says whether a message of a protocol is of this kind. For generic netlink the caller compares the type, because
// the kernel chooses the numbers of families.
func (k *MessageKind) Is(protocol int, m Message) bool {
	return k.Protocol == protocol && startsWith(k.First, m.Data) &&
		(k.Generic != "" || slices.Contains(k.Types, m.Type))
}

// startsWith says whether the first byte of b is one of a list, which is nil for any.
func startsWith(list []uint8, b []byte) bool {
	return list == nil || len(b) > 0 && slices.Contains(list, b[0])
}
