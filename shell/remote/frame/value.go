package frame

import (
	"encoding/binary"
	"fmt"
	"math"
	"net/netip"
	"time"

	"netql/query/schema"
)

// Tags say of what type the value is that follows. A tag of smallInt and above is an int itself: tag - smallInt.
const (
	tagNull = iota
	tagFalse
	tagTrue
	tagInt      // varint
	tagFloat    // 8 bytes, big endian: its bits
	tagText     // length, bytes
	tagDuration // varint: nanoseconds
	tagUTC      // a time: varint of seconds since 1970, uvarint of nanoseconds; shown in UTC
	tagLocal    // likewise, shown in the zone of who reads it
	tagNoAddr   // the address that is none
	tagAddr4    // 4 bytes
	tagAddr16   // 16 bytes
	tagAddrZone // 16 bytes, length, zone
	tagPrefix   // varint: bits, or -1 where it is not valid; an address, with its tag
	tagEndpoint // uvarint: port; an address, with its tag
	tagMAC      // length, bytes
	tagFlags    // number of words, each length and bytes
	tagList     // number of values, each with its tag
	tagRecord   // number of a shape; where that is new its fields; the values, each with its tag
	tagSeries   // number of floats, each 8 bytes

	smallInt  = 0x40
	smallInts = 0x100 - smallInt // how many ints are tags
)

// maxDepth bounds how deep lists and records stand in each other.
const maxDepth = 8

// encoder appends values with their tags. The shapes of records, which are their fields, are written once in a chunk.
type encoder struct {
	b      []byte
	shapes []shape
}

// shape is the fields of records. Records of one column share them, so that the first of the slice tells them.
type shape struct {
	first *schema.Field
	count int
}

func (e *encoder) uvarint(n int)  { e.b = binary.AppendUvarint(e.b, uint64(n)) }
func (e *encoder) tag(tag byte)   { e.b = append(e.b, tag) }
func (e *encoder) bytes(s string) { e.uvarint(len(s)); e.b = append(e.b, s...) }

// value appends a value. Its error is for one that no kind has.
func (e *encoder) value(v any, depth int) error {
	switch v := v.(type) {
	case nil:
		e.tag(tagNull)
	case bool:
		e.truth(v)
	case int:
		e.integer(v)
	case float64:
		e.tag(tagFloat)
		e.float(v)
	case string:
		e.tag(tagText)
		e.bytes(v)
	case time.Duration:
		e.tag(tagDuration)
		e.b = binary.AppendVarint(e.b, int64(v))
	case time.Time:
		e.time(v)
	case netip.Addr:
		e.address(v)
	case netip.Prefix:
		e.tag(tagPrefix)
		e.b = binary.AppendVarint(e.b, int64(v.Bits()))
		e.address(v.Addr())
	case netip.AddrPort:
		e.tag(tagEndpoint)
		e.uvarint(int(v.Port()))
		e.address(v.Addr())
	case schema.HardwareAddr:
		e.tag(tagMAC)
		e.bytes(string(v))
	default:
		return e.several(v, depth)
	}
	return nil
}

// several appends a value of several parts.
func (e *encoder) several(v any, depth int) error {
	if depth >= maxDepth {
		return fmt.Errorf("a value has more than %d lists in each other", maxDepth)
	}
	switch v := v.(type) {
	case []string:
		e.tag(tagFlags)
		e.uvarint(len(v))
		for _, word := range v {
			e.bytes(word)
		}
	case []float64:
		e.tag(tagSeries)
		e.uvarint(len(v))
		for _, f := range v {
			e.float(f)
		}
	case []any:
		e.tag(tagList)
		e.uvarint(len(v))
		return e.values(v, depth)
	case schema.Record:
		e.tag(tagRecord)
		e.shape(v.Fields[:min(len(v.Fields), len(v.Values))])
		return e.values(v.Values[:min(len(v.Fields), len(v.Values))], depth)
	default:
		return fmt.Errorf("a value of type %T cannot be sent", v)
	}
	return nil
}

func (e *encoder) values(values []any, depth int) error {
	for _, v := range values {
		if err := e.value(v, depth+1); err != nil {
			return err
		}
	}
	return nil
}

func (e *encoder) truth(v bool) {
	if v {
		e.tag(tagTrue)
	} else {
		e.tag(tagFalse)
	}
}

func (e *encoder) integer(n int) {
	if n >= 0 && n < smallInts {
		e.tag(byte(smallInt + n))
		return
	}
	e.tag(tagInt)
	e.b = binary.AppendVarint(e.b, int64(n))
}

func (e *encoder) float(f float64) { e.b = binary.BigEndian.AppendUint64(e.b, math.Float64bits(f)) }

func (e *encoder) time(t time.Time) {
	if t.Location() == time.UTC {
		e.tag(tagUTC)
	} else {
		e.tag(tagLocal)
	}
	e.b = binary.AppendVarint(e.b, t.Unix())
	e.uvarint(t.Nanosecond())
}

func (e *encoder) address(a netip.Addr) {
	switch {
	case !a.IsValid():
		e.tag(tagNoAddr)
	case a.Is4():
		raw := a.As4()
		e.tag(tagAddr4)
		e.b = append(e.b, raw[:]...)
	case a.Zone() == "":
		raw := a.As16()
		e.tag(tagAddr16)
		e.b = append(e.b, raw[:]...)
	default:
		raw := a.As16()
		e.tag(tagAddrZone)
		e.b = append(e.b, raw[:]...)
		e.bytes(a.Zone())
	}
}

// shape appends the number of a record's fields in this chunk, and the fields where they are new.
func (e *encoder) shape(fields []schema.Field) {
	key := shape{count: len(fields)}
	if len(fields) > 0 {
		key.first = &fields[0]
	}
	for i, known := range e.shapes {
		if known == key {
			e.uvarint(i)
			return
		}
	}
	e.uvarint(len(e.shapes))
	e.shapes = append(e.shapes, key)
	e.fields(fields, 0)
}

func (e *encoder) fields(fields []schema.Field, depth int) {
	e.uvarint(len(fields))
	for _, f := range fields {
		e.bytes(f.Name)
		e.typ(f.Type, depth)
	}
}

// typ appends a type, without the words of a vocabulary: values have the words.
func (e *encoder) typ(t schema.Type, depth int) {
	switch {
	case depth >= maxDepth:
		e.tag(byte(schema.Any))
	case t.Kind == schema.List && t.Elem != nil:
		e.tag(byte(t.Kind))
		e.typ(*t.Elem, depth+1)
	case t.Kind == schema.List:
		e.tag(byte(t.Kind))
		e.tag(byte(schema.Any))
	case t.Kind == schema.Object:
		e.tag(byte(t.Kind))
		e.fields(t.Fields, depth+1)
	default:
		e.tag(byte(t.Kind))
	}
}
