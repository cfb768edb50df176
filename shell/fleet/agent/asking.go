package agent

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"netql/shell/fleet/packet"
	"netql/shell/fleet/subject"
	"netql/shell/remote"
	"netql/shell/remote/answer"
	"netql/shell/remote/frame"
)

// asking is an ask, from its arrival to its audit line.
type asking struct {
	agent  *Agent
	from   askKey
	ask    frame.Ask
	slots  *slots
	ctx    context.Context
	cancel context.CancelCauseFunc
	heard  *time.Timer // runs out when the asker has said nothing for too long
	start  time.Time
	packer packet.Writer
	to     string // subject of the answer
	record record

	mu      sync.Mutex
	answer  *answer.Answer // nil before it has begun
	early   []frame.Frame  // what came before
	samples sampling
}

// Why an answer ends before all of it was sent.
var (
	errGone     = errors.New("nothing was heard of the asker any more")
	errUnwanted = errors.New("the asker wanted no more")
)

func (a *Agent) newAsking(from askKey, ask frame.Ask) *asking {
	s := a.slots
	if remote.GoesOn(ask.Text) {
		s = a.live
	}
	asking := &asking{agent: a, from: from, ask: ask, slots: s, start: time.Now(),
		to:     subject.Answer(a.name, from.user, strconv.FormatUint(from.id, 36), a.id),
		record: record{user: from.user, id: from.id, query: ask.Text, netns: ask.Namespace}}
	asking.ctx, asking.cancel = context.WithCancelCause(context.Background())
	return asking
}

// run answers the ask, which has a place among the slots.
func (q *asking) run() {
	limits := q.agent.config.Limits
	q.heard = time.AfterFunc(limits.Silence, func() { q.cancel(errGone) })
	host := q.agent.config.Host
	hello := host.Hello()
	if err := q.send(frame.Encode(q.from.id, &hello)); err != nil {
		q.cancel(err)
	}
	host.Open = q.open(host.Open)
	host.Spare = func() bool { return !q.slots.wanted() }
	a := host.Begin(q.ctx, q.ask, q.from.id, q.send)
	q.mu.Lock()
	q.answer = a
	q.samples = sampling{interval: limits.Interval, last: q.start, more: q.give}
	early := q.early
	q.early = nil
	q.mu.Unlock()
	for _, f := range early {
		q.frame(f)
	}
	<-a.Done()
	q.heard.Stop()
	q.samples.stop()
	q.agent.mu.Lock()
	delete(q.agent.asks, q.from)
	q.agent.recent.add(q.from)
	q.agent.mu.Unlock()
	q.slots.leave(q.from.user)
	q.audit()
}

// open waits until it is the ask's turn before it opens what is asked.
func (q *asking) open(open func(*frame.Ask) (answer.Target, error)) func(*frame.Ask) (answer.Target, error) {
	return func(ask *frame.Ask) (answer.Target, error) {
		if err := q.slots.begin(q.ctx, q.from.user); err != nil {
			return answer.Target{}, err
		}
		target, err := open(ask)
		if err != nil {
			q.slots.end(q.from.user)
			return target, err
		}
		memory := q.agent.memory.portion(q.from.user)
		if memory.large > 0 {
			target.Catalog = target.Catalog.With()
			target.Catalog.Memory = memory.limit
		}
		closeTarget := target.Close
		target.Close = func() {
			if closeTarget != nil {
				closeTarget()
			}
			memory.end()
			q.slots.end(q.from.user)
		}
		return target, nil
	}
}

// frame takes a frame of the asker.
func (q *asking) frame(f frame.Frame) {
	q.mu.Lock()
	a := q.answer
	if a == nil {
		if len(q.early) < 16 { // of an asker who sends more before the answer has begun
			q.early = append(q.early, f)
		}
		q.mu.Unlock()
		return
	}
	q.mu.Unlock()
	q.heard.Reset(q.agent.config.Limits.Silence)
	switch f.Kind {
	case frame.KindCancel:
		q.cancel(errUnwanted)
		a.Frame(f)
	case frame.KindCredit:
		q.credit(f)
	}
}

// credit hands credit on, of samples no more than one in an interval.
func (q *asking) credit(f frame.Frame) {
	var more frame.Credit
	if err := frame.Decode(f, &more); err != nil {
		q.cancel(err)
		return
	}
	if more.Samples > 0 {
		q.samples.want()
	}
	if more.Bytes > 0 {
		q.answer.Frame(frame.Encode(f.ID, &frame.Credit{Bytes: more.Bytes}))
	}
}

// give lets the answer take a sample.
func (q *asking) give() { q.answer.Frame(frame.Encode(q.from.id, &frame.Credit{Samples: 1})) }

// send sends a frame of the answer. It is called by one goroutine at a time.
func (q *asking) send(f frame.Frame) error {
	switch f.Kind {
	case frame.KindRows:
		q.record.bytes += len(f.Payload)
	case frame.KindEnd:
		var end frame.End
		if err := frame.Decode(f, &end); err != nil {
			return err
		}
		if cause := context.Cause(q.ctx); cause != nil {
			if end.State, end.Error = "failed", cause.Error(); cause == errUnwanted {
				end.State = string(remote.Stopped)
			}
			f = frame.Encode(f.ID, &end)
		}
		q.note(end)
	}
	for _, message := range q.packer.Messages(f, q.agent.messageSize()) {
		if err := q.agent.client.Publish(q.to, message); err != nil {
			return err
		}
	}
	return nil
}

// messageSize is the size of the largest message.
func (a *Agent) messageSize() int {
	const least, most = 1 << 10, 256 << 10
	if allowed := a.client.MaxPayload(); allowed > 0 {
		return int(min(max(allowed, least), most))
	}
	return most
}

// end ends an ask that is not answered.
func (q *asking) end(end frame.End) {
	q.agent.mu.Lock()
	q.agent.recent.add(q.from)
	q.agent.mu.Unlock()
	q.tell(end)
	q.note(end)
	q.audit()
}

// tell sends an end alone.
func (q *asking) tell(end frame.End) {
	q.cancel(context.Canceled)
	for _, message := range q.packer.Messages(frame.Encode(q.from.id, &end), q.agent.messageSize()) {
		q.agent.client.Publish(q.to, message) // where there is no connection nobody hears it
	}
}

// note notes down how the ask ended.
func (q *asking) note(end frame.End) {
	q.record.rows, q.record.result, q.record.because = end.Rows, end.State, end.Error
	if end.State == "" {
		q.record.result = "ok"
	}
}

// audit writes the audit line.
func (q *asking) audit() {
	q.record.took = time.Since(q.start)
	if q.record.result == "" {
		q.record.result = "failed"
	}
	q.agent.log.Print(q.record)
}
