package expression

import (
	"math"
	"time"
)

func add(a, b float64) float64      { return a + b }
func subtract(a, b float64) float64 { return a - b }
func multiply(a, b float64) float64 { return a * b }

// divide leaves the division by zero to finite, which makes NULL of it.
func divide(a, b float64) float64 { return a / b }

// These take durations, which are in nanoseconds.
func perSecond(n, ns float64) float64        { return n / (ns / 1e9) }
func bitsPerSecond(size, ns float64) float64 { return size * 8 / (ns / 1e9) }
func bytesIn(rate, ns float64) float64       { return rate * ns / 1e9 / 8 }

// inSeconds is the float64 next to the duration, which Duration.Seconds often is not.
func inSeconds(d time.Duration) float64 { return float64(d) / 1e9 }

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

// floats applies f to two numbers.
func floats(args []any, f func(a, b float64) float64) any {
	x, ok := asFloat(args[0])
	y, both := asFloat(args[1])
	if !ok || !both {
		return nil
	}
	return finite(f(x, y))
}

// durations is floats for results that are durations again; they saturate.
func durations(args []any, f func(a, b float64) float64) any {
	if ns, ok := floats(args, f).(float64); ok {
		return time.Duration(saturated(ns))
	}
	return nil
}

// spans applies f to two durations.
func spans(args []any, f func(a, b int) int) any {
	x, ok := args[0].(time.Duration)
	y, both := args[1].(time.Duration)
	if !ok || !both {
		return nil
	}
	return time.Duration(f(int(x), int(y)))
}

// saturated is the int next to a number.
func saturated(f float64) int {
	switch {
	case f >= math.MaxInt: // as a float64 it is one more
		return math.MaxInt
	case f <= math.MinInt:
		return math.MinInt
	}
	return int(f)
}

// numbers applies ints to two ints, and f to numbers of which one has a fraction.
func numbers(args []any, ints func(a, b int) int, f func(a, b float64) float64) any {
	x, ok := args[0].(int)
	y, both := args[1].(int)
	if ok && both {
		return ints(x, y)
	}
	return floats(args, f)
}

func remainder(args []any) (any, error) {
	x, ok := args[0].(int)
	y, both := args[1].(int)
	switch {
	case !ok || !both:
		return floats(args, math.Mod), nil
	case y == 0:
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
