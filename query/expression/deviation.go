package expression

import (
	"math"
	"time"
)

// deviation computes a standard deviation in one pass, by the algorithm of Welford (1962), which does not lose the
// digits that the difference of two sums of squares would.
type deviation struct {
	n        int
	mean     float64
	squares  float64 // the sum of the squares of the distances from the mean
	duration bool
}

func (d *deviation) Add(v any) {
	f, ok := asFloat(v)
	if !ok {
		return
	}
	d.n++
	distance := f - d.mean
	d.mean += distance / float64(d.n)
	d.squares += distance * (f - d.mean)
	_, d.duration = v.(time.Duration)
}

func (d *deviation) Result() any {
	if d.n < 2 {
		return nil
	}
	root := math.Sqrt(d.squares / float64(d.n-1))
	if d.duration {
		return time.Duration(saturated(root))
	}
	return finite(root)
}
