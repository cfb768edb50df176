package watch

import "time"

// schedule says when samples are due: at the start, and then every interval after it, however long the samples take.
type schedule struct {
	start    time.Time
	interval time.Duration
}

// next is the first moment after now at which a sample is due, and how many moments have passed since one that was
// kept.
func (s schedule) next(kept, now time.Time) (due time.Time, missed int) {
	passed := int(now.Sub(s.start) / s.interval)
	due = s.start.Add(time.Duration(passed+1) * s.interval)
	return due, max(0, int(due.Sub(kept)/s.interval)-1)
}

// wait sleeps until a moment; false if it was given up before.
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
