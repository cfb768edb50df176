package rtnetlink

import (
	"encoding/binary"

	"netql/sources/netlink"
)

// attr is one attribute of a message.
type attr struct {
	kind  uint16
	value []byte
}

// with appends attributes to a structure, in their order.
func with(b []byte, attributes ...attr) []byte {
	for _, a := range attributes {
		b = netlink.AppendAttribute(b, a.kind, a.value)
	}
	return b
}

// longs writes numbers of 64 bits.
func longs(numbers ...uint64) (b []byte) {
	for _, n := range numbers {
		b = binary.NativeEndian.AppendUint64(b, n)
	}
	return b
}
