package query

import (
	"math"
	"slices"
	"time"

	"netql/query/expression"
	"netql/query/schema"
)

// mostBins is how many bins a histogram has at most, beside those below the first one of a logarithmic scale.
const mostBins = 20

// bins are the bounds of bins, in order: a bin reaches from one bound, which belongs to it, to the next. All are of one
// Go type, but that the first may be nil, below everything. Values above the last bound belong to the last bin: it
// cannot be larger where it is the largest number there is.
type bins []any

// find is the index of the bin of a value.
func (b bins) find(value any) int {
	i, _ := slices.BinarySearchFunc(b, value, func(bound, value any) int {
		if bound == nil || schema.Compare(bound, value) <= 0 {
			return -1
		}
		return 1
	})
	return max(0, min(i, len(b)-1)-1)
}

// newBins chooses bins for values that are all ints, all float64s or all durations. They are as narrow as they can be
// without being too many, and no narrower than what people can tell apart.
func newBins(values []any, log bool, unit schema.Unit) bins {
	if len(values) == 0 {
		return nil
	}
	lowest, highest := slices.MinFunc(values, schema.Compare), slices.MaxFunc(values, schema.Compare)
	steps := ladderOf(lowest, unit)
	if log {
		return logBins(values, steps)
	}
	least := shownStep(lowest, highest, unit)
	switch low := lowest.(type) {
	case int:
		return wholeBins(low, highest.(int), steps, least, func(n int) any { return n })
	case time.Duration:
		high := int(highest.(time.Duration))
		return wholeBins(int(low), high, steps, least, func(n int) any { return time.Duration(n) })
	case float64:
		return floatBins(low, highest.(float64), steps, least)
	}
	return nil
}

// wholeBins are bins of one width, which is the first on the ladder with which they are not too many.
func wholeBins(low, high int, steps ladder, least float64, bound func(n int) any) (b bins) {
	low, high = min(low, math.MaxInt-1), min(high, math.MaxInt-1) // there must be a bound above
	for i := 0; ; i++ {
		width := int(steps.at(i))
		first, last := expression.FloorDiv(low, width), expression.FloorDiv(high, width)
		if steps.at(i) < least || uint64(last)-uint64(first) >= mostBins {
			continue
		}
		for n := range last - first + 2 {
			b = append(b, bound(saturatedProduct(first+n, width)))
		}
		return b
	}
}

// saturatedProduct is a * b; b is above zero.
func saturatedProduct(a, b int) int {
	switch product := a * b; {
	case product/b == a:
		return product
	case a < 0:
		return math.MinInt
	}
	return math.MaxInt
}

// floatBins is wholeBins for float64s.
func floatBins(low, high float64, steps ladder, least float64) (b bins) {
	least = max(least, 1e-14*max(math.Abs(low), math.Abs(high))) // less would be lost in so large a number
	for i := steps.near(least); ; i++ {
		width := steps.at(i)
		first, last := math.Floor(low/width), math.Floor(high/width)
		if width < least || last-first >= mostBins {
			continue
		}
		for n := range int(last-first) + 2 {
			bound := expression.Multiple(first+float64(n), width)
			b = append(b, min(max(bound, -math.MaxFloat64), math.MaxFloat64))
		}
		return b
	}
}

// logBins are bins of which each is wider than the one before, by numbers on the ladder. Zero lies in a bin of its own
// that begins there, values below it in one without a lower bound.
func logBins(values []any, steps ladder) (b bins) {
	lowest, highest, negative, zero := math.Inf(1), 0.0, false, false
	for _, value := range values {
		f := asNumber(value)
		if f > 0 {
			lowest, highest = min(lowest, f), max(highest, f)
		}
		negative, zero = negative || f < 0, zero || f == 0
	}
	if _, isFloat := values[0].(float64); !isFloat { // there must be a bound above
		most := math.Nextafter(1<<63, 0)
		lowest, highest = min(lowest, most), min(highest, most)
	}
	bound := func(f float64) { b = append(b, likeNumber(values[0], f)) }
	if negative {
		b = append(b, nil)
	}
	if negative || zero {
		bound(0)
	}
	switch {
	case highest > 0:
		for _, step := range steps.between(lowest, highest) {
			bound(step)
		}
	case zero:
		bound(1)
	}
	return b
}

// asNumber is a number as a float64; durations are in nanoseconds.
func asNumber(value any) float64 {
	switch v := value.(type) {
	case int:
		return float64(v)
	case time.Duration:
		return float64(v)
	case float64:
		return v
	}
	return math.NaN()
}

// likeNumber is a number of the Go type of another; it saturates.
func likeNumber(other any, f float64) any {
	whole := math.MaxInt
	if f < math.MaxInt {
		whole = int(f)
	}
	switch other.(type) {
	case int:
		return whole
	case time.Duration:
		return time.Duration(whole)
	}
	return min(f, math.MaxFloat64)
}
