package netlink

import (
	"encoding/binary"
	"fmt"

	"golang.org/x/sys/unix"
)

// native is the byte order of everything netlink itself says.
var native = binary.NativeEndian

// headerSize is the size of struct nlmsghdr (linux/netlink.h).
const headerSize = unix.SizeofNlMsghdr

// header is struct nlmsghdr.
type header struct {
	length   uint32 // with the header, without the padding behind
	kind     uint16
	flags    uint16
	sequence uint32
	port     uint32
}

// align rounds up to the four bytes on which messages and attributes start.
func align(n int) int { return (n + 3) &^ 3 }

// cutMessage splits the first message off a datagram. The last message of a datagram need not be padded.
func cutMessage(datagram []byte) (h header, body, rest []byte, err error) {
	if len(datagram) < headerSize {
		err := fmt.Errorf("%w: %d bytes are left for a header of %d", ErrTruncated, len(datagram), headerSize)
		return h, nil, nil, err
	}
	h = header{
		length:   native.Uint32(datagram),
		kind:     native.Uint16(datagram[4:]),
		flags:    native.Uint16(datagram[6:]),
		sequence: native.Uint32(datagram[8:]),
		port:     native.Uint32(datagram[12:]),
	}
	if h.length < headerSize || int64(h.length) > int64(len(datagram)) {
		err := fmt.Errorf("%w: a length of %d where %d bytes are left", ErrTruncated, h.length, len(datagram))
		return h, nil, nil, err
	}
	size := int(h.length)
	return h, datagram[headerSize:size], datagram[min(align(size), len(datagram)):], nil
}

// encode writes a request as the kernel wants it.
func encode(r Request, sequence, port uint32) []byte {
	flags := r.Flags | unix.NLM_F_REQUEST
	if r.Single {
		flags |= unix.NLM_F_ACK
	} else {
		flags |= unix.NLM_F_DUMP
	}
	size := headerSize + len(r.Payload)
	b := make([]byte, 0, size)
	b = native.AppendUint32(b, uint32(size))
	b = native.AppendUint16(b, r.Type)
	b = native.AppendUint16(b, flags)
	b = native.AppendUint32(b, sequence)
	b = native.AppendUint32(b, port)
	return append(b, r.Payload...)
}
