package query

import (
	"context"
	"sync"

	"netql/query/schema"
)

// unionEvents merges the events of all members that exist when it begins.
type unionEvents struct {
	*unionScan
	queue  chan unionEvent
	warned chan struct{} // there are new warnings

	lock     sync.Mutex
	warnings []string
}

// unionEvent is an event of a member, or the error or fault that ended the member's events.
type unionEvent struct {
	*event
	stream *stream
	err    error
	fault  *fault
}

// events hands on what happens as it happens, in all members at once.
func (s *unionScan) events(ctx context.Context) Rows {
	return func(yield func(schema.Row, error) bool) {
		members, _, err := s.wanted(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		u := &unionEvents{unionScan: s, queue: make(chan unionEvent), warned: make(chan struct{}, 1)}
		listening, cancel := context.WithCancel(ctx)
		defer cancel()
		var listeners sync.WaitGroup
		for _, m := range members {
			listeners.Go(func() { u.listen(listening, &stream{member: m}) })
		}
		go func() {
			listeners.Wait()
			close(u.queue)
		}()
		u.deliver(ctx, len(members), yield)
		cancel()
		for range u.queue { // until all have ended
		}
		u.deliverWarnings()
	}
}

// deliver hands the events of some members on until the consumer stops, the context ends, or all members' events have
// ended. The error by which the last one ended is the end's.
func (u *unionEvents) deliver(ctx context.Context, members int, yield func(schema.Row, error) bool) {
	var failure error
	for {
		select {
		case <-u.warned:
			u.deliverWarnings()
		case e, more := <-u.queue:
			switch {
			case ctx.Err() != nil:
				yield(nil, context.Cause(ctx))
				return
			case e.fault != nil:
				panic(e.fault)
			case !more:
				if failure != nil {
					yield(nil, failure)
				}
				return
			case e.err != nil:
				failure = memberError(e.stream.member, e.err)
				if members--; members > 0 {
					u.request.Warn(failure.Error())
				}
			case !yield(&event{e.time, e.kind, &memberRow{e.stream, e.row}}, nil):
				return
			}
		}
	}
}

// listen follows one member.
func (u *unionEvents) listen(ctx context.Context, s *stream) {
	defer func() {
		if fault := newFault(recover()); fault != nil {
			u.send(ctx, unionEvent{stream: s, fault: fault})
		}
	}()
	state, err := s.member.Open()
	if err != nil {
		u.send(ctx, unionEvent{stream: s, err: err})
		return
	}
	if state == nil {
		return
	}
	request := u.request
	request.State, request.Warn = state, func(message string) { u.warn(s.member.Name + ": " + message) }
	request.transient = nil
	for row, err := range u.table.follow(request).rows(ctx) {
		if err != nil {
			u.send(ctx, unionEvent{stream: s, err: err})
			return
		}
		if !u.send(ctx, unionEvent{event: row.(*event), stream: s}) {
			return
		}
	}
}

// send hands an event over, and says whether more are wanted.
func (u *unionEvents) send(ctx context.Context, e unionEvent) bool {
	if ctx.Err() != nil {
		return false
	}
	select {
	case u.queue <- e:
		return true
	case <-ctx.Done():
		return false
	}
}

// warn keeps a warning until the consumer's goroutine, which owns the plan, delivers it. Any goroutine may call it.
func (u *unionEvents) warn(message string) {
	u.lock.Lock()
	u.warnings = append(u.warnings, message)
	u.lock.Unlock()
	select {
	case u.warned <- struct{}{}:
	default:
	}
}

// deliverWarnings hands the kept warnings on.
func (u *unionEvents) deliverWarnings() {
	u.lock.Lock()
	defer u.lock.Unlock()
	for _, message := range u.warnings {
		u.request.Warn(message)
	}
	u.warnings = nil
}
