package expression

import (
	"math"
	"testing"
	"time"
)

// TestSumInAnyOrder: a sum saturates at its end alone, so that it does not depend on the order of its values.
func TestSumInAnyOrder(t *testing.T) {
	const most = math.MaxInt
	for _, test := range []struct {
		values []any
		want   any
	}{
		{nil, nil},
		{[]any{most, 5, -most}, 5},
		{[]any{most, -most, 5}, 5},
		{[]any{-most, -most, -5, most}, math.MinInt},
		{[]any{most, most, most, -most}, most},
		{[]any{most, 1}, most},
		{[]any{math.MinInt, -1}, math.MinInt},
		{[]any{math.MinInt, -1, 3}, math.MinInt + 2},
		{[]any{time.Duration(most), time.Second}, time.Duration(most)},
		{[]any{time.Duration(most), time.Second, -time.Duration(most)}, time.Second},
		{[]any{1, 0.5}, 1.5},
		{[]any{math.MaxFloat64, math.MaxFloat64, 1.0}, nil},
		{[]any{math.MaxFloat64, math.MaxFloat64, -math.MaxFloat64, 1}, nil},
	} {
		var s sum
		for _, v := range test.values {
			s.Add(v)
		}
		if got := s.Result(); got != test.want {
			t.Errorf("%v: %v, want %v", test.values, got, test.want)
		}
	}
}
