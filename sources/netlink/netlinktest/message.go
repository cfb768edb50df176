package netlinktest

import (
	"encoding/binary"
	"maps"
	"slices"

	"netql/sources/netlink"
)

// Numbers are 32-bit numbers, one after the other, as the kernel writes its structures.
func Numbers(list ...uint32) (b []byte) {
	for _, n := range list {
		b = binary.NativeEndian.AppendUint32(b, n)
	}
	return b
}

// Halves are 16-bit numbers, one after the other.
func Halves(list ...uint16) (b []byte) {
	for _, n := range list {
		b = binary.NativeEndian.AppendUint16(b, n)
	}
	return b
}

// WithAttributes appends attributes to a structure, in the order of their types.
func WithAttributes[A ~uint16](b []byte, attributes map[A][]byte) []byte {
	for _, a := range slices.Sorted(maps.Keys(attributes)) {
		b = netlink.AppendAttribute(b, uint16(a), attributes[a])
	}
	return b
}
