package netlink

import (
	"errors"
	"iter"
	"slices"
	"testing"
)

// TestSettled reads lists that are interrupted a number of times, or fail.
func TestSettled(t *testing.T) {
	failure := errors.New("broken")
	for _, c := range []struct {
		name        string
		length      int
		interrupted int // how many of the tries are
		end         error
		limit       int // rows that the consumer takes
		rows, tries int
		err         error
	}{
		{name: "quiet", length: 5, limit: 9, rows: 5, tries: 1},
		{name: "once", length: 5, interrupted: 1, limit: 9, rows: 5, tries: 2},
		{name: "twice", length: 5, interrupted: 2, limit: 9, rows: 5, tries: 3},
		{name: "always", length: 5, interrupted: 99, limit: 9, rows: 5, tries: 3, err: ErrInterrupted},
		{name: "too long to keep", length: maxKept + 10, interrupted: 99, limit: maxKept * 2, rows: maxKept + 10,
			tries: 1, err: ErrInterrupted},
		{name: "other failure", length: 5, end: failure, limit: 9, rows: 5, tries: 1, err: failure},
		{name: "consumer stops early", length: 5, limit: 2, rows: 2, tries: 1},
		{name: "consumer stops in the stream", length: maxKept * 2, limit: maxKept + 2, rows: maxKept + 2, tries: 1},
	} {
		tries := 0
		var list iter.Seq2[int, error] = func(yield func(int, error) bool) {
			tries++
			for i := range c.length {
				if !yield(i, nil) {
					return
				}
			}
			if end := c.end; tries <= c.interrupted {
				yield(0, ErrInterrupted)
			} else if end != nil {
				yield(0, end)
			}
		}
		var rows []int
		var err error
		for row, e := range Consistent(list) {
			if err = e; e != nil {
				break
			}
			if rows = append(rows, row); len(rows) == c.limit {
				break
			}
		}
		if len(rows) != c.rows || tries != c.tries || !errors.Is(err, c.err) || !slices.IsSorted(rows) {
			t.Errorf("%s: %d rows in %d tries and %v, want %d, %d, %v", c.name, len(rows), tries, err, c.rows, c.tries,
				c.err)
		}
	}
}
