package expression

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestNearestRank: the rank is a whole number where the percentage is one of the number of values, though 99.9 is no
// float64.
func TestNearestRank(t *testing.T) {
	for _, test := range []struct {
		n       int
		percent float64
		want    int
	}{
		{1000, 99.9, 998}, {1001, 99.9, 999}, {10_000_000, 99.9, 9_989_999}, {3, 0, 0}, {3, 100, 2}, {1, 50, 0},
		{10, 10, 0}, {10, 10.1, 1}, {math.MaxInt, 100, math.MaxInt - 1}, {math.MaxInt, 50, math.MaxInt / 2},
	} {
		if got := nearestRank(test.n, test.percent); got != test.want {
			t.Errorf("the index of %v %% of %d is %d, want %d", test.percent, test.n, got, test.want)
		}
	}
}

// TestBucketHoldsItsValue: a bucket begins at or below its value, and ends above it, but for the last digits.
func TestBucketHoldsItsValue(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 10_000 {
		x, width := int(r.Int64())-r.IntN(1<<62), 1+int(r.Int64N(1<<40))>>r.IntN(40)
		lower, _ := bucket([]any{x, width})
		if n := lower.(int); n > x || x-n >= width || n%width != 0 {
			t.Fatalf("bucket(%d, %d) = %d", x, width, n)
		}
		f, step := r.NormFloat64()*math.Pow10(r.IntN(12)-6), math.Pow10(r.IntN(6)-3)
		lower, _ = bucket([]any{f, step})
		if n := lower.(float64); n-f > 1e-9*math.Abs(f) || f-n > step*(1+1e-9)+1e-9*math.Abs(f) {
			t.Fatalf("bucket(%v, %v) = %v", f, step, n)
		}
	}
	if lower, _ := bucket([]any{math.MinInt, 10}); lower != math.MinInt {
		t.Errorf("the lowest bucket begins at %v", lower)
	}
}
