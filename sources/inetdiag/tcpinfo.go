package inetdiag

// TCPInfo is the kernel's struct tcp_info (linux/tcp.h) as it came: older kernels send less of it, newer ones more.
// The zero value has no fields.
type TCPInfo struct{ raw []byte }

// Uint reads a field. It is false if this kernel's structure ends before the field.
func (i TCPInfo) Uint(f TCPField) (uint64, bool) {
	start, end := f.offset(), f.offset()+f.size()
	if end > len(i.raw) {
		return 0, false
	}
	switch b := i.raw[start:end]; len(b) {
	case 1:
		return f.within(b[0]), true
	case 2:
		return uint64(native.Uint16(b)), true
	case 4:
		return uint64(native.Uint32(b)), true
	default:
		return native.Uint64(b), true
	}
}

// A TCPField is the place of a number in struct tcp_info: offset and size in bytes, and whether it is a bit field.
// Only the constants of this package are valid.
type TCPField uint32

// The digits of a TCPField. A declaration reads as a sum: 8*at + u32.
const (
	u8  TCPField = 1
	u16 TCPField = 2
	u32 TCPField = 4
	u64 TCPField = 8

	bit          TCPField = 0x10 // the byte's first bit field, of one bit
	nibble       TCPField = 0x20 // the first of two bit fields of four bits
	secondNibble TCPField = 0x40 // the second one
	at           TCPField = 0x100
)

func (f TCPField) size() int   { return int(f & 0xf) }
func (f TCPField) offset() int { return int(f >> 8) }

// within is the field's part of its byte: C's bit fields begin with the lowest bits, or with the highest ones.
func (f TCPField) within(b byte) uint64 {
	switch {
	case f&bit != 0 && bigEndian():
		return uint64(b >> 7)
	case f&bit != 0:
		return uint64(b & 1)
	case f&nibble != 0 && bigEndian(), f&secondNibble != 0 && !bigEndian():
		return uint64(b >> 4)
	case f&(nibble|secondNibble) != 0:
		return uint64(b & 0xf)
	}
	return uint64(b)
}

// bigEndian says whether C's first bit field is a byte's highest bits.
func bigEndian() bool { return native.Uint16([]byte{0, 1}) == 1 }
