package unixdiag

import (
	"bytes"
	"encoding/binary"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
	"netql/sources/netlink/uapi"
	"netql/sources/sockdiag"
)

var native = binary.NativeEndian

// Messages are the messages that this package reads.
var Messages = []*netlink.MessageKind{&socketMessage}

// socketMessage is struct unix_diag_msg and the UNIX_DIAG_* of linux/unix_diag.h.
var socketMessage = netlink.MessageKind{
	What: "a unix socket", Protocol: unix.NETLINK_SOCK_DIAG, Types: []uint16{unix.SOCK_DIAG_BY_FAMILY},
	First: []uint8{unix.AF_UNIX}, Header: 16,
	Attributes: []netlink.AttributeGroup{
		{Class: netlink.SocketPath, Types: []uint16{uapi.UNIX_DIAG_NAME}},
		{Class: netlink.Keep, Types: []uint16{
			uapi.UNIX_DIAG_VFS, uapi.UNIX_DIAG_PEER, uapi.UNIX_DIAG_ICONS, uapi.UNIX_DIAG_RQLEN,
			uapi.UNIX_DIAG_MEMINFO, uapi.UNIX_DIAG_SHUTDOWN, uapi.UNIX_DIAG_UID,
		}},
	},
	Requests: []netlink.RequestKind{{
		Type: unix.SOCK_DIAG_BY_FAMILY, First: []uint8{unix.AF_UNIX}, Header: 24, // struct unix_diag_req
		Bits: []netlink.Bits{
			{Offset: 4, Size: 4, Shown: netlink.Shown{Offset: 2}},     // udiag_states, udiag_state
			{Offset: 12, Size: 4, Shown: netlink.Shown{Hidden: true}}, // udiag_show
		},
	}},
}

// parseSocket reads struct unix_diag_msg and the attributes behind it. The result shares no memory with b.
func parseSocket(b []byte) (*Socket, error) {
	attributes, err := socketMessage.Decode(b)
	if err != nil {
		return nil, err
	}
	s := &Socket{Type: b[1], State: State(b[2]), Inode: native.Uint32(b[4:]), Cookie: sockdiag.Cookie(b[8:])}
	for attributes.Next() {
		s.attribute(&attributes)
	}
	return s, attributes.Err()
}

// attribute reads one attribute. Those of newer kernels are skipped.
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
		s.Shutdown = a.Uint8()
	case AttrUID:
		s.UID = a.Uint32()
	default:
		return
	}
	s.Add(kind)
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
