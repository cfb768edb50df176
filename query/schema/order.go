package schema

import (
	"encoding/binary"
	"math"
	"net/netip"
	"time"
)

// Order makes bytes of the values of a key, of which bytes.Compare says what Type.Compare says of the values. NULL is
// last either way. It is of one sort: the values of a key that have such bytes must be of one Go type, ints and floats
// apart, because Compare orders those of several types by their texts.
type Order struct {
	Type       Type
	Descending bool
	of         scalarKind // what the values so far are; null before the first
}

// maxOrdered bounds the text of a value, so that no long texts are copied.
const maxOrdered = 256

// Before the bytes of a value, and instead of those of NULL.
const (
	someValue = 0
	noValue   = 1
)

// Append appends the bytes of a value. They say where they end. It is false for a value that has none.
func (o *Order) Append(b []byte, s Scalar) (key []byte, ok bool) {
	s = s.unboxed()
	if s.kind == null {
		return append(b, noValue), true
	}
	b = append(b, someValue)
	start := len(b)
	if of := sameOrder(s); o.of == null {
		o.of = of
	} else if o.of != of {
		return b, false
	}
	if b, ok = o.appendValue(b, s); o.Descending {
		for i := start; i < len(b); i++ {
			b[i] = ^b[i]
		}
	}
	return b, ok
}

// sameOrder is the kind of a value, the same for all that Compare does not order by their texts.
func sameOrder(s Scalar) scalarKind {
	switch s.boxed.(type) {
	case HardwareAddr:
		return hardwareKey
	case time.Time:
		return timeKey
	}
	if s.kind == integer {
		return fraction
	}
	return s.kind
}

func (o *Order) appendValue(b []byte, s Scalar) ([]byte, bool) {
	if words := o.Type.Words; o.Type.Kind == Enum && words != nil {
		if s.kind != text {
			return b, false
		}
		b = binary.BigEndian.AppendUint32(b, uint32(words.Rank(s.text)))
	}
	switch s.kind {
	case integer:
		return appendOrderedInt(b, s.number), true
	case fraction:
		return binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint64(b, orderedFloat(s.float())), 0), true
	case truth:
		return append(b, byte(s.number)), true
	case span:
		return binary.BigEndian.AppendUint64(b, orderedInt(s.number)), true
	case text:
		return appendOrderedText(b, s.text)
	case address:
		return appendOrderedAddress(b, s.addr)
	case prefix:
		b, ok := appendOrderedAddress(b, s.addr)
		return append(b, byte(s.number+1)), ok // the bits of an invalid prefix are -1
	case endpoint:
		b, ok := appendOrderedAddress(b, s.addr)
		return binary.BigEndian.AppendUint16(b, uint16(s.number)), ok
	}
	return o.appendBoxed(b, s.boxed)
}

func (o *Order) appendBoxed(b []byte, v any) ([]byte, bool) {
	switch v := v.(type) {
	case HardwareAddr:
		return appendOrderedText(b, string(v))
	case time.Time:
		if v != v.Round(0) { // Compare looks at the monotonic clock
			return b, false
		}
		b = binary.BigEndian.AppendUint64(b, orderedInt(v.Unix()))
		return binary.BigEndian.AppendUint32(b, uint32(v.Nanosecond())), true
	}
	return b, false
}

// orderedInt is a number whose bytes, the highest first, have the order of ints.
func orderedInt(n int64) uint64 { return uint64(n) ^ 1<<63 }

// orderedFloat is a number whose bytes, the highest first, have the order of floats. NaN comes first.
func orderedFloat(f float64) uint64 {
	bits := math.Float64bits(f)
	switch {
	case f != f:
		return 0
	case f == 0:
		return 1 << 63 // of 0 and of -0
	case bits>>63 != 0:
		return ^bits
	}
	return bits | 1<<63
}

// appendOrderedInt appends an int so that it can be compared with floats: the largest float that is not above it, and
// what it is above that.
func appendOrderedInt(b []byte, n int64) []byte {
	f := float64(n)
	if f >= math.MaxInt64 || int64(f) > n {
		f = math.Nextafter(f, math.Inf(-1))
	}
	b = binary.BigEndian.AppendUint64(b, orderedFloat(f))
	return binary.BigEndian.AppendUint16(b, uint16(n-int64(f)))
}

// appendOrderedText appends a text so that a shorter one, whose beginning is the same, comes first.
func appendOrderedText(b []byte, s string) ([]byte, bool) {
	if len(s) > maxOrdered {
		return b, false
	}
	for i := range len(s) {
		if b = append(b, s[i]); s[i] == 0 {
			b = append(b, 1)
		}
	}
	return append(b, 0, 0), true
}

// appendOrderedAddress appends an address in the order of netip.Addr.Compare.
func appendOrderedAddress(b []byte, a netip.Addr) ([]byte, bool) {
	b = append(b, byte(a.BitLen()))
	if a.Is4() {
		ip := a.As4()
		return append(b, ip[:]...), true
	}
	ip := a.As16()
	return appendOrderedText(append(b, ip[:]...), a.Zone())
}
