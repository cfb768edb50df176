package remote

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/remote/frame"
)

// script is what a made-up host does with an ask: it sends by send, and says how it ended.
type script func(ctx context.Context, ask frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State, string)

// fake is a transport to made-up hosts.
type fake []script

func (t fake) Ask(ctx context.Context, ask frame.Ask, hosts []int, to Receiver) (Exchange, error) {
	e := &fakeExchange{stops: map[int]context.CancelFunc{}, credit: map[int]chan frame.Credit{}}
	e.ctx, e.cancel = context.WithCancel(ctx)
	for _, i := range hosts {
		var stopped context.Context
		stopped, e.stops[i] = context.WithCancel(e.ctx)
		e.credit[i] = make(chan frame.Credit, 1)
		e.running.Go(func() {
			to.Started(i)
			to.Asked(i)
			state, said := t[i](stopped, ask, func(f frame.Frame) {
				f.Payload = slices.Clone(f.Payload)
				to.Frame(i, f)
			}, func() frame.Credit {
				select {
				case c := <-e.credit[i]:
					return c
				case <-stopped.Done():
					return frame.Credit{}
				}
			})
			to.Ended(i, state, said)
		})
	}
	return e, nil
}

type fakeExchange struct {
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup
	stops   map[int]context.CancelFunc
	credit  map[int]chan frame.Credit
}

func (e *fakeExchange) Stop(i int) { e.stops[i]() }

func (e *fakeExchange) Send(i int, f frame.Frame) {
	var c frame.Credit
	if frame.Decode(f, &c) != nil {
		panic("no credit")
	}
	select {
	case before := <-e.credit[i]:
		c = frame.Credit{Bytes: c.Bytes + before.Bytes, Samples: c.Samples + before.Samples}
	default:
	}
	e.credit[i] <- c
}

func (e *fakeExchange) Close() {
	e.cancel()
	e.running.Wait()
}

// local is a query of which the hosts' answers are a host and a number.
func local(whole bool, stages string) *query.Local {
	return &query.Local{Text: "sockets" + stages, Whole: whole, Hosts: []int{0}, Columns: []*schema.Column{
		{Name: "host", Type: schema.Of(schema.Text)}, {Name: "n", Type: schema.Of(schema.Int)},
	}}
}

// rowsOf is the frame of rows with some numbers. The host lies about its name.
func rowsOf(numbers ...int) frame.Frame {
	var w frame.RowWriter
	for _, n := range numbers {
		if w.Value(schema.OfText("somebody else")) != nil || w.Value(schema.OfInt(n)) != nil || w.EndRow() != nil {
			panic("a row cannot be written")
		}
	}
	payload, err := w.Take()
	if err != nil {
		panic(err)
	}
	return frame.Frame{Kind: frame.KindRows, ID: askID, Payload: payload}
}

// columnsOf is the frame of the columns of rows.
func columnsOf(kind schema.Kind, missing bool) frame.Frame {
	list := []frame.Column{{Name: "host", Kind: schema.Text}, {Name: "n", Kind: kind, Missing: missing}}
	return frame.Columns{List: list}.Frame(askID)
}

func message(m frame.Message) frame.Frame { return frame.Encode(askID, m) }

// sends is a host that sends these frames and ends so.
func sends(state State, said string, frames ...frame.Frame) script {
	return func(_ context.Context, _ frame.Ask, send func(frame.Frame), _ func() frame.Credit) (State, string) {
		for _, f := range frames {
			send(f)
		}
		return state, said
	}
}

// hangs sends these frames, and nothing more.
func hangs(frames ...frame.Frame) script {
	return func(ctx context.Context, _ frame.Ask, send func(frame.Frame), _ func() frame.Credit) (State, string) {
		for _, f := range frames {
			send(f)
		}
		<-ctx.Done()
		return Late, ""
	}
}

// alive is a host that says each second that it is at work.
func alive(s script) script {
	return func(ctx context.Context, a frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State, string) {
		var sending sync.Mutex
		locked := func(f frame.Frame) {
			sending.Lock()
			defer sending.Unlock()
			send(f)
		}
		stop := make(chan struct{})
		var beats sync.WaitGroup
		beats.Go(func() {
			beat := time.NewTicker(time.Second)
			defer beat.Stop()
			for {
				select {
				case <-beat.C:
					locked(message(&frame.Taken{}))
				case <-stop:
					return
				}
			}
		})
		state, said := s(ctx, a, locked, credit)
		close(stop)
		beats.Wait()
		return state, said
	}
}

// soon is a time after which a host is given up, by a clock that stands still while another one has anything to do
// (testing/synctest).
const soon = 500 * time.Millisecond

// asked is what an Ask gave.
type asked struct {
	rows     []string
	warnings []string
	err      error
}

func ask(t testing.TB, h *Hosts, local *query.Local) (a asked) {
	t.Helper()
	for row, err := range h.Ask(t.Context(), local, func(w string) { a.warnings = append(a.warnings, w) }) {
		if err != nil {
			a.err = err
			continue
		}
		a.rows = append(a.rows, fmt.Sprintf("%v %v", row[0].Any(), row[1].Any()))
	}
	return a
}

func hostsOf(timeout time.Duration, hosts ...script) *Hosts {
	names := make([]string, len(hosts))
	for i := range names {
		names[i] = fmt.Sprintf("web%d", i+1)
	}
	return New(names, fake(hosts), Options{Timeout: timeout})
}

var (
	good    = sends("", "", message(&frame.Taken{Time: time.Now()}), rowsOf(1, 2), message(&frame.End{Rows: 2}))
	empty   = sends("", "", message(&frame.End{}))
	refuses = sends(Refused, "", message(&frame.End{State: "refused", Error: "not allowed"}))
)
