package query

import (
	"math"
	"time"

	"netql/query/expression"
	"netql/query/schema"
)

// ladder is an ascending series of round numbers, which are whole from index 0 on, where 1 is.
type ladder struct {
	at func(i int) float64
	// near is an index whose number is at most x, and not far below.
	near func(x float64) int
	// strides are between indexes at which numbers are round in themselves: 1, 10, 100 of 1, 2, 5, 10. The last may be
	// doubled.
	strides []int
}

// ladderOf are the round numbers for numbers of this Go type and unit: powers of two for sizes, spans of time, else 1,
// 2 and 5 times powers of ten.
func ladderOf(number any, unit schema.Unit) ladder {
	_, isDuration := number.(time.Duration)
	_, isFloat := number.(float64)
	l := ladder{decimal, nearDecimal, []int{1, 3}}
	switch {
	case isDuration:
		l.at = span
	case unit == schema.Bytes:
		l = ladder{
			func(i int) float64 { return math.Pow(2, float64(i)) },
			func(x float64) int { return int(math.Floor(math.Log2(x))) - 1 },
			[]int{1, 2, 5, 10},
		}
	}
	if !isFloat {
		l.near = func(float64) int { return 0 }
	}
	return l
}

// decimal is 1, 2, 5, 10, 20, 50 ... and, below index 0, 0.5, 0.2, 0.1 ...
func decimal(i int) float64 {
	exponent := expression.FloorDiv(i, 3)
	digit := [...]float64{1, 2, 5}[i-3*exponent]
	if exponent < 0 {
		return digit / math.Pow10(-exponent)
	}
	return digit * math.Pow10(exponent)
}

func nearDecimal(x float64) int { return 3 * (int(math.Floor(math.Log10(x))) - 1) }

// spans are the lengths of time from a second on, three for each stride.
var spans = [...]time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 20 * time.Minute, 30 * time.Minute,
	time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour,
}

// span is a round length of time in nanoseconds: decimal up to 500 ms, then as clocks divide it, then 5, 10, 20, 50 ...
// days.
func span(i int) float64 {
	const second, day = 27, 24 * float64(time.Hour)
	switch {
	case i < second:
		return decimal(i)
	case i < second+len(spans):
		return float64(spans[i-second])
	}
	return day * decimal(i-second-len(spans)+2)
}

// between are numbers of the ladder from the last that is not above low to the first that is above high, as close
// together as they can be without there being too many. low is above zero.
func (l ladder) between(low, high float64) []float64 {
	first := l.near(low)
	for l.at(first+1) <= low {
		first++
	}
	for try := 0; ; try++ {
		stride := l.strides[min(try, len(l.strides)-1)] << max(0, try-len(l.strides)+1)
		var steps []float64
		for i := expression.FloorDiv(first, stride) * stride; len(steps) <= mostBins+1; i += stride {
			if steps = append(steps, l.at(i)); l.at(i) > high {
				return steps
			}
		}
	}
}

// shownStep is the least difference between two numbers, the larger of these, that people are shown: numbers with units
// have one decimal below 100 of a unit and none above, durations of a minute or more two units (shell/render).
func shownStep(lowest, highest any, unit schema.Unit) float64 {
	size := max(math.Abs(asNumber(lowest)), math.Abs(asNumber(highest)))
	_, isDuration := lowest.(time.Duration)
	_, isFloat := lowest.(float64)
	const exactSize = 10_000
	switch {
	case isDuration && size >= 24*float64(time.Hour):
		return float64(time.Hour)
	case isDuration && size >= float64(time.Hour):
		return float64(time.Minute)
	case isDuration && size >= float64(time.Minute):
		return float64(time.Second)
	case isDuration:
		return tenth(size, 1000, float64(time.Second))
	case unit == schema.Bytes && size >= exactSize:
		return tenth(size, 1024, math.Pow(1024, 6))
	case unit == schema.BitsPerSecond && size >= 1000:
		return tenth(size, 1000, 1e15)
	case isFloat && size > 0:
		return size / 1000
	}
	return 1
}

// tenth is the last decimal that is shown of a number in units of which each is step times the one before.
func tenth(size, step, largest float64) float64 {
	unit := 1.0
	for size >= step*unit && unit < largest {
		unit *= step
	}
	if size < 100*unit {
		return unit / 10
	}
	return unit
}
