package schema

import (
	"cmp"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"time"
)

// Compare orders two values of the type: numbers by size, addresses by value, words as their vocabulary declares them,
// lists and records part by part. NULL comes after everything else. Values of different Go types keep the order of
// their texts.
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
	case t.Kind == List && t.Elem != nil:
		x, _ := a.([]any)
		y, _ := b.([]any)
		return slices.CompareFunc(x, y, t.Elem.Compare)
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
			return compareNumbers(x, y)
		}
	case float64:
		switch y := b.(type) {
		case float64:
			return cmp.Compare(x, y)
		case int:
			return -compareNumbers(y, x)
		}
	case string:
		if y, ok := b.(string); ok {
			return cmp.Compare(x, y)
		}
	case bool:
		if y, ok := b.(bool); ok {
			return cmp.Compare(boolRank(x), boolRank(y))
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
	case HardwareAddr:
		if y, ok := b.(HardwareAddr); ok {
			return cmp.Compare(x, y)
		}
	case []string:
		if y, ok := b.([]string); ok {
			return slices.Compare(x, y)
		}
	case []any:
		if y, ok := b.([]any); ok {
			return slices.CompareFunc(x, y, Type{}.Compare)
		}
	case []float64:
		if y, ok := b.([]float64); ok {
			return slices.Compare(x, y)
		}
	case Record:
		if y, ok := b.(Record); ok {
			return slices.CompareFunc(x.Values, y.Values, Type{}.Compare)
		}
	}
	return cmp.Compare(Format(a), Format(b))
}

// compareNumbers orders an int and a float64 by their exact values: a float64 cannot hold each int above 2^53. NaN,
// which no value is, comes first.
func compareNumbers(i int, f float64) int {
	switch {
	case math.IsNaN(f), f < math.MinInt64:
		return 1
	case f >= math.MaxInt64: // which is 2^63 as a float64
		return -1
	}
	whole := math.Trunc(f)
	return cmp.Or(cmp.Compare(i, int(whole)), cmp.Compare(whole, f))
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Key turns a value into one that can be a map's key, and is the same for equal values only.
func Key(v any) any {
	switch v := v.(type) {
	case []string, []any, []float64, Record:
		return listKey(appendKey(nil, v))
	case time.Time:
		return instant{v.Unix(), v.Nanosecond()}
	}
	return v
}

type (
	// listKey is the key of a list; it differs from the key of an equal text by its Go type.
	listKey string
	// instant is a time without its zone.
	instant struct {
		seconds     int64
		nanoseconds int
	}
)

// appendKey writes the parts of lists and records so that only equal ones are the same. Their JSON would not do: it
// replaces bytes that are not UTF-8.
func appendKey(b []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return strconv.AppendQuote(b, v)
	case time.Duration:
		return strconv.AppendInt(append(b, 'd'), int64(v), 10)
	case []string:
		return appendKeys(b, v)
	case []any:
		return appendKeys(b, v)
	case Record:
		return appendKeys(append(b, 'r'), v.Values)
	}
	return Append(b, v)
}

func appendKeys[T any](b []byte, values []T) []byte {
	b = append(b, '[')
	for _, value := range values {
		b = append(appendKey(b, value), ',')
	}
	return append(b, ']')
}
