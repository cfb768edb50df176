package remote

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"netql/query"
	"netql/shell/remote/frame"
)

const (
	// allWindows bounds what all hosts together may send before it is asked for.
	allWindows = 32 << 20
	// maxWindow is how much one host may send before it is asked for, at the most, and headWindow how much more the
	// one whose rows are handed on.
	maxWindow, headWindow = 64 << 10, 1 << 20
)

// question is a local query that hosts are asked, or have been asked. It receives what they send.
type question struct {
	asker    *Hosts
	local    *query.Local
	mode     mode
	window   int
	run      context.Context // of the run of the plan
	ctx      context.Context // of what reaches hosts
	cancel   context.CancelFunc
	watching sync.WaitGroup

	lock      sync.Mutex
	exchanges []Exchange
	hosts     []host
	before    []presence    // of the hosts, in the samples so far
	beside    []outcome     // of the hosts, on the side of a join that was read before; nil where there is none
	ahead     bool          // the next sample of a watch was asked for with that of another side of a join
	told      []bool        // the hosts of which a warning was told, of the sample that is wanted
	clocks    []bool        // the hosts of which it was told that their clocks are off
	enough    bool          // the consumer did not want all rows of the last sample
	refused   error         // there are more rows than the merging part can keep
	arrived   []int         // the hosts that have sent rows, in the order of the rows; of a query that follows
	changed   chan struct{} // has an element when something has changed

	// Of the sample of a watch that is wanted:
	sampledAt  time.Time // when hosts were asked for it
	patient    time.Time // until when it waits for hosts that were asked again
	answeredAt time.Time // when the first host had answered it, or had to wait for credit; zero before that
}

// presence is whether a host has answered a sample of a watch, and since when it does so no more.
type presence struct {
	answered bool
	lost     time.Time // zero while it answers
	state    State     // in the latest sample
	since    time.Time // when it came into the state
}

// mode says how many answers a local query has.
type mode int

const (
	once    mode = iota
	samples      // of a watch
	events
)

// GoesOn says whether the answer to a query, by its text, goes on until nobody wants it: a watch, or events.
func GoesOn(text string) bool { return modeOf(text) != once }

// modeOf is the mode of a local query, by its text.
func modeOf(text string) mode {
	parsed, err := query.Language.Parse(text)
	if err != nil {
		return once // which each host will say
	}
	for _, stage := range parsed.Stages {
		switch word, _, _ := strings.Cut(stage.Node.String(), " "); word {
		case "watch":
			return samples
		case "follow":
			return events
		}
	}
	return once
}

// ask begins to ask all hosts. A Local without text is for a hello.
func (h *Hosts) ask(ctx context.Context, local *query.Local) (*question, error) {
	answers := max(1, len(h.names)*len(sidesOf(local)))
	q := &question{asker: h, local: local, run: ctx, window: max(1, min(maxWindow, allWindows/answers)),
		hosts: make([]host, len(h.names)), told: make([]bool, len(h.names)), before: make([]presence, len(h.names)),
		clocks: make([]bool, len(h.names)), changed: make(chan struct{}, 1), sampledAt: time.Now()}
	if q.mode = modeOf(local.Text); q.mode == samples { // which a context of one sample must not end
		ctx = context.WithoutCancel(ctx)
	}
	q.ctx, q.cancel = context.WithCancel(ctx)
	if err := q.begin(q.places()); err != nil {
		q.cancel()
		return nil, err
	}
	h.lock.Lock()
	h.open[q] = true
	h.lock.Unlock()
	if h.options.Timeout > 0 {
		q.watching.Go(q.watchSilence)
	}
	return q, nil
}

// places are those of all hosts.
func (q *question) places() (all []int) {
	for i := range q.hosts {
		all = append(all, i)
	}
	return all
}

// begin begins to ask some of the hosts. Where that fails, so have they.
func (q *question) begin(hosts []int) error {
	q.lock.Lock()
	for _, i := range hosts {
		q.hosts[i] = host{granted: q.window, mode: q.mode, local: q.local}
	}
	q.lock.Unlock()
	ask := frame.Ask{Proto: frame.Proto, Text: q.local.Text, Columns: q.local.Names(),
		Namespace: q.asker.options.Namespace, Credit: q.window}
	if kept := q.local.Kept; kept != nil {
		ask.Most, ask.Present = max(1, kept.Most()), kept.Present
	}
	begun := make(chan struct{})
	defer close(begun)
	exchange, err := q.asker.transport.Ask(q.ctx, ask, hosts, waitFor{q, begun})
	q.lock.Lock()
	defer q.lock.Unlock()
	if err != nil {
		for _, i := range hosts {
			h := &q.hosts[i]
			h.ended, h.state, h.said, h.endedAt = true, Failed, err.Error(), time.Now()
		}
		return err
	}
	q.exchanges = append(q.exchanges, exchange)
	for _, i := range hosts {
		q.hosts[i].exchange = exchange
	}
	return nil
}

// close ends the question. Nothing is received any more.
func (q *question) close() {
	q.cancel()
	q.watching.Wait()
	q.endExchanges()
	q.asker.lock.Lock()
	delete(q.asker.open, q)
	q.asker.lock.Unlock()
	q.lock.Lock()
	defer q.lock.Unlock()
	q.arrived = nil
	for i := range q.hosts {
		q.hosts[i].queue = nil // what nobody has wanted
	}
}

// endExchanges closes what reaches hosts, and waits until it has ended.
func (q *question) endExchanges() {
	q.lock.Lock()
	exchanges := slices.Clone(q.exchanges)
	q.lock.Unlock()
	for _, e := range exchanges {
		e.Close()
	}
}

// setEnough says whether the consumer did without the rest.
func (q *question) setEnough(enough bool) {
	q.lock.Lock()
	defer q.lock.Unlock()
	q.enough = enough
}

func (q *question) signal() {
	select {
	case q.changed <- struct{}{}:
	default:
	}
}
