package expression

import (
	"errors"
	"fmt"
	"math"
	"net/netip"
	"time"
)

// mostDigits is how many digits a float64 has, all of which are exact.
const mostDigits = 15

func checkDigits(args []any) *badArgument {
	if len(args) < 2 {
		return nil
	}
	if n, ok := args[1].(int); ok && (n < -mostDigits || n > mostDigits) {
		return &badArgument{1, fmt.Sprintf("round takes from -%d to %d digits", mostDigits, mostDigits)}
	}
	return nil
}

// roundTo rounds to a number of digits after the point, half away from zero.
func roundTo(args []any) (any, error) {
	digits := 0
	if len(args) > 1 {
		digits = args[1].(int)
	}
	return applyRounding(args[0], func(f float64) float64 {
		power := math.Pow10(max(digits, -digits))
		if digits < 0 {
			return math.Round(f/power) * power
		}
		if scaled := f * power; math.Abs(scaled) < 1<<53 { // a larger one has no digits behind those
			return math.Round(scaled) / power
		}
		return f
	}), nil
}

func checkWidth(args []any) *badArgument {
	if width, ok := asFloat(args[1]); ok && width <= 0 {
		return &badArgument{1, "the width of a bucket is above zero"}
	}
	return nil
}

// bucket is the largest multiple of the width that is not above x.
func bucket(args []any) (any, error) {
	switch x := args[0].(type) {
	case int:
		if width, ok := args[1].(int); ok {
			return mulInt(FloorDiv(x, width), width), nil
		}
	case time.Duration:
		if width, ok := args[1].(time.Duration); ok {
			return time.Duration(mulInt(FloorDiv(int(x), int(width)), int(width))), nil
		}
		return nil, errors.New("the width of buckets of durations is a duration")
	}
	if _, ok := args[1].(time.Duration); ok {
		return nil, errors.New("the width of buckets of numbers is a number")
	}
	return floats(args, floatBucket), nil
}

// FloorDiv is a / b rounded down; b is above zero.
func FloorDiv(a, b int) int {
	quotient := a / b
	if a%b < 0 {
		quotient--
	}
	return quotient
}

// floatBucket takes a quotient that is a whole number but for its last digit for that: 0.3 is in the bucket 0.3 of
// width 0.1, though 0.3 / 0.1 is a little less than 3.
func floatBucket(x, width float64) float64 { return Multiple(floorClose(x/width), width) }

// Multiple is n * width for a whole n, without digits that come from the width being no float64: 3 times 0.1 is 0.3,
// not 0.30000000000000004.
func Multiple(n, width float64) float64 {
	if parts := math.Round(1 / width); parts > 1 && math.Abs(parts*width-1) < 1e-12 {
		return n / parts
	}
	return n * width
}

func floorClose(f float64) float64 {
	if nearest := math.Round(f); math.Abs(f-nearest) <= 1e-12*math.Abs(nearest) {
		return nearest
	}
	return math.Floor(f)
}

func checkLength(args []any) *badArgument {
	length, ok := args[1].(int)
	most := 128
	addr, known := args[0].(netip.Addr)
	if known {
		most = addr.BitLen()
	}
	switch {
	case !ok || length >= 0 && length <= most:
		return nil
	case known:
		return &badArgument{1, fmt.Sprintf("a prefix of %s has a length from 0 to %d, not %d", addr, most, length)}
	}
	return &badArgument{1, fmt.Sprintf("a prefix has a length from 0 to 32 for IPv4, to 128 for IPv6, not %d", length)}
}

func networkOf(args []any) (any, error) { return args[0].(netip.Addr).Prefix(args[1].(int)) }
