package remote

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"netql/query"
	"netql/shell/remote/frame"
)

// A watch asks hosts again that have ended. A sample waits for these for a part of its interval only: one that has not
// answered by then is missing, as it was, and what it answers is dropped until it has given a sample. Then it is one of
// the others. So it is with a host that is at work on a sample for too long.

// askAgain is how long a watch leaves a host alone that has ended.
const askAgain = 10 * time.Second

// nextSample asks the hosts for another sample of a watch, and those anew whose answers have ended.
func (q *question) nextSample() {
	again := map[int]outcome{}
	now := time.Now()
	q.lock.Lock()
	q.patient = now.Add(now.Sub(q.sampledAt) / 2)
	q.sampledAt = now
	q.answeredAt, q.enough = time.Time{}, false
	clear(q.told)
	for i := range q.hosts {
		switch h := &q.hosts[i]; {
		case h.over() && h.ended && now.Sub(h.endedAt) >= q.asker.again:
			again[i] = q.outcome(i)
		case h.over():
			h.wanted++
			h.kept = false
		default:
			h.next(i)
		}
	}
	q.lock.Unlock()
	q.askAgain(again)
}

// answeredBefore says whether any host has answered a sample of the watch.
func (q *question) answeredBefore() bool {
	q.lock.Lock()
	defer q.lock.Unlock()
	return slices.ContainsFunc(q.before, func(p presence) bool { return p.answered })
}

// unanswered is the error of a sample of a watch that no host has answered; it warns of all of them. What was asked
// ahead for other sides of a join is not read any more.
func (h *Hosts) unanswered(q *question, warn func(string)) error {
	for _, side := range sidesOf(q.local) {
		if other := h.watched[side]; other != nil {
			other.ahead = false
		}
	}
	said := q.ofAll()
	missing := &query.Unanswered{Since: q.lostSince()}
	warn(fmt.Sprintf("%v, and samples are left out until one does: %s", missing, said))
	return missing
}

// lostSince is since when no host of a watch answers any more.
func (q *question) lostSince() (since time.Time) {
	q.lock.Lock()
	defer q.lock.Unlock()
	for _, p := range q.before {
		if p.lost.After(since) {
			since = p.lost
		}
	}
	return since
}

// next asks the host, whose place is i, for another sample, unless it is still at work on one.
func (h *host) next(i int) {
	if h.behind && h.samples <= h.wanted {
		return
	}
	h.behind, h.dropping, h.kept = false, false, false
	h.moved = time.Now()
	h.wanted = max(h.wanted+1, h.samples)
	h.credit(i, frame.Credit{Samples: 1})
}

// askAgain asks hosts again of which it is known how they have ended.
func (q *question) askAgain(hosts map[int]outcome) {
	if len(hosts) == 0 {
		return
	}
	var places []int
	for i := range hosts {
		places = append(places, i)
	}
	slices.Sort(places)
	_ = q.begin(places) // of which the hosts tell
	q.lock.Lock()
	for i, was := range hosts {
		q.hosts[i].behind, q.hosts[i].was = true, was
	}
	q.lock.Unlock()
	q.closeUnused()
}

// errNotBack is that a host which was asked again has not answered in time for the sample.
var errNotBack = errors.New("the host is not back")

// patience is the context in which the sample of a host is waited for.
func (d *delivery) patience(ctx context.Context, i int) (context.Context, context.CancelFunc) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if !d.hosts[i].behind {
		return ctx, func() {}
	}
	return context.WithDeadlineCause(ctx, d.patient, errNotBack)
}

// drop has what a host sends dropped until its sample has ended, because the others do not wait for it.
func (q *question) drop(i int) {
	q.lock.Lock()
	defer q.lock.Unlock()
	h := &q.hosts[i]
	h.dropping = true
	h.dropQueue(i)
}

// dropQueue drops what the host, whose place is i, has sent, and lets it send as much.
func (h *host) dropQueue(i int) {
	bytes := 0
	for _, item := range h.queue {
		bytes += len(item.payload)
	}
	if h.queue = nil; bytes > 0 && !h.over() {
		h.grant(i, bytes)
	}
}

// closeUnused closes the exchanges all of whose hosts were asked anew.
func (q *question) closeUnused() {
	q.lock.Lock()
	var unused []Exchange
	q.exchanges = slices.DeleteFunc(q.exchanges, func(e Exchange) bool {
		used := slices.ContainsFunc(q.hosts, func(h host) bool { return h.exchange == e })
		if !used {
			unused = append(unused, e)
		}
		return !used
	})
	q.lock.Unlock()
	for _, e := range unused {
		e.Close()
	}
}
