package packetdiag

import (
	"encoding/binary"

	"netql/sources/netlink"
	"netql/sources/sockdiag"
)

var native = binary.NativeEndian

// The sizes of the structures of linux/packet_diag.h and, of a filter, linux/filter.h.
const (
	messageSize     = 16
	membershipSize  = 44
	instructionSize = 8
)

// parseSocket reads struct packet_diag_msg and the attributes behind it. The result shares no memory with b.
func parseSocket(b []byte) (*Socket, error) {
	if len(b) < messageSize {
		return nil, sockdiag.Short("packet socket", len(b), messageSize)
	}
	s := &Socket{Type: b[1], Protocol: native.Uint16(b[2:]), Inode: native.Uint32(b[4:]), Cookie: sockdiag.Cookie(b[8:])}
	attributes := netlink.DecodeAttributes(b[messageSize:])
	for attributes.Next() {
		s.attribute(&attributes)
	}
	return s, attributes.Err()
}

// attribute reads one attribute. One that is not here belongs to a newer kernel.
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
		s.Filter = len(a.Bytes()) / instructionSize
	default:
		return
	}
	s.attributes |= 1 << kind
}

func parseInfo(b []byte) (i Info) {
	fill(b, &i.Interface, &i.Version, &i.Reserve, &i.CopyThreshold, &i.Timestamps, (*uint32)(&i.Flags))
	return i
}

func parseRing(b []byte) (r Ring) {
	fill(b, &r.BlockSize, &r.Blocks, &r.FrameSize, &r.Frames, &r.RetireTimeout, &r.PrivateSize, &r.FeatureRequestWords)
	return r
}

// fill reads numbers, one after the other, as far as there are any.
func fill(b []byte, fields ...*uint32) {
	for i, field := range fields {
		if len(b) >= i*4+4 {
			*field = native.Uint32(b[i*4:])
		}
	}
}

// parseMemberships reads an array of struct packet_diag_mclist.
func parseMemberships(b []byte) (list []Membership) {
	for ; len(b) >= membershipSize; b = b[membershipSize:] {
		m := Membership{Interface: native.Uint32(b), Count: native.Uint32(b[4:]), Type: native.Uint16(b[8:])}
		address := b[12:membershipSize]
		m.Address = string(address[:min(int(native.Uint16(b[10:])), len(address))])
		list = append(list, m)
	}
	return list
}
