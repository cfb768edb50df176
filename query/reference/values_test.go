// Package reference compares the engine with a second evaluator, which is written from docs/language.md alone: random
// queries over made-up rows must have the same answer from both. It shares no code with the engine; where they
// differ, one of them, or the document, is wrong.
package reference

import (
	"cmp"
	"fmt"
	"math"
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
	return cmp.Compare(number(a), number(b))
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
		return math.Abs(x-y) <= 1e-9*max(1, math.Abs(x), math.Abs(y))
	}
	list, ok := a.([]any)
	other, both := b.([]any)
	if ok && both {
		return slices.EqualFunc(list, other, same)
	}
	return !ok && !both && a == b
}
