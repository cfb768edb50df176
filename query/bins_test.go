package query

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"netql/query/schema"
)

// TestBins: whatever the values are, bounds ascend, bins are not too many, and each value lies in its own.
func TestBins(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	sizes := []float64{1e-12, 0.004, 1, 20, 1000, 1e5, 1e12, 1e18}
	for i := range 20_000 {
		scale, offset := sizes[r.IntN(len(sizes))], 0.0
		if r.IntN(2) == 0 {
			offset = sizes[r.IntN(len(sizes))]
		}
		values := make([]any, 1+r.IntN(6))
		for j := range values {
			f := offset + scale*r.NormFloat64()*math.Exp(r.NormFloat64()*float64(r.IntN(4)))
			values[j] = likeNumber([]any{0, 0.0, time.Duration(0)}[i%3], f)
		}
		checkBins(t, values, i%2 == 0, []schema.Unit{schema.None, schema.Bytes, schema.BitsPerSecond}[i/3%3])
	}
	for _, values := range [][]any{
		{0}, {0.0}, {time.Duration(0)}, {math.MinInt, math.MaxInt}, {math.MaxInt}, {math.MinInt},
		{-math.MaxFloat64, math.MaxFloat64}, {math.SmallestNonzeroFloat64}, {math.SmallestNonzeroFloat64, 1e300},
		{time.Duration(math.MinInt), time.Duration(math.MaxInt)}, {-1, -2}, {-1.5}, {1, math.MaxInt},
		{math.MaxInt - 15, math.MaxInt - 1}, {math.MaxFloat64},
	} {
		for _, unit := range []schema.Unit{schema.None, schema.Bytes} {
			checkBins(t, values, false, unit)
			checkBins(t, values, true, unit)
		}
	}
}

func checkBins(t *testing.T, values []any, log bool, unit schema.Unit) {
	t.Helper()
	b := newBins(values, log, unit)
	most := mostBins
	if log {
		most += 2
	}
	if len(b) < 2 || len(b)-1 > most {
		t.Fatalf("%v, log %v: %d bounds: %v", values, log, len(b), b)
	}
	for i := range b[1:] {
		if b[i] != nil && schema.Compare(b[i], b[i+1]) >= 0 {
			t.Fatalf("%v, log %v: bounds do not ascend: %v", values, log, b)
		}
	}
	largest := []any{math.MaxInt, time.Duration(math.MaxInt), math.MaxFloat64} // above which nothing can be
	for _, v := range values {
		i := b.find(v)
		below := b[i] != nil && schema.Compare(v, b[i]) < 0
		above := schema.Compare(v, b[i+1]) >= 0 && !slices.Contains(largest, b[i+1])
		if below && i > 0 || above {
			t.Fatalf("%v, log %v: %v is in bin %d of %v", values, log, v, i, b)
		}
	}
}

// TestRoundBins: bounds are those that a person would choose.
func TestRoundBins(t *testing.T) {
	ms := time.Millisecond
	for _, test := range []struct {
		values      []any
		log         bool
		unit        schema.Unit
		first, last any
		n           int
	}{
		{[]any{3, 97}, false, schema.None, 0, 100, 20},
		{[]any{0, 3}, false, schema.None, 0, 4, 4},
		{[]any{-7, 7}, false, schema.None, -7, 8, 15},
		{[]any{0.1, 0.35}, false, schema.None, 0.1, 0.36, 13},
		{[]any{200, 65536}, false, schema.Bytes, 0, 69632, 17},
		{[]any{3 * ms, 97 * ms}, false, schema.None, 0 * ms, 100 * ms, 20},
		{[]any{time.Second, 3 * time.Hour}, false, schema.None, 0 * ms, 190 * time.Minute, 19},
		{[]any{5 * ms}, false, schema.None, 5 * ms, 5*ms + 100*time.Microsecond, 1},
		{[]any{3 * ms, 900 * ms}, true, schema.None, 2 * ms, 1000 * ms, 8},
		{[]any{1, 3_000_000_000}, true, schema.None, 1, 10_000_000_000, 10},
		{[]any{0, 700, 1500}, true, schema.Bytes, 0, 2048, 3},
		{[]any{-5, 0, 7}, true, schema.None, nil, 10, 3},
		{[]any{5_000_000_000_000_000_001}, true, schema.None, 5_000_000_000_000_000_000, math.MaxInt, 1},
		{[]any{1, math.MaxInt}, true, schema.None, 1, math.MaxInt, 19},
		{[]any{math.MaxInt}, true, schema.Bytes, 1 << 62, math.MaxInt, 1},
	} {
		b := newBins(test.values, test.log, test.unit)
		if len(b) != test.n+1 || b[0] != test.first || b[len(b)-1] != test.last {
			t.Errorf("%v: %d bins, %v; want %d from %v to %v", test.values, len(b)-1, b, test.n, test.first, test.last)
		}
	}
}
