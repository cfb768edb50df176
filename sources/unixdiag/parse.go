package unixdiag

import (
	"bytes"
	"encoding/binary"

	"netql/sources/netlink"
	"netql/sources/sockdiag"
)

var native = binary.NativeEndian

// messageSize is the size of struct unix_diag_msg.
const messageSize = 16

// parseSocket reads struct unix_diag_msg and the attributes behind it. The result shares no memory with b.
func parseSocket(b []byte) (*Socket, error) {
	if len(b) < messageSize {
		return nil, sockdiag.Short("unix socket", len(b), messageSize)
	}
	s := &Socket{Type: b[1], State: State(b[2]), Inode: native.Uint32(b[4:]), Cookie: sockdiag.Cookie(b[8:])}
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
	case AttrName:
		s.Name = name(a.Bytes())
	case AttrVFS:
		b := a.Bytes()
		if len(b) < 8 {
			return
		}
		s.VFSInode, s.VFSDevice = native.Uint32(b), native.Uint32(b[4:])
	case AttrPeer:
		s.Peer = a.Uint32()
	case AttrPending:
		s.Pending = words(a.Bytes())
	case AttrQueues:
		b := a.Bytes()
		if len(b) < 8 {
			return
		}
		s.RecvQueue, s.SendQueue = native.Uint32(b), native.Uint32(b[4:])
	case AttrMemory:
		s.Memory = sockdiag.ParseMemory(a.Bytes())
	case AttrShutdown:
		s.Shutdown = sockdiag.Shutdown(a.Uint8())
	case AttrUID:
		s.UID = a.Uint32()
	default:
		return
	}
	s.attributes |= 1 << kind
}

// name copies the address of a socket. A path ends at its first NUL; an abstract name ends where the address does.
func name(b []byte) string {
	if len(b) > 0 && b[0] != 0 {
		b, _, _ = bytes.Cut(b, []byte{0})
	}
	return string(b)
}

func words(b []byte) (list []uint32) {
	for ; len(b) >= 4; b = b[4:] {
		list = append(list, native.Uint32(b))
	}
	return list
}
