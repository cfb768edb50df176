package netlinkdiag

import (
	"encoding/binary"
	"math/bits"

	"netql/sources/netlink"
	"netql/sources/sockdiag"
)

var native = binary.NativeEndian

// messageSize is the size of struct netlink_diag_msg.
const messageSize = 28

// parseSocket reads struct netlink_diag_msg and the attributes behind it. The result shares no memory with b.
func parseSocket(b []byte) (*Socket, error) {
	if len(b) < messageSize {
		return nil, sockdiag.Short("netlink socket", len(b), messageSize)
	}
	s := &Socket{
		Type: b[1], Protocol: b[2], State: State(b[3]),
		Port: native.Uint32(b[4:]), PeerPort: native.Uint32(b[8:]), PeerGroup: native.Uint32(b[12:]),
		Inode: native.Uint32(b[16:]), Cookie: sockdiag.Cookie(b[20:]),
	}
	attributes := netlink.DecodeAttributes(b[messageSize:])
	for attributes.Next() {
		s.attribute(&attributes)
	}
	return s, attributes.Err()
}

// attribute reads one attribute. One that is not here belongs to a newer kernel, or an old one's rings.
func (s *Socket) attribute(a *netlink.Attributes) {
	kind := Attribute(a.Type())
	switch kind {
	case AttrMemory:
		s.Memory = sockdiag.ParseMemory(a.Bytes())
	case AttrGroups:
		s.Groups = parseGroups(a.Bytes())
	case AttrFlags:
		s.Flags = Flags(a.Uint32())
	default:
		return
	}
	s.attributes |= 1 << kind
}

// parseGroups reads a bitmap, an array of C's unsigned long: group 1 is its lowest bit.
func parseGroups(b []byte) (list []uint32) {
	const size = bits.UintSize / 8
	for base := uint32(1); len(b) >= size; base, b = base+bits.UintSize, b[size:] {
		word := uint64(native.Uint32(b))
		if size == 8 {
			word = native.Uint64(b)
		}
		list = append(list, Groups(word, base)...)
	}
	return list
}

// Groups are the groups of a word of the bitmap, whose lowest bit is the group first.
func Groups(word uint64, first uint32) (list []uint32) {
	for ; word != 0; word &= word - 1 {
		list = append(list, first+uint32(bits.TrailingZeros64(word)))
	}
	return list
}
