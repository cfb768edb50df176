package schema

import (
	"cmp"
	"encoding/hex"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// HardwareAddr is a link-layer address: its raw bytes, 6 for Ethernet, up to 20 for others.
type HardwareAddr string

// ParseHardwareAddr reads six or more colon-separated pairs of hexadecimal digits.
func ParseHardwareAddr(s string) (HardwareAddr, bool) {
	parts := strings.Split(s, ":")
	if len(parts) < 6 {
		return "", false
	}
	var raw []byte
	for _, part := range parts {
		b, err := hex.DecodeString(part)
		if err != nil || len(b) != 1 {
			return "", false
		}
		raw = append(raw, b[0])
	}
	return HardwareAddr(raw), true
}

// String is the colon-separated form, in lower case.
func (m HardwareAddr) String() string {
	b := make([]byte, 0, 3*len(m))
	for i := range len(m) {
		if i > 0 {
			b = append(b, ':')
		}
		b = hex.AppendEncode(b, []byte{m[i]})
	}
	return string(b)
}

// Record is a value with named parts, such as one owner of a socket.
type Record struct {
	Fields []Field // shared by all records of a column, never written
	Values []any   // one for each field
}

// Field gives a part by its name; NULL where there is none.
func (r Record) Field(name string) any {
	for i, f := range r.Fields {
		if f.Name == name && i < len(r.Values) {
			return r.Values[i]
		}
	}
	return nil
}

// Compare orders two values of the type: numbers by size, addresses by value, words as their vocabulary declares them.
// NULL comes after everything else. Values of different Go types keep the order of their texts.
func (t Type) Compare(a, b any) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	case t.Kind == Enum && t.Words != nil:
		x, _ := a.(string)
		y, _ := b.(string)
		return cmp.Or(cmp.Compare(t.Words.Rank(x), t.Words.Rank(y)), cmp.Compare(x, y))
	}
	return Compare(a, b)
}

// Compare orders two values that are not NULL by their Go types.
func Compare(a, b any) int {
	switch x := a.(type) {
	case int:
		switch y := b.(type) {
		case int:
			return cmp.Compare(x, y)
		case float64:
			return cmp.Compare(float64(x), y)
		}
	case float64:
		switch y := b.(type) {
		case float64:
			return cmp.Compare(x, y)
		case int:
			return cmp.Compare(x, float64(y))
		}
	case string:
		if y, ok := b.(string); ok {
			return cmp.Compare(x, y)
		}
	case bool:
		if y, ok := b.(bool); ok {
			return cmp.Compare(truth(x), truth(y))
		}
	case time.Duration:
		if y, ok := b.(time.Duration); ok {
			return cmp.Compare(x, y)
		}
	case time.Time:
		if y, ok := b.(time.Time); ok {
			return x.Compare(y)
		}
	case netip.Addr:
		if y, ok := b.(netip.Addr); ok {
			return x.Compare(y)
		}
	case netip.AddrPort:
		if y, ok := b.(netip.AddrPort); ok {
			return x.Compare(y)
		}
	case netip.Prefix:
		if y, ok := b.(netip.Prefix); ok {
			return cmp.Or(x.Addr().Compare(y.Addr()), cmp.Compare(x.Bits(), y.Bits()))
		}
	case []any:
		if y, ok := b.([]any); ok {
			return slices.CompareFunc(x, y, Type{}.Compare)
		}
	}
	return cmp.Compare(Format(a), Format(b))
}

// Key turns a value into one that can be a map's key, and is the same for equal values only.
func Key(v any) any {
	switch v := v.(type) {
	case []string, []any, Record:
		return listKey(Append(nil, v))
	case time.Time:
		return v.UnixNano()
	}
	return v
}

// listKey keeps the key of a list apart from the text it is made of.
type listKey string

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Format is the value as machine formats show it: base units (bytes, bits per second, seconds), one spelling for each
// value, "" for NULL. Text values are given as they are, control characters included.
func Format(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return string(Append(nil, v))
}

// Append appends what Format gives.
func Append(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return b
	case string:
		return append(b, v...)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case float64:
		return AppendFloat(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case netip.Addr:
		return v.AppendTo(b)
	case netip.AddrPort:
		return v.AppendTo(b)
	case netip.Prefix:
		return v.AppendTo(b)
	case time.Duration:
		return AppendFloat(b, v.Seconds())
	case time.Time:
		return v.AppendFormat(b, time.RFC3339Nano)
	case HardwareAddr:
		return append(b, v.String()...)
	}
	return AppendJSON(b, v) // lists and records
}

// AppendFloat appends a number in the shortest decimal form that reads back the same, without an exponent where it is
// of an everyday size.
func AppendFloat(b []byte, f float64) []byte {
	if a := max(f, -f); a != 0 && (a < 1e-9 || a >= 1e21) {
		return strconv.AppendFloat(b, f, 'g', -1, 64)
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}
