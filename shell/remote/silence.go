package remote

import (
	"fmt"
	"slices"
	"time"
)

// watchSilence gives up hosts that send nothing for too long. A host that works sends something each second.
func (q *question) watchSilence() {
	timeout := q.asker.options.Timeout
	ticker := time.NewTicker(max(timeout/20, time.Millisecond))
	defer ticker.Stop()
	for {
		select {
		case <-q.ctx.Done():
			return
		case now := <-ticker.C:
			q.giveUpSilent(now, timeout)
			q.leaveBehind(now, timeout)
		}
	}
}

// giveUpSilent gives up the hosts that have sent nothing for too long.
func (q *question) giveUpSilent(now time.Time, timeout time.Duration) {
	q.lock.Lock()
	defer q.lock.Unlock()
	for i := range q.hosts {
		h := &q.hosts[i]
		if !h.over() && !h.silent && !h.started.IsZero() && h.exchange != nil && h.until(now).Sub(h.heard) > timeout {
			h.silent = true
			h.exchange.Stop(i)
			q.signal()
		}
	}
}

// until is up to when all that the host had sent has come.
func (h *host) until(now time.Time) time.Time {
	if delaying, ok := h.exchange.(Delaying); ok {
		return delaying.Arrived()
	}
	return now
}

// leaveBehind has a sample of a watch go on without the hosts that are at work, but have sent nothing of it for too
// long since others have answered it, or all that they may. Where nobody has, there is nothing to go on with.
func (q *question) leaveBehind(now time.Time, timeout time.Duration) {
	q.lock.Lock()
	defer q.lock.Unlock()
	if q.mode != samples || q.enough {
		return
	}
	if q.answeredAt.IsZero() {
		if slices.ContainsFunc(q.hosts, func(h host) bool { return !h.done() && !h.behind && h.starved() }) {
			q.answeredAt = now
		}
		return
	}
	for i := range q.hosts {
		h := &q.hosts[i]
		since := h.moved
		if since.Before(q.answeredAt) {
			since = q.answeredAt
		}
		if h.done() || h.behind || h.silent || h.started.IsZero() || h.until(now).Sub(since) <= timeout {
			continue
		}
		h.behind, h.dropping = true, true
		h.was = outcome{Late, fmt.Sprintf("still at work %v after others had answered", timeout)}
		h.dropQueue(i)
		q.signal()
	}
}
