package schema

import (
	"encoding/binary"
	"fmt"
	"net/netip"
	"time"
)

// The kinds of boxed values in a key.
const (
	hardwareKey scalarKind = iota + boxed + 1
	timeKey
	listsKey
	otherKey
)

// AppendKey appends bytes that are the same for equal values only, as Key is. They say where they end, so that keys
// behind each other are the key of several values.
func (s Scalar) AppendKey(b []byte) []byte {
	s = s.unboxed()
	if s.kind == boxed {
		return appendBoxedKey(b, s.boxed)
	}
	b = append(b, byte(s.kind))
	switch s.kind {
	case fraction:
		return binary.BigEndian.AppendUint64(b, orderedFloat(s.float()))
	case integer, truth, span:
		return binary.BigEndian.AppendUint64(b, uint64(s.number))
	case text:
		return appendSized(b, s.text)
	case address:
		return appendAddressKey(b, s.addr)
	case prefix, endpoint:
		return appendAddressKey(binary.BigEndian.AppendUint16(b, uint16(s.number)), s.addr)
	}
	return b
}

// unboxed is the value, held by the Scalar itself if it is of a type that a Scalar can hold.
func (s Scalar) unboxed() Scalar {
	switch v := s.boxed.(type) {
	case int:
		return OfInt(v)
	case string:
		return OfText(v)
	case float64:
		return OfFloat(v)
	case bool:
		return OfBool(v)
	case time.Duration:
		return OfDuration(v)
	case netip.Addr:
		return OfAddress(v)
	case netip.Prefix:
		return OfPrefix(v)
	case netip.AddrPort:
		return OfEndpoint(v)
	}
	return s
}

func appendBoxedKey(b []byte, v any) []byte {
	switch v := v.(type) {
	case HardwareAddr:
		return appendSized(append(b, byte(hardwareKey)), string(v))
	case time.Time:
		b = binary.BigEndian.AppendUint64(append(b, byte(timeKey)), uint64(v.Unix()))
		return binary.BigEndian.AppendUint32(b, uint32(v.Nanosecond()))
	case []string, []any, []float64, Record:
		return appendSized(append(b, byte(listsKey)), string(appendKey(nil, v)))
	}
	return appendSized(append(b, byte(otherKey)), fmt.Sprintf("%T %v", v, v)) // no kind has such values
}

func appendSized(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendAddressKey(b []byte, a netip.Addr) []byte {
	ip := a.As16()
	b = append(append(b, byte(a.BitLen())), ip[:]...)
	return appendSized(b, a.Zone())
}
