package netlink

import (
	"bytes"
	"fmt"

	"golang.org/x/sys/unix"
)

// attributeHeader is the size of struct nlattr (linux/netlink.h).
const attributeHeader = unix.SizeofNlAttr

// Attributes iterates over a list of attributes. Its error is sticky: read all of them, then look at Err once.
// An attribute nobody asks for is skipped unread.
//
//	attributes := netlink.DecodeAttributes(b)
//	for attributes.Next() {
//		switch attributes.Type() {
//		case unix.IFLA_MTU:
//			link.MTU = attributes.Uint32()
//		}
//	}
//	return attributes.Err()
type Attributes struct {
	rest, value []byte
	kind        uint16
	err         error
}

// DecodeAttributes starts before the first attribute of b, which it does not copy.
func DecodeAttributes(b []byte) Attributes { return Attributes{rest: b} }

// Next moves to the next attribute. It is false at the end and after an error. Up to three bytes behind the last
// attribute are padding.
func (a *Attributes) Next() bool {
	if a.err != nil || len(a.rest) < attributeHeader {
		return false
	}
	size := int(native.Uint16(a.rest))
	if size < attributeHeader || size > len(a.rest) {
		a.err = fmt.Errorf("%w: an attribute of %d bytes where %d are left", ErrTruncated, size, len(a.rest))
		return false
	}
	a.kind = native.Uint16(a.rest[2:]) &^ (unix.NLA_F_NESTED | unix.NLA_F_NET_BYTEORDER)
	a.value = a.rest[attributeHeader:size]
	a.rest = a.rest[min(align(size), len(a.rest)):]
	return true
}

// Err is the first error of the iteration and of the values read.
func (a *Attributes) Err() error { return a.err }

// Fail ends the iteration with an error, which a reader of a value found in it.
func (a *Attributes) Fail(err error) {
	if a.err == nil {
		a.err = err
	}
}

// Type is the current attribute's type, without the flag bits.
func (a *Attributes) Type() uint16 { return a.kind }

// Bytes is the current value, uncopied.
func (a *Attributes) Bytes() []byte { return a.value }

// Uint8 reads the current value.
func (a *Attributes) Uint8() uint8 {
	if b := a.prefix(1); b != nil {
		return b[0]
	}
	return 0
}

// Uint16 reads the current value in the machine's byte order.
func (a *Attributes) Uint16() uint16 {
	if b := a.prefix(2); b != nil {
		return native.Uint16(b)
	}
	return 0
}

// Uint32 reads the current value in the machine's byte order.
func (a *Attributes) Uint32() uint32 {
	if b := a.prefix(4); b != nil {
		return native.Uint32(b)
	}
	return 0
}

// Uint64 reads the current value in the machine's byte order.
func (a *Attributes) Uint64() uint64 {
	if b := a.prefix(8); b != nil {
		return native.Uint64(b)
	}
	return 0
}

// String copies the current value up to its first NUL.
func (a *Attributes) String() string { return string(a.Text()) }

// Text is the current value up to its first NUL, uncopied.
func (a *Attributes) Text() []byte {
	text, _, _ := bytes.Cut(a.value, []byte{0})
	return text
}

// Nested reads the attributes inside the current one. Their error becomes this iteration's.
func (a *Attributes) Nested(read func(*Attributes)) {
	inner := DecodeAttributes(a.value)
	read(&inner)
	if inner.err != nil && a.err == nil {
		a.err = fmt.Errorf("in attribute %d: %w", a.kind, inner.err)
	}
}

// prefix is the first n bytes of the value; a longer value is a newer kernel's.
func (a *Attributes) prefix(n int) []byte {
	if len(a.value) < n {
		if a.err == nil {
			a.err = fmt.Errorf("%w: attribute %d has %d bytes, not %d", ErrTruncated, a.kind, len(a.value), n)
		}
		return nil
	}
	return a.value[:n]
}

// AppendAttribute writes one attribute, padded, behind b. The caller keeps the value under 64 KiB, which is all its
// length can say.
func AppendAttribute(b []byte, kind uint16, value []byte) []byte {
	b = native.AppendUint16(b, uint16(attributeHeader+len(value)))
	b = native.AppendUint16(b, kind)
	b = append(b, value...)
	return append(b, make([]byte, align(len(value))-len(value))...)
}
