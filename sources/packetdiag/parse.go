package packetdiag

import (
	"encoding/binary"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
	"netql/sources/sockdiag"
)

var native = binary.NativeEndian

// Messages are the messages that this package reads.
var Messages = []*netlink.MessageKind{&socketMessage}

// socketMessage is struct packet_diag_msg and the PACKET_DIAG_* of linux/packet_diag.h. The constants in a filter may
// be addresses.
var socketMessage = netlink.MessageKind{
	What: "a packet socket", Protocol: unix.NETLINK_SOCK_DIAG, Types: []uint16{unix.SOCK_DIAG_BY_FAMILY},
	First: []uint8{unix.AF_PACKET}, Header: 16,
	Attributes: []netlink.AttributeGroup{
		{Class: netlink.Keep, Types: []uint16{
			uapi.PACKET_DIAG_INFO, uapi.PACKET_DIAG_RX_RING, uapi.PACKET_DIAG_TX_RING, uapi.PACKET_DIAG_FANOUT,
			uapi.PACKET_DIAG_UID, uapi.PACKET_DIAG_MEMINFO,
		}},
		{Class: netlink.Addresses, Types: []uint16{uapi.PACKET_DIAG_MCLIST}, Array: &membership},
		{Class: netlink.Blank, Types: []uint16{uapi.PACKET_DIAG_FILTER}},
	},
	Requests: []netlink.RequestKind{{
		Type: unix.SOCK_DIAG_BY_FAMILY, First: []uint8{unix.AF_PACKET}, Header: 20, // struct packet_diag_req
		Bits: []netlink.Bits{{Offset: 8, Size: 4, Shown: netlink.Shown{Hidden: true}}}, // pdiag_show
	}},
}

// membership is struct packet_diag_mclist.
var membership = netlink.Elements{Size: 44, Length: 10, Address: 12}

// parseSocket reads struct packet_diag_msg and the attributes behind it. The result shares no memory with b.
func parseSocket(b []byte) (*Socket, error) {
	attributes, err := socketMessage.Decode(b)
	if err != nil {
		return nil, err
	}
	s := &Socket{
		Type: b[1], Protocol: native.Uint16(b[2:]), Inode: native.Uint32(b[4:]), Cookie: sockdiag.Cookie(b[8:]),
	}
	for attributes.Next() {
		s.attribute(&attributes)
	}
	return s, attributes.Err()
}

// attribute reads one attribute. Those of newer kernels are skipped.
func (s *Socket) attribute(a *netlink.Attributes) {
	kind := Attribute(a.Type())
	switch kind {
	case AttrInfo:
		s.Info = parseInfo(a.Bytes())
	case AttrMemberships:
		s.Memberships = parseMemberships(a.Bytes())
	case AttrRXRing:
		s.RXRing = parseRing(a.Bytes())
	case AttrTXRing:
		s.TXRing = parseRing(a.Bytes())
	case AttrFanout:
		word := a.Uint32()
		s.Fanout = Fanout{ID: uint16(word), Type: uint8(word >> 16)} // the upper byte is for flags
	case AttrUID:
		s.UID = a.Uint32()
	case AttrMemory:
		s.Memory = sockdiag.ParseMemory(a.Bytes())
	case AttrFilter:
		s.Filter = len(a.Bytes()) / unix.SizeofSockFilter
	default:
		return
	}
	s.Add(kind)
}

// parseInfo reads struct packet_diag_info: index, version, reserve, copy threshold, time stamps, flags.
func parseInfo(b []byte) Info {
	return Info{Interface: word(b, 0), Version: word(b, 1), Flags: Flags(word(b, 5))}
}

// parseRing reads struct packet_diag_ring: block size, blocks, frame size, frames, and more.
func parseRing(b []byte) Ring {
	return Ring{BlockSize: word(b, 0), Blocks: word(b, 1), Frames: word(b, 3)}
}

// word reads one of several numbers of four bytes; 0 where there are fewer.
func word(b []byte, i int) uint32 {
	if len(b) < 4*i+4 {
		return 0
	}
	return native.Uint32(b[4*i:])
}

// parseMemberships reads an array of struct packet_diag_mclist.
func parseMemberships(b []byte) (list []Membership) {
	for ; len(b) >= membership.Size; b = b[membership.Size:] {
		address := string(membership.AddressOf(b))
		list = append(list, Membership{Interface: native.Uint32(b), Type: native.Uint16(b[8:]), Address: address})
	}
	return list
}
