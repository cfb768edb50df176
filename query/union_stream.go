package query

import (
	"context"
	"sync"

	"netql/query/schema"
)

// stream reads one table of one member, some rows ahead.
type stream struct {
	member  Member
	batches chan batch
	stop    <-chan struct{} // closed when nobody wants more rows

	// lock is held by whoever uses the member: this reader, except while it waits for room, or whoever reads a column
	// of a row. What a table remembers for its rows is made for one goroutine.
	lock    sync.Mutex
	reading bool     // it is the reader that has the lock
	said    []string // the reader's warnings, for the consumer to tell in its turn
}

// batch is some rows, what their reader warned of, and the error that ended them.
type batch struct {
	rows     []schema.Row
	warnings []string
	err      error
}

// batchSize is how many rows are handed over at once.
const batchSize = 128

// read sends the rows and closes the channel.
func (s *stream) read(ctx context.Context, scan *unionScan) {
	defer close(s.batches)
	s.take()
	defer s.leave()
	rows, err := s.open(ctx, scan)
	if err != nil {
		s.send(batch{err: err})
		return
	}
	var b batch
	for row, err := range rows {
		if err != nil {
			b.err = err
			break
		}
		b.rows = append(b.rows, &united{s, row})
		if len(b.rows) == batchSize {
			if !s.send(b) {
				return
			}
			b = batch{}
		}
	}
	s.send(b)
}

// open decides how to read the member. One that has gone has no rows.
func (s *stream) open(ctx context.Context, scan *unionScan) (Rows, error) {
	state, err := s.member.Open()
	if err != nil || state == nil {
		return func(func(schema.Row, error) bool) {}, err
	}
	request := scan.request
	request.State, request.Warn = state, func(message string) { s.warn(scan, message) }
	return scan.table.scan(request).rows(ctx), nil
}

func (s *stream) take() {
	s.lock.Lock()
	s.reading = true
}

func (s *stream) leave() {
	s.reading = false
	s.lock.Unlock()
}

// warn is called by whoever has the lock. The plan, whom it is told, belongs to the consumer.
func (s *stream) warn(scan *unionScan, message string) {
	message = s.member.Name + ": " + message
	if s.reading {
		s.said = append(s.said, message)
		return
	}
	scan.request.Warn(message)
}

// send hands rows over, and says whether more are wanted. The member may be used meanwhile.
func (s *stream) send(b batch) bool {
	b.warnings, s.said = s.said, nil
	s.leave()
	defer s.take()
	select {
	case s.batches <- b:
		return true
	case <-s.stop:
		return false
	}
}

// hand gives the rows to the consumer, and says whether it wants more. What goes wrong with one member is no reason to
// leave out the others.
func (s *stream) hand(ctx context.Context, scan *unionScan, yield func(schema.Row, error) bool) bool {
	for b := range s.batches {
		for _, warning := range b.warnings {
			scan.request.Warn(warning)
		}
		for _, row := range b.rows {
			if !yield(row, nil) {
				return false
			}
		}
		if b.err != nil && ctx.Err() != nil {
			yield(nil, b.err)
			return false
		}
		if b.err != nil {
			scan.request.Warn(s.member.Name + ": " + b.err.Error())
		}
	}
	return true
}
