package remote

import (
	"context"
	"time"

	"netql/query"
)

// The sides of a join are questions of their own, which hosts are asked at the same time. What the one whose rows are
// wanted later has sent by then waits, within its credit. A host that gave nothing to one side is not waited for on the
// other, and what is the same about both is told once.

// outcome is how it went with a host.
type outcome struct {
	state State
	said  string
}

// askBeside begins to ask what else the run of a question asks. Events are not asked for before somebody reads them.
func (h *Hosts) askBeside(ctx context.Context, local *query.Local) error {
	h.closeBeside()
	for _, other := range sidesOf(local) {
		if other == local || modeOf(other.Text) == events || h.watched[other] != nil {
			continue
		}
		q, err := h.ask(ctx, other)
		if err != nil {
			return err
		}
		h.beside[other] = q
	}
	return nil
}

// sidesOf are the questions of the query that asks one.
func sidesOf(local *query.Local) []*query.Local {
	if local.Cut == nil {
		return []*query.Local{local}
	}
	return local.Cut.Locals
}

// otherSides are the questions under way of the query that asks one.
func (h *Hosts) otherSides(local *query.Local) (list []*question) {
	for _, side := range sidesOf(local) {
		for _, q := range []*question{h.watched[side], h.beside[side]} {
			if q != nil && side != local {
				list = append(list, q)
			}
		}
	}
	return list
}

// askedBeside is the question that was begun beside another one of the same run; nil for none.
func (h *Hosts) askedBeside(ctx context.Context, local *query.Local) *question {
	q := h.beside[local]
	if q == nil || q.run != ctx {
		return nil
	}
	delete(h.beside, local)
	h.lock.Lock()
	side := h.last
	h.lock.Unlock()
	if side != nil && side.run == ctx && q.mode == once {
		q.after(side)
	}
	return q
}

// closeBeside ends the questions that were begun beside others and that nobody has wanted.
func (h *Hosts) closeBeside() {
	for local, q := range h.beside {
		q.close()
		delete(h.beside, local)
	}
}

// besideWatched notes how it went with hosts on the other sides of a join that is watched, as far as that was told for
// the same sample.
func (h *Hosts) besideWatched(q *question) {
	told := make([]outcome, len(q.hosts))
	for _, other := range h.otherSides(q.local) {
		other.lock.Lock()
		for i, is := range other.told {
			if is {
				told[i] = other.outcome(i)
			}
		}
		other.lock.Unlock()
	}
	q.lock.Lock()
	defer q.lock.Unlock()
	q.beside = told
}

// same says whether two outcomes are one piece of news: a host that is gone may be missed in several ways.
func (o outcome) same(other outcome) bool {
	return o == other || o.state == other.state && (o.state == Failed || o.state == NoAnswer)
}

// after notes how it went with hosts on the other side of the join, and gives up those that gave nothing there.
func (q *question) after(side *question) {
	side.lock.Lock()
	beside, nothing := make([]outcome, len(q.hosts)), make([]bool, len(q.hosts))
	for i := range side.hosts {
		beside[i] = side.outcome(i)
		nothing[i] = side.hosts[i].end == nil && !side.hosts[i].answers() &&
			(beside[i].state == NoAnswer || beside[i].state == Failed)
	}
	side.lock.Unlock()
	q.lock.Lock()
	defer q.lock.Unlock()
	q.beside = beside
	for i := range q.hosts {
		if h := &q.hosts[i]; nothing[i] && !h.over() {
			h.ended, h.state, h.said, h.endedAt = true, beside[i].state, beside[i].said, time.Now()
			h.exchange.Stop(i)
		}
	}
}
