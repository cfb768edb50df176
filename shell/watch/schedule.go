package watch

import "time"

// schedule says when samples are due: at the start, and then at multiples of the interval after it, however long the
// samples take.
type schedule struct {
	start    time.Time
	interval time.Duration
}

// next is the first time after now at which a sample is due, and how many due times were missed since the last sample,
// which was due at last.
func (s schedule) next(last, now time.Time) (due time.Time, missed int) {
	passed := int(now.Sub(s.start) / s.interval)
	due = s.start.Add(time.Duration(passed+1) * s.interval)
	return due, max(0, int(due.Sub(last)/s.interval)-1)
}

// wait sleeps until a time; false if done was closed before.
func wait(done <-chan struct{}, until time.Time) bool {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-done:
		return false
	case <-timer.C:
		return true
	}
}
