package remote

import (
	"context"
	"time"

	"netql/query"
)

// A join asks hosts two questions, one after the other. A host that could not be asked the first one is not waited for
// once more, and what is the same about both is told once.

// outcome is how it went with a host.
type outcome struct {
	state State
	said  string
}

// otherSide is the question that was asked before for the same run of a query that is asked once; nil for none.
func (h *Hosts) otherSide(ctx context.Context, local *query.Local) *question {
	h.lock.Lock()
	defer h.lock.Unlock()
	q := h.last
	if q == nil || q.mode != once || q.run != ctx || local.Cut == nil || q.local.Cut != local.Cut || q.local == local {
		return nil
	}
	return q
}

// others are the hosts that are asked: all but those that gave nothing when the other side was asked.
func (q *question) others(side *question) (hosts []int) {
	if side == nil {
		for i := range q.hosts {
			hosts = append(hosts, i)
		}
		return hosts
	}
	side.lock.Lock()
	defer side.lock.Unlock()
	q.beside = make([]outcome, len(q.hosts))
	for i := range q.hosts {
		state, said := side.result(i)
		q.beside[i] = outcome{state, said}
		h := &side.hosts[i]
		if h.end != nil || h.answers() || state != NoAnswer && state != Failed {
			hosts = append(hosts, i)
			continue
		}
		q.hosts[i] = host{ended: true, state: state, said: said, started: h.started, endedAt: time.Now()}
	}
	return hosts
}
