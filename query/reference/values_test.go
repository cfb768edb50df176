// Package reference compares the engine with a second evaluator, which is written from docs/language.md alone: random
// queries over made-up rows must have the same answer from both. It shares no code with the engine; where they
// differ, one of them, or the document, is wrong.
package reference

import (
	"cmp"
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// kind is what a value of the reference is: nil is NULL in each of them.
type kind uint8

const (
	whole    kind = iota // int
	fraction             // float64
	text                 // string
	state                // string: a word of states
	truth                // bool
	address              // netip.Addr
	duration             // time.Duration
	port                 // int
	texts                // []any of strings
	network              // netip.Prefix
)

// states are the words of the column state, in the order in which they sort.
var states = []string{"LISTEN", "ESTABLISHED", "CLOSE_WAIT", "TIME_WAIT"}

// row is a row by the names of its columns.
type row map[string]any

// null is a function of values of which none is NULL, for any: a NULL argument gives NULL.
func null(f func(v []any) any) func(v ...any) any {
	return func(v ...any) any {
		if slices.Contains(v, nil) {
			return nil
		}
		return f(v)
	}
}

// number is a value as a float64; durations count in nanoseconds.
func number(v any) float64 {
	switch v := v.(type) {
	case int:
		return float64(v)
	case time.Duration:
		return float64(v)
	}
	return v.(float64)
}

// nearest is the whole number of 64 bits that is next to one.
func nearest(n *big.Int) int {
	switch {
	case n.IsInt64():
		return int(n.Int64())
	case n.Sign() < 0:
		return math.MinInt
	}
	return math.MaxInt
}

// truncated is nearest for a float64 without its fraction; NULL for what is no number.
func truncated(f float64) any {
	if known(f) == nil {
		return nil
	}
	n, _ := big.NewFloat(f).Int(nil)
	return nearest(n)
}

// span is the duration of so many nanoseconds.
func span(f float64) any {
	if n, ok := truncated(f).(int); ok {
		return time.Duration(n)
	}
	return nil
}

// exactly is an operation on whole numbers, which is nearest to what it is without bounds.
func exactly(f func(z, x, y *big.Int) *big.Int) func(x, y int) any {
	return func(x, y int) any { return nearest(f(new(big.Int), big.NewInt(int64(x)), big.NewInt(int64(y)))) }
}

// ofSpans is exactly for durations.
func ofSpans(f func(z, x, y *big.Int) *big.Int) func(v []any) any {
	return func(v []any) any {
		return time.Duration(exactly(f)(int(v[0].(time.Duration)), int(v[1].(time.Duration))).(int))
	}
}

// known is NULL for what is no number: a division by zero.
func known(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return f
}

// order compares two values of a kind that are not NULL.
func order(k kind, a, b any) int {
	switch k {
	case text:
		return strings.Compare(a.(string), b.(string))
	case state:
		return cmp.Compare(slices.Index(states, a.(string)), slices.Index(states, b.(string)))
	case truth:
		return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) // false, true
	case address:
		return a.(netip.Addr).Compare(b.(netip.Addr))
	case network:
		x, y := a.(netip.Prefix), b.(netip.Prefix)
		return cmp.Or(x.Addr().Compare(y.Addr()), cmp.Compare(x.Bits(), y.Bits()))
	case texts:
		return slices.CompareFunc(a.([]any), b.([]any), func(x, y any) int { return order(text, x, y) })
	}
	return exact(a).Cmp(exact(b))
}

// exact is a number as it is; a float64 has not all whole numbers of 64 bits.
func exact(v any) *big.Float {
	switch v := v.(type) {
	case int:
		return new(big.Float).SetInt64(int64(v))
	case time.Duration:
		return new(big.Float).SetInt64(int64(v))
	}
	return big.NewFloat(v.(float64))
}

// nullLast is order with NULL after everything else, in both directions.
func nullLast(k kind, a, b any, descending bool) int {
	switch {
	case a == nil && b == nil:
		return 0
	case a == nil:
		return 1
	case b == nil:
		return -1
	case descending:
		return -order(k, a, b)
	}
	return order(k, a, b)
}

// shown is a value as JSON has it, with numbers as float64 and durations in seconds.
func shown(v any) any {
	switch v := v.(type) {
	case int:
		return float64(v)
	case time.Duration:
		return float64(v) / 1e9
	case netip.Addr:
		return v.String()
	case netip.Prefix:
		return v.String()
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = shown(v[i])
		}
		return list
	}
	return v
}

// same compares two shown values; sums of fractions may differ in the last digits, durations by a nanosecond.
func same(a, b any) bool {
	x, ok := a.(float64)
	y, both := b.(float64)
	if ok && both {
		return math.Abs(x-y) <= 1.1e-9*max(1, math.Abs(x), math.Abs(y))
	}
	list, ok := a.([]any)
	other, both := b.([]any)
	if ok && both {
		return slices.EqualFunc(list, other, same)
	}
	return !ok && !both && a == b
}
