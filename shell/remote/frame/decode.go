package frame

import (
	"encoding/binary"
	"math"
	"net/netip"
	"slices"
	"time"

	"netql/query/schema"
)

// maxParts bounds the elements of lists and the fields of records in one payload: each takes more memory than the byte
// that it may be sent in.
const maxParts = 1 << 20

// decoder reads values that may be anything. After an error all that it reads is empty. Texts are parts of the string
// that it reads, so that they cost nothing.
type decoder struct {
	rest   string
	err    error
	parts  int
	shapes [][]schema.Field
	known  [][]schema.Field // that columns have: a record with the same names has these
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = broken(format, args...)
	}
	d.rest = ""
}

func (d *decoder) byte() byte {
	if d.rest == "" {
		d.fail("the end is missing")
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

// take is the next n bytes.
func (d *decoder) take(n int) string {
	if n < 0 || n > len(d.rest) {
		d.fail("the end is missing")
		return ""
	}
	s := d.rest[:n]
	d.rest = d.rest[n:]
	return s
}

func (d *decoder) uvarint() uint64 {
	var n uint64
	for shift := 0; shift < 64; shift += 7 {
		b := d.byte()
		if shift == 63 && b > 1 {
			break
		}
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	d.fail("a number of more than 64 bits")
	return 0
}

func (d *decoder) varint() int64 {
	u := d.uvarint()
	n := int64(u >> 1)
	if u&1 != 0 {
		n = ^n
	}
	return n
}

// size is a number of things of at least so many bytes each, of which there cannot be more than the bytes that follow.
func (d *decoder) size(each int) int {
	n := d.uvarint()
	if n > uint64(len(d.rest)/each) {
		d.fail("%d things in %d bytes", n, len(d.rest))
		return 0
	}
	return int(n)
}

// some is a size of things that are parts of a value.
func (d *decoder) some(each int) int {
	n := d.size(each)
	if d.parts += n; d.parts > maxParts {
		d.fail("more than %d parts of values", maxParts)
		return 0
	}
	return n
}

func (d *decoder) text() string { return d.take(d.size(1)) }

func (d *decoder) float() float64 {
	if s := d.take(8); s != "" {
		return math.Float64frombits(binary.BigEndian.Uint64([]byte(s)))
	}
	return 0
}

// scalar reads a value.
func (d *decoder) scalar() schema.Scalar {
	switch tag := d.byte(); tag {
	case tagNull:
		return schema.Scalar{}
	case tagFalse, tagTrue:
		return schema.OfBool(tag == tagTrue)
	case tagInt:
		return schema.OfInt(int(d.varint()))
	case tagFloat:
		return schema.OfFloat(d.float())
	case tagText:
		return schema.OfText(d.text())
	case tagDuration:
		return schema.OfDuration(time.Duration(d.varint()))
	case tagNoAddr, tagAddr4, tagAddr16, tagAddrZone:
		return schema.OfAddress(d.address(tag))
	case tagPrefix:
		return schema.OfPrefix(d.prefix())
	case tagEndpoint:
		port := d.uvarint()
		if port > math.MaxUint16 {
			d.fail("port %d", port)
		}
		return schema.OfEndpoint(netip.AddrPortFrom(d.address(d.byte()), uint16(port)))
	default:
		if tag >= smallInt {
			return schema.OfInt(int(tag - smallInt))
		}
		return schema.Boxed(d.boxed(tag, 0))
	}
}

// value is what a Scalar holds, of a part of a value.
func (d *decoder) value(depth int) any {
	if d.rest != "" && d.rest[0] >= tagMAC && d.rest[0] < smallInt {
		return d.boxed(d.byte(), depth)
	}
	return d.scalar().Any()
}

// boxed reads a value that a Scalar does not hold itself.
func (d *decoder) boxed(tag byte, depth int) any {
	if depth >= maxDepth {
		d.fail("more than %d lists in each other", maxDepth)
		return nil
	}
	switch tag {
	case tagUTC, tagLocal:
		return d.time(tag)
	case tagMAC:
		return schema.HardwareAddr(d.text())
	case tagFlags:
		words := make([]string, d.some(1))
		for i := range words {
			words[i] = d.text()
		}
		return words
	case tagList:
		return d.values(d.some(1), depth)
	case tagRecord:
		return d.record(depth)
	case tagSeries:
		series := make([]float64, d.some(8))
		for i := range series {
			series[i] = d.float()
		}
		return series
	}
	d.fail("the tag %d", tag)
	return nil
}

func (d *decoder) values(n, depth int) []any {
	values := make([]any, n)
	for i := range values {
		values[i] = d.value(depth + 1)
	}
	return values
}

func (d *decoder) record(depth int) any {
	number := d.uvarint()
	if number == uint64(len(d.shapes)) && d.err == nil {
		d.shapes = append(d.shapes, d.asKnown(d.fields(0)))
	}
	if number >= uint64(len(d.shapes)) {
		d.fail("a record without fields")
		return nil
	}
	fields := d.shapes[number]
	if d.parts += len(fields); d.parts > maxParts {
		d.fail("more than %d parts of values", maxParts)
		return nil
	}
	return schema.Record{Fields: fields, Values: d.values(len(fields), depth)}
}

// asKnown is the fields of a column with the same names, where there is one: it knows more of their types.
func (d *decoder) asKnown(fields []schema.Field) []schema.Field {
	same := func(a, b schema.Field) bool { return a.Name == b.Name && a.Type.Kind == b.Type.Kind }
	for _, known := range d.known {
		if slices.EqualFunc(known, fields, same) {
			return known
		}
	}
	return fields
}

func (d *decoder) fields(depth int) []schema.Field {
	fields := make([]schema.Field, d.some(2))
	for i := range fields {
		fields[i].Name = d.text()
		fields[i].Type = d.typ(depth)
	}
	return fields
}

func (d *decoder) typ(depth int) schema.Type {
	kind := schema.Kind(d.byte())
	switch {
	case kind > schema.Series:
		d.fail("the kind %d", kind)
	case depth > maxDepth:
		d.fail("more than %d types in each other", maxDepth)
	case kind == schema.List:
		return schema.ListOf(d.typ(depth + 1))
	case kind == schema.Object:
		return schema.Type{Kind: kind, Fields: d.fields(depth + 1)}
	}
	return schema.Of(kind)
}

func (d *decoder) time(tag byte) time.Time {
	seconds, nanoseconds := d.varint(), d.uvarint()
	if nanoseconds >= uint64(time.Second) {
		d.fail("%d nanoseconds of a second", nanoseconds)
		return time.Time{}
	}
	t := time.Unix(seconds, int64(nanoseconds))
	if tag == tagUTC {
		return t.UTC()
	}
	return t
}

func (d *decoder) prefix() netip.Prefix {
	bits := d.varint()
	addr := d.address(d.byte())
	if bits < -1 || bits > 128 {
		d.fail("a prefix of %d bits", bits)
	}
	return netip.PrefixFrom(addr, int(bits))
}

// address reads what follows the tag of an address.
func (d *decoder) address(tag byte) netip.Addr {
	switch tag {
	case tagNoAddr:
		return netip.Addr{}
	case tagAddr4:
		if raw := d.take(4); raw != "" {
			return netip.AddrFrom4([4]byte([]byte(raw)))
		}
		return netip.Addr{}
	case tagAddr16, tagAddrZone:
		raw := d.take(16)
		if raw == "" {
			return netip.Addr{}
		}
		addr := netip.AddrFrom16([16]byte([]byte(raw)))
		if tag == tagAddrZone {
			addr = addr.WithZone(d.text())
		}
		return addr
	}
	d.fail("the tag %d of an address", tag)
	return netip.Addr{}
}
