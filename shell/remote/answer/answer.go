// Package answer is the side of a host that answers: it compiles the query of an ask over its own tables, and sends the
// rows as frames, as fast as the asker gives credit for.
package answer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"netql/query"
	"netql/query/stop"
	"netql/shell/remote/frame"
)

// Host answers asks.
type Host struct {
	Hello func() frame.Hello
	// Open gives what an ask is about. Its error is a refusal, and is told the asker.
	Open func(ask *frame.Ask) (Target, error)

	Rows       int           // the most rows of an answer; 0 for no limit
	Time       time.Duration // the longest that an answer may work that has an end; 0 for no limit
	CreditWait time.Duration // how long an answer may wait for credit; 0 for no limit
	Spare      func() bool   // says that one that waits is in nobody's way, so that it may wait on; nil for never
}

// Target is a system of which queries are asked.
type Target struct {
	Name    string             // of the host, for an ask that gives it none
	Catalog *query.Catalog     // of its tables
	State   func() query.State // makes the state of a query
	Close   func()             // is called when the answer has ended; nil for nothing to close
}

// States of an answer that is not whole (frame.End.State).
const (
	failed  = "failed"
	refused = "refused"
	partial = "partial"
	busy    = "busy"
	late    = "late"
	older   = "older" // the query names what this version does not know
)

// takenEvery is how often an asker is told that the host is at work.
const takenEvery = time.Second

// Answer is an answer under way.
type Answer struct {
	host   *Host
	id     uint64
	ask    frame.Ask
	ctx    context.Context
	cancel context.CancelFunc
	done   chan struct{}
	ending atomic.Bool // its end is sent, or was

	work    *workTime  // how long it may yet work; nil for no limit
	sending sync.Mutex // held while a frame is sent
	send    func(frame.Frame) error

	credit credit
	sent   int          // rows; guarded by sending
	bytes  int          // of their payloads, as well
	total  atomic.Int64 // how many rows there are at the least, as far as they were counted
}

// Begin answers an ask in a goroutine of its own. send is called by one goroutine at a time; what it is given is the
// Answer's again when it returns. Its error ends the answer.
func (h *Host) Begin(ctx context.Context, ask frame.Ask, id uint64, send func(frame.Frame) error) *Answer {
	a := &Answer{host: h, id: id, ask: ask, done: make(chan struct{}), send: send}
	a.ctx, a.cancel = context.WithCancel(ctx)
	a.credit = credit{bytes: ask.Credit, samples: 1, changed: make(chan struct{}, 1)}
	go a.run()
	return a
}

// Done is closed when the answer has ended.
func (a *Answer) Done() <-chan struct{} { return a.done }

// Frame takes a frame that is about the answer: credit, or that nothing more is wanted.
func (a *Answer) Frame(f frame.Frame) error {
	switch f.Kind {
	case frame.KindCancel:
		a.cancel()
	case frame.KindCredit:
		var more frame.Credit
		if err := frame.Decode(f, &more); err != nil {
			return err
		}
		a.credit.add(more)
	default:
		return fmt.Errorf("%w: a frame %q of an asker", frame.ErrBroken, string(f.Kind))
	}
	return nil
}

// run answers, and ends the answer with a frame that says how it went.
func (a *Answer) run() {
	defer close(a.done)
	defer a.cancel()
	a.tellTaken()
	stop := a.tellEachSecond()
	end := a.answer()
	stop()
	a.ending.Store(true)
	a.sending.Lock()
	end.Rows = a.sent
	a.sending.Unlock()
	a.tell(&end)
}

// answer runs the query.
func (a *Answer) answer() (end frame.End) {
	defer func() {
		if fault := recover(); fault != nil { // an asker must not end a host that others ask, too
			what, _, _ := strings.Cut(fmt.Sprint(fault), "\n") // and not where
			end = frame.End{State: failed, Error: "an internal error: " + what}
		}
	}()
	if a.ask.Proto > frame.Proto {
		return frame.End{State: refused, Error: fmt.Sprintf("the question is of protocol %d, and this netql knows %d",
			a.ask.Proto, frame.Proto)}
	}
	target, err := a.host.Open(&a.ask)
	if err != nil {
		return frame.End{State: refused, Error: err.Error()}
	}
	if target.Close != nil {
		defer target.Close()
	}
	if a.ask.Text == "" {
		return frame.End{}
	}
	if a.ask.Host == "" {
		a.ask.Host = target.Name
	}
	state := target.State()
	plan, columns, err := query.CompileLocal(a.ask.Text, a.ask.Columns, a.catalog(target), state)
	if err != nil {
		return frame.End{State: older, Error: err.Error()}
	}
	err = a.rows(target, plan, columns)
	return a.endOf(err, plan.NewWarnings())
}

// endOf is the end of an answer by an error; nil for a whole one.
func (a *Answer) endOf(err error, warned query.Warned) frame.End {
	end := frame.End{Warnings: a.unnamed(warned.Messages...), More: warned.More}
	budget, ok := errors.AsType[*budgetError](err)
	memory, tooMuch := errors.AsType[*stop.MemoryError](err)
	switch {
	case err == nil:
	case ok:
		end.State, end.Error = budget.state, budget.message
	case tooMuch: // the stages here are not those that the asker's person has typed
		end.State, end.Error = failed, "it "+memory.TooMuch()+" (the limit there)"
	default:
		end.State, end.Error = failed, a.unnamed(err.Error())[0]
	}
	return end
}

// unnamed are messages without the name of the host, which the asker puts before them itself.
func (a *Answer) unnamed(messages ...string) []string {
	without := make([]string, len(messages))
	for i, message := range messages {
		without[i] = strings.TrimPrefix(message, a.ask.Host+": ")
	}
	return without
}

// tellTaken tells that the host is at work.
func (a *Answer) tellTaken() {
	a.sending.Lock()
	defer a.sending.Unlock()
	a.tellLocked(&frame.Taken{Time: time.Now(), Rows: a.sent, Total: int(a.total.Load()), Limit: a.mostRows()})
}

// tellEachSecond tells each second that the host is at work, until stop is called.
func (a *Answer) tellEachSecond() (stop func()) { return each(takenEvery, a.tellTaken) }

// each does something at intervals, in a goroutine of its own, until stop is called, which waits for its end.
func each(interval time.Duration, do func()) (stop func()) {
	ended := make(chan struct{})
	var doing sync.WaitGroup
	doing.Go(func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case <-ended:
				return
			case <-ticker.C:
				do()
			}
		}
	})
	return func() {
		close(ended)
		doing.Wait()
	}
}
