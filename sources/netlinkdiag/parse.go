package netlinkdiag

import (
	"encoding/binary"
	"math/bits"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
	"netql/sources/sockdiag"
)

var native = binary.NativeEndian

// Messages are the messages that this package reads.
var Messages = []*netlink.MessageKind{&socketMessage}

// socketMessage is struct netlink_diag_msg and the NETLINK_DIAG_* of linux/netlink_diag.h.
var socketMessage = netlink.MessageKind{
	What: "a netlink socket", Protocol: unix.NETLINK_SOCK_DIAG, Types: []uint16{unix.SOCK_DIAG_BY_FAMILY},
	First: []uint8{unix.AF_NETLINK}, Header: 28,
	Attributes: []netlink.AttributeGroup{{Class: netlink.Keep, Types: []uint16{
		uapi.NETLINK_DIAG_MEMINFO, uapi.NETLINK_DIAG_GROUPS, uapi.NETLINK_DIAG_RX_RING, uapi.NETLINK_DIAG_TX_RING,
		uapi.NETLINK_DIAG_FLAGS,
	}}},
	Requests: []netlink.RequestKind{{
		Type: unix.SOCK_DIAG_BY_FAMILY, First: []uint8{unix.AF_NETLINK}, Header: 20, // struct netlink_diag_req
		Bits: []netlink.Bits{{Offset: 8, Size: 4, Shown: netlink.Shown{Hidden: true}}}, // ndiag_show
	}},
}

// parseSocket reads struct netlink_diag_msg and the attributes behind it. The result shares no memory with b.
func parseSocket(b []byte) (*Socket, error) {
	attributes, err := socketMessage.Decode(b)
	if err != nil {
		return nil, err
	}
	s := &Socket{
		Protocol: b[2], State: State(b[3]),
		Port: native.Uint32(b[4:]), PeerPort: native.Uint32(b[8:]), PeerGroup: native.Uint32(b[12:]),
		Inode: native.Uint32(b[16:]), Cookie: sockdiag.Cookie(b[20:]),
	}
	for attributes.Next() {
		s.attribute(&attributes)
	}
	return s, attributes.Err()
}

// attribute reads one attribute. Those of newer kernels, and the rings of old ones, are skipped.
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
	s.Add(kind)
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

// Groups are the numbers of the groups in a word of the bitmap, whose lowest bit is the group first.
func Groups(word uint64, first uint32) (list []uint32) {
	for ; word != 0; word &= word - 1 {
		list = append(list, first+uint32(bits.TrailingZeros64(word)))
	}
	return list
}
