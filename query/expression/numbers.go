package expression

import (
	"math"
	"time"
)

// divide leaves the division by zero to finite, which makes NULL of it.
func divide(a, b float64) float64 { return a / b }

// asFloat reads any number; a duration counts in nanoseconds.
func asFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	case time.Duration:
		return float64(v), true
	}
	return 0, false
}

// finite is NULL for what is no number.
func finite(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return f
}

func floats(f func(a, b float64) float64) func([]any) (any, error) {
	return func(args []any) (any, error) {
		x, ok := asFloat(args[0])
		y, both := asFloat(args[1])
		if !ok || !both {
			return nil, nil
		}
		return finite(f(x, y)), nil
	}
}

// durations is floats for results that are durations again; they saturate.
func durations(f func(a, b float64) float64) func([]any) (any, error) {
	compute := floats(f)
	return func(args []any) (any, error) {
		value, err := compute(args)
		ns, ok := value.(float64)
		if !ok {
			return nil, err
		}
		return time.Duration(saturated(ns)), nil
	}
}

// saturated is the int next to a number; above math.MaxInt64-1023 there is no float64 below math.MaxInt64.
func saturated(f float64) int { return int(max(math.MinInt64, min(f, math.MaxInt64-1023))) }

func numbers(ints func(a, b int) int, others func(a, b float64) float64) func([]any) (any, error) {
	compute := floats(others)
	return func(args []any) (any, error) {
		x, ok := args[0].(int)
		y, both := args[1].(int)
		if ok && both {
			return ints(x, y), nil
		}
		return compute(args)
	}
}

func remainder(args []any) (any, error) {
	x, ok := args[0].(int)
	y, both := args[1].(int)
	if !ok || !both {
		return floats(math.Mod)(args)
	}
	if y == 0 {
		return nil, nil
	}
	return x % y, nil
}

// addInt, subInt and mulInt saturate, as counters do.
func addInt(a, b int) int {
	sum := a + b
	if (sum > a) == (b > 0) {
		return sum
	}
	return limit(b > 0)
}

func subInt(a, b int) int {
	difference := a - b
	if (difference < a) == (b > 0) {
		return difference
	}
	return limit(b < 0)
}

func mulInt(a, b int) int {
	if a == 0 || b == 0 {
		return 0
	}
	if product := a * b; product/b == a && !(a == -1 && b == math.MinInt) && !(b == -1 && a == math.MinInt) {
		return product
	}
	return limit((a > 0) == (b > 0))
}

func limit(positive bool) int {
	if positive {
		return math.MaxInt
	}
	return math.MinInt
}
