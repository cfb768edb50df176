package answer

import (
	"context"
	"fmt"
	"sync"
	"time"

	"netql/shell/remote/frame"
)

// credit is what the asker lets the host send.
type credit struct {
	lock    sync.Mutex
	bytes   int
	samples int
	changed chan struct{} // has an element when there is more
}

// maxCredit bounds credit, so that sums of it do not overflow.
const maxCredit = 1 << 40

func (c *credit) add(more frame.Credit) {
	c.lock.Lock()
	c.bytes = min(c.bytes+min(max(more.Bytes, 0), maxCredit), maxCredit)
	c.samples = min(c.samples+min(max(more.Samples, 0), maxCredit), maxCredit)
	c.lock.Unlock()
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

// spend takes from the credit for bytes; it may end below zero by one chunk.
func (c *credit) spend(bytes int) {
	c.lock.Lock()
	c.bytes -= bytes
	c.lock.Unlock()
}

func (c *credit) now() (bytes, samples int) {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.bytes, c.samples
}

// allowance is how many bytes may be sent together: as many as there is credit for, and some in any case.
func (c *credit) allowance() int {
	bytes, _ := c.now()
	return max(bytes, leastChunk)
}

// leastChunk is how many bytes are sent together at the least, where there are so many.
const leastChunk = 256

// takeSample waits until a sample is wanted.
func (a *Answer) takeSample() error {
	err := a.credit.wait(a.ctx, 0, func(_, samples int) bool { return samples > 0 })
	a.credit.lock.Lock()
	a.credit.samples--
	a.credit.lock.Unlock()
	return err
}

// wait waits until there is enough credit, and no longer than limit; 0 is no limit.
func (c *credit) wait(ctx context.Context, limit time.Duration, enough func(bytes, samples int) bool) error {
	var over <-chan time.Time
	if limit > 0 {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		over = timer.C
	}
	for !enough(c.now()) {
		select {
		case <-c.changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-over:
			return &budgetError{late, fmt.Sprintf("nobody took the rows for %v", limit)}
		}
	}
	return nil
}

// budgetError is the error of an answer that has come to a limit.
type budgetError struct{ state, message string }

func (e *budgetError) Error() string { return e.message }

// tell sends a message.
func (a *Answer) tell(m frame.Message) {
	a.sending.Lock()
	defer a.sending.Unlock()
	a.tellLocked(m)
}

// tellLocked sends a message; the caller has the lock. A failure ends the answer.
func (a *Answer) tellLocked(m frame.Message) { a.sendLocked(frame.Encode(a.id, m)) }

func (a *Answer) sendLocked(f frame.Frame) {
	if err := a.send(f); err != nil {
		a.cancel()
	}
}
