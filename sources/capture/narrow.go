package capture

import (
	"encoding/binary"
	"fmt"
	"slices"

	"golang.org/x/sys/unix"

	"netql/sources/netlink"
)

// filter makes the filter of a request of this kind. All parts that do not narrow the answer are its subject.
func (k requestKind) filter(r netlink.Request) filter {
	var f filter
	header := slices.Clone(r.Payload[:k.Header])
	for _, field := range k.fields(r.Payload[0]) {
		if value := r.Payload[field.Offset : field.Offset+field.Size]; !isZero(value) {
			shown := netlink.Shown{Offset: field.Offset + field.Moved}
			f.equal = append(f.equal, condition{Shown: shown, value: value})
		}
		clear(header[field.Offset : field.Offset+field.Size])
	}
	for _, b := range k.Bits {
		f.sets = append(f.sets, bitSet{b.Shown, wanted(b, r.Payload, k.Header)})
		clear(header[b.Offset : b.Offset+b.Size])
	}
	if k.Choice != nil {
		clear(header[k.Choice.Offset : k.Choice.Offset+choiceSize])
	}
	if f.subject = k.Lists; f.subject == "" {
		f.subject = fmt.Sprintf("%d %d %d %x", r.Protocol, r.Type, r.Flags, header)
	}
	f.subject += fmt.Sprintf("%x", f.narrowByAttributes(k, r.Payload[k.Header:]))
	if k.Choice != nil {
		f.choose(k.Choice, r.Payload)
	}
	return f
}

// fields are the header's fields that narrow. For IPv4 and IPv6 the family is one, because AF_UNSPEC lists both; other
// families are part of the subject.
func (k requestKind) fields(family byte) []netlink.Field {
	if k.ByFamily && (family == unix.AF_INET || family == unix.AF_INET6) {
		return append([]netlink.Field{{Offset: 0, Size: 1}}, k.Fields...)
	}
	return k.Fields
}

// narrowByAttributes adds the conditions of a request's attributes, and returns the attributes that do not narrow.
func (f *filter) narrowByAttributes(k requestKind, list []byte) (rest []byte) {
	for attributes := netlink.DecodeAttributes(list); attributes.Next(); {
		kind, value := attributes.Type(), attributes.Bytes()
		i := slices.IndexFunc(k.Attributes, func(c netlink.Condition) bool { return c.Type == kind })
		switch {
		case slices.ContainsFunc(k.Bits, func(b netlink.Bits) bool { return b.Attribute == kind }):
		case i < 0:
			rest = netlink.AppendAttribute(rest, kind, value)
		default:
			shown := shownBy(k.Attributes[i])
			f.equal = append(f.equal, condition{Shown: shown, header: k.messages.Header, value: value})
		}
	}
	return rest
}

// shownBy says where messages show a condition's value. Conditions on hidden values differ by the request's attribute.
func shownBy(c netlink.Condition) netlink.Shown {
	if c.Shown.Hidden {
		return netlink.Shown{Hidden: true, Attribute: c.Type}
	}
	return c.Shown
}

// wanted reads the bits of a request as those that messages show; inverted ones are turned, so that more bits always
// ask for more.
func wanted(b netlink.Bits, payload []byte, header int) uint64 {
	field := payload[b.Offset : b.Offset+b.Size]
	if b.Attribute != 0 {
		field = attribute(payload[header:], b.Attribute)
	}
	bits := number(field) ^ b.Inverted
	for _, alias := range b.ShownAs {
		bits &^= 1 << alias.Shown
		if bits&(1<<alias.Bit) != 0 {
			bits |= 1 << alias.Shown
		}
	}
	return bits
}

// choiceSize is the size of the field of a netlink.Choice.
const choiceSize = 4

// choose adds the condition that a choice makes.
func (f *filter) choose(c *netlink.Choice, payload []byte) {
	chosen := binary.NativeEndian.Uint32(payload[c.Offset:]) & c.Bit
	byMoreThanFamily := func(c condition) bool { return c.Shown != netlink.Shown{} }
	narrowed := slices.ContainsFunc(f.equal, byMoreThanFamily)
	if chosen != 0 || narrowed {
		f.equal = append(f.equal, condition{
			Shown: netlink.Shown{Offset: c.Offset},
			value: binary.NativeEndian.AppendUint32(nil, chosen), mask: binary.NativeEndian.AppendUint32(nil, c.Bit),
		})
	}
}

// attribute finds the value of the first attribute of a type; nil if there is none.
func attribute(list []byte, kind uint16) []byte {
	for attributes := netlink.DecodeAttributes(list); attributes.Next(); {
		if attributes.Type() == kind {
			return attributes.Bytes()
		}
	}
	return nil
}

// number reads a number of one or four bytes in the machine's byte order; 0 where there is none.
func number(b []byte) uint64 {
	switch len(b) {
	case 1:
		return uint64(b[0])
	case 4:
		return uint64(binary.NativeEndian.Uint32(b))
	}
	return 0
}

func isZero(b []byte) bool { return !slices.ContainsFunc(b, func(c byte) bool { return c != 0 }) }
