package schema

import (
	"encoding/binary"
	"net/netip"
)

// Packed are the values of a row in little memory: numbers and addresses take the bytes that they need, where a Scalar
// takes some 70. It is immutable.
type Packed struct {
	values string // of each its kind, then what the kind says
	boxed  []any  // those of the kind boxed, in order
}

// Packer makes Packed rows. It is used by one goroutine.
type Packer struct{ buffer []byte }

// Pack packs the values of a row.
func (p *Packer) Pack(values []Scalar) Packed {
	var packed Packed
	b := p.buffer[:0]
	for _, v := range values {
		b = append(b, byte(v.kind))
		switch v.kind {
		case integer, fraction, truth, span:
			b = appendNumber(b, v)
		case text:
			b = binary.AppendUvarint(b, uint64(len(v.text)))
			b = append(b, v.text...)
		case address, prefix, endpoint:
			b = appendPackedAddress(b, v)
		case boxed:
			packed.boxed = append(packed.boxed, v.boxed)
		}
	}
	p.buffer, packed.values = b, string(b)
	return packed
}

func appendNumber(b []byte, v Scalar) []byte {
	if v.kind == fraction {
		return binary.LittleEndian.AppendUint64(b, uint64(v.number))
	}
	return binary.AppendVarint(b, v.number)
}

// appendPackedAddress appends the length of the address in bytes, these, its zone, and the bits or the port.
func appendPackedAddress(b []byte, v Scalar) []byte {
	raw, zone := v.addr.AsSlice(), v.addr.Zone()
	b = append(append(b, byte(len(raw))), raw...)
	b = append(binary.AppendUvarint(b, uint64(len(zone))), zone...)
	if v.kind == address {
		return b
	}
	return binary.AppendVarint(b, v.number)
}

// At is the value of a place.
func (p Packed) At(place int) Scalar {
	r := unpacker(p)
	for range place {
		r.next()
	}
	return r.next()
}

// unpacker reads the values of a row one after the other.
type unpacker struct {
	values string
	boxed  []any
}

func (r *unpacker) next() Scalar {
	v := Scalar{kind: scalarKind(r.take(1)[0])}
	switch v.kind {
	case integer, truth, span:
		v.number = r.varint()
	case fraction:
		v.number = int64(binary.LittleEndian.Uint64([]byte(r.take(8))))
	case text:
		v.text = r.take(int(r.uvarint()))
	case address, prefix, endpoint:
		v.addr, _ = netip.AddrFromSlice([]byte(r.take(int(r.take(1)[0]))))
		if zone := r.take(int(r.uvarint())); zone != "" {
			v.addr = v.addr.WithZone(zone)
		}
		if v.kind != address {
			v.number = r.varint()
		}
	case boxed:
		v.boxed, r.boxed = r.boxed[0], r.boxed[1:]
	}
	return v
}

func (r *unpacker) take(n int) string {
	taken := r.values[:n]
	r.values = r.values[n:]
	return taken
}

func (r *unpacker) uvarint() (n uint64) {
	for shift := 0; ; shift += 7 {
		c := r.take(1)[0]
		if n |= uint64(c&0x7f) << shift; c < 0x80 {
			return n
		}
	}
}

// varint is a number of zigzag encoding, as binary.AppendVarint has it.
func (r *unpacker) varint() int64 {
	n := r.uvarint()
	return int64(n>>1) ^ -int64(n&1)
}
