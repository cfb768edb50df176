package watch

import (
	"testing"
	"time"
)

// TestSchedule: samples start at multiples of the interval after the first one; those that are due meanwhile are
// skipped.
func TestSchedule(t *testing.T) {
	start := time.Unix(1000, 0)
	every := schedule{start, time.Second}
	at := func(seconds float64) time.Time { return start.Add(time.Duration(seconds * float64(time.Second))) }
	for _, test := range []struct {
		kept, now, due float64
		missed         int
	}{
		{0, 0.1, 1, 0},
		{0, 0.999, 1, 0},
		{1, 1.7, 2, 0},
		{1, 2, 3, 1}, // the beat at 2 is over
		{1, 4.5, 5, 3},
		{60, 60.01, 61, 0}, // no drift after a minute
	} {
		due, missed := every.next(at(test.kept), at(test.now))
		if !due.Equal(at(test.due)) || missed != test.missed {
			t.Errorf("after %v at %v: due %v, missed %d", test.kept, test.now, due.Sub(start), missed)
		}
	}
}

func TestLateness(t *testing.T) {
	for _, test := range []struct {
		took time.Duration
		want string
	}{
		{2500 * time.Millisecond, "a sample took 2.5s, longer than the interval of 1s: 2 skipped"},
		{time.Millisecond, "2 skipped"},
	} {
		if got := lateness(test.took, time.Second, 2); got != test.want {
			t.Errorf("%v: %q", test.took, got)
		}
	}
}
