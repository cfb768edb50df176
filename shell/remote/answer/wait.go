package answer

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	// longestWait is how long an answer may wait for credit whose place nobody else wants.
	longestWait = 10 * time.Minute
	// lookAgain is how often it looks whether somebody does.
	lookAgain = time.Second
)

// awaitCredit waits until rows may be sent. The time that this takes is no time of the answer's work.
func (a *Answer) awaitCredit(ctx context.Context) error {
	defer a.work.pause()()
	enough := func(bytes, _ int) bool { return bytes > 0 }
	limit := a.host.CreditWait
	for began := time.Now(); ; limit = lookAgain {
		err := a.credit.wait(ctx, limit, enough)
		budget, ok := errors.AsType[*budgetError](err)
		if !ok || budget.state != late {
			return err
		}
		waited := time.Since(began)
		if a.host.Spare == nil || !a.host.Spare() || waited > longestWait {
			waited = max(waited.Truncate(lookAgain), limit)
			return &budgetError{late, fmt.Sprintf("nobody took the rows for %v", waited)}
		}
	}
}

// workTime is the time that an answer may yet take, which runs while it works.
type workTime struct {
	left  time.Duration
	since time.Time // when it began to run
	timer *time.Timer
}

// newWorkTime calls a function when the time is over.
func newWorkTime(limit time.Duration, over func()) *workTime {
	return &workTime{limit, time.Now(), time.AfterFunc(limit, over)}
}

// pause stops the time until the function that it gives is called. nil is a time without end.
func (w *workTime) pause() (resume func()) {
	if w == nil || !w.timer.Stop() { // else it is over
		return func() {}
	}
	w.left -= time.Since(w.since)
	return func() {
		w.since = time.Now()
		w.timer.Reset(max(w.left, 0))
	}
}
