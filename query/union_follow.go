package query

import (
	"context"
	"sync"

	"netql/query/schema"
)

// unionEvents are the events of all members that are there when it begins.
type unionEvents struct {
	*unionScan
	happened chan unionEvent
	said     chan struct{} // there are new warnings

	lock     sync.Mutex
	warnings []string
}

// unionEvent is an event of a member, or the error that ended the member's events.
type unionEvent struct {
	*event
	of  *stream
	err error
}

// events hands on what happens as it happens, in all members at once.
func (s *unionScan) events(ctx context.Context) Rows {
	return func(yield func(schema.Row, error) bool) {
		u := &unionEvents{unionScan: s, happened: make(chan unionEvent), said: make(chan struct{}, 1)}
		listening, cancel := context.WithCancel(ctx)
		var listeners sync.WaitGroup
		for _, m := range s.wanted(ctx) {
			listeners.Go(func() { u.listen(listening, &stream{member: m}) })
		}
		go func() {
			listeners.Wait()
			close(u.happened)
		}()
		u.hand(ctx, yield)
		cancel()
		for range u.happened { // until all have ended
		}
		u.tell()
	}
}

// hand gives the events to the consumer until it wants no more, or nobody listens any more.
func (u *unionEvents) hand(ctx context.Context, yield func(schema.Row, error) bool) {
	for {
		select {
		case <-u.said:
			u.tell()
		case e, more := <-u.happened:
			switch {
			case ctx.Err() != nil:
				yield(nil, context.Cause(ctx))
				return
			case !more:
				return
			case e.err != nil:
				u.request.Warn(e.of.member.Name + ": " + e.err.Error())
			case !yield(&event{e.time, e.kind, &united{e.of, e.row}}, nil):
				return
			}
		}
	}
}

// listen follows one member.
func (u *unionEvents) listen(ctx context.Context, s *stream) {
	state, err := s.member.Open()
	if err != nil {
		u.send(ctx, unionEvent{of: s, err: err})
		return
	}
	if state == nil {
		return
	}
	request := u.request
	request.State, request.Warn = state, func(message string) { u.warn(s.member.Name + ": " + message) }
	for row, err := range u.table.follow(request).rows(ctx) {
		if err != nil {
			u.send(ctx, unionEvent{of: s, err: err})
			return
		}
		if !u.send(ctx, unionEvent{row.(*event), s, nil}) {
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
	case u.happened <- e:
		return true
	case <-ctx.Done():
		return false
	}
}

// warn keeps a warning for the consumer, whose the plan is. Anybody may call it.
func (u *unionEvents) warn(message string) {
	u.lock.Lock()
	u.warnings = append(u.warnings, message)
	u.lock.Unlock()
	select {
	case u.said <- struct{}{}:
	default:
	}
}

// tell hands the kept warnings on.
func (u *unionEvents) tell() {
	u.lock.Lock()
	defer u.lock.Unlock()
	for _, message := range u.warnings {
		u.request.Warn(message)
	}
	u.warnings = nil
}
