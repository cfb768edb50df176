package schema_test

import (
	"math"
	"testing"

	"netql/query/schema"
)

// TestCompareNumbers: an int and a float64 are compared by their exact values.
func TestCompareNumbers(t *testing.T) {
	const large = 1 << 53
	for _, test := range []struct {
		i    int
		f    float64
		want int
	}{
		{1, 1, 0}, {1, 1.5, -1}, {2, 1.5, 1}, {-1, -1.5, 1}, {-2, -1.5, -1}, {0, math.Copysign(0, -1), 0},
		{large + 1, large, 1}, {large, large, 0}, {-large - 1, -large, -1},
		{math.MaxInt64, math.MaxInt64, -1}, {math.MaxInt64, 1e300, -1}, {math.MinInt64, math.MinInt64, 0},
		{math.MinInt64, -1e300, 1}, {0, math.Inf(1), -1}, {0, math.Inf(-1), 1},
	} {
		if got := schema.Compare(test.i, test.f); got != test.want {
			t.Errorf("%d and %g: %d, want %d", test.i, test.f, got, test.want)
		}
		if got := schema.Compare(test.f, test.i); got != -test.want {
			t.Errorf("%g and %d: %d, want %d", test.f, test.i, got, -test.want)
		}
	}
}
