package remote

import (
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/remote/frame"
)

// Options say how hosts are asked.
type Options struct {
	Timeout   time.Duration   // how long a host may be silent; 0 for no limit
	Notes     func() []string // what each answer warns of; nil for nothing
	Namespace string          // the network namespace of each host, as of --netns; "" for that of its netql
}

// Hosts asks a list of hosts.
type Hosts struct {
	names     []string // as the column host shows them
	transport Transport
	options   Options
	watched   map[*query.Local]*question // those of watches, which go on between samples
	beside    map[*query.Local]*question // those that were begun beside another one, and are not wanted yet
	again     time.Duration              // how long a watch leaves a host alone that has ended

	lock sync.Mutex
	last *question          // for the table hosts and the progress line
	open map[*question]bool // those that reach hosts
}

// New asks hosts, whose names are different, over a transport.
func New(names []string, transport Transport, options Options) *Hosts {
	return &Hosts{names: names, transport: transport, options: options, watched: map[*query.Local]*question{},
		beside: map[*query.Local]*question{}, open: map[*question]bool{},
		again: askAgain}
}

// Names are the names of the hosts.
func (h *Hosts) Names() []string { return h.names }

// Close ends what a watch or a join has left open. The last question is kept.
func (h *Hosts) Close() {
	h.closeBeside()
	for local, q := range h.watched {
		q.close()
		delete(h.watched, local)
	}
}

// End ends all questions, and waits until nothing reaches hosts any more. Unlike Close it may be called while rows of
// one are waited for, or are not taken, by a program that is about to end.
func (h *Hosts) End() {
	h.lock.Lock()
	open := slices.Collect(maps.Keys(h.open))
	h.lock.Unlock()
	for _, q := range open {
		q.cancel()
	}
	for _, q := range open {
		q.endExchanges()
	}
}

func (h *Hosts) tellNotes(warn func(message string)) {
	if h.options.Notes == nil {
		return
	}
	for _, note := range h.options.Notes() {
		warn(note)
	}
}

// Ask is a query.Ask.
func (h *Hosts) Ask(
	ctx context.Context, local *query.Local, warn func(message string),
) iter.Seq2[[]schema.Scalar, error] {
	return func(yield func([]schema.Scalar, error) bool) {
		q, err := h.questionFor(ctx, local)
		if err != nil {
			yield(nil, err)
			return
		}
		d := &delivery{question: q, reader: frame.NewRowReader(local.Columns), yield: yield, warn: warn,
			eased: time.Now()}
		h.tellNotes(warn)
		failure := d.deliver(ctx)
		h.tellNotes(warn) // there may be more now
		refused := q.refusal() != nil
		q.setEnough(d.over || refused)
		local.Lacking = q.lacking()
		if q.mode != samples || failure != nil {
			delete(h.watched, local)
			q.close()
		}
		if q.mode == samples {
			h.besideWatched(q)
		}
		answered := refused || q.tell(warn, ctx.Err() != nil)
		switch {
		case answered && failure == nil && !d.over && ctx.Err() == nil && q.brokeOff():
			failure = errNoneLeft
		case failure != nil || answered || d.over:
		case ctx.Err() != nil:
			failure = context.Cause(ctx)
		case q.mode == samples && q.answeredBefore():
			failure = h.unanswered(q, warn)
		default:
			failure = q.nobody()
		}
		if failure == nil {
			return
		}
		h.closeBeside()
		if !d.over {
			yield(nil, failure)
		}
	}
}

// questionFor is a new question, or that of a watch, whose next sample it asks for.
func (h *Hosts) questionFor(ctx context.Context, local *query.Local) (q *question, err error) {
	if h.watched[local] != nil {
		return h.sampleFor(local), nil
	}
	if q = h.askedBeside(ctx, local); q == nil {
		if q, err = h.ask(ctx, local); err != nil {
			return nil, err
		}
		if err = h.askBeside(ctx, local); err != nil {
			q.close()
			return nil, err
		}
	}
	if q.mode == samples {
		h.watched[local] = q
	}
	h.setLast(q)
	return q, nil
}

// sampleFor is the question of a watch, when the hosts were asked for its next sample, and for that of the other sides
// of a join.
func (h *Hosts) sampleFor(local *query.Local) *question {
	q := h.watched[local]
	if q.ahead {
		q.ahead = false
		return q
	}
	for _, side := range sidesOf(local) {
		if other := h.watched[side]; other != nil && !other.ahead {
			other.nextSample()
			other.ahead = other != q
		}
	}
	return q
}
