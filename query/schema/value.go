package schema

import (
	"bytes"
	"fmt"
	"net/netip"
	"strconv"
	"time"
)

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
		return appendFloat(b, v)
	case bool:
		return strconv.AppendBool(b, v)
	case netip.Addr:
		return v.AppendTo(b)
	case netip.AddrPort:
		return v.AppendTo(b)
	case netip.Prefix:
		return v.AppendTo(b)
	case time.Duration:
		return appendSeconds(b, v)
	case time.Time:
		return v.AppendFormat(b, time.RFC3339Nano)
	case HardwareAddr:
		return append(b, v.String()...)
	}
	switch v.(type) {
	case []string, []any, []float64, Record:
		return AppendJSON(b, v)
	}
	return fmt.Append(b, v) // no kind has such values
}

// appendSeconds appends a duration in seconds, exactly: as a float64 there would be digits that nobody has measured.
func appendSeconds(b []byte, d time.Duration) []byte {
	ns := uint64(d)
	if d < 0 {
		b, ns = append(b, '-'), -ns
	}
	const second = uint64(time.Second)
	b = strconv.AppendUint(b, ns/second, 10)
	if ns%second == 0 {
		return b
	}
	fraction := strconv.AppendUint(nil, second+ns%second, 10) // the 1 in front keeps the zeros
	return append(append(b, '.'), bytes.TrimRight(fraction[1:], "0")...)
}

// appendFloat appends a number in the shortest decimal form that reads back the same, without an exponent where it is
// of an everyday size.
func appendFloat(b []byte, f float64) []byte {
	if a := max(f, -f); a != 0 && (a < 1e-9 || a >= 1e21) {
		return strconv.AppendFloat(b, f, 'g', -1, 64)
	}
	return strconv.AppendFloat(b, f, 'f', -1, 64)
}
