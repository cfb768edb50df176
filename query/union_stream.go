package query

import (
	"context"
	"sync"

	"netql/query/schema"
)

// stream reads one table of one member in a goroutine of its own, up to a batch ahead of the consumer; or, in turn, in
// the consumer's.
type stream struct {
	member  Member
	inTurn  bool  // one goroutine reads rows and evaluates columns: nothing needs the lock
	state   State // of the member, once it was opened
	batches chan batch
	stop    <-chan struct{} // closed when nobody wants more rows
	gone    bool            // the member had gone when it was opened; final when batches is closed
	fault   *fault          // ended the reader; nil for none; final when batches is closed

	// lock is held by the goroutine that uses the member: the reader, except while it waits for the consumer, or the
	// one that evaluates a column of a row. What the scan of a table shares with its rows has no lock of its own.
	lock          sync.Mutex
	readerHasLock bool     // guarded by lock
	warnings      []string // of the reader, not yet sent with a batch
}

// batch is some rows, the warnings that came with them, and the error that ended the stream.
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
	defer func() { s.fault = newFault(recover()) }()
	s.acquire()
	defer s.release()
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
		b.rows = append(b.rows, &memberRow{s, row})
		if len(b.rows) == batchSize {
			if !s.send(b) {
				return
			}
			b = batch{}
		}
	}
	s.send(b)
}

// open begins to read the member. One that has gone has no rows.
func (s *stream) open(ctx context.Context, scan *unionScan) (Rows, error) {
	state, err := s.member.Open()
	if s.gone = err == nil && state == nil; s.gone || err != nil {
		return func(func(schema.Row, error) bool) {}, err
	}
	s.state = state
	request := scan.request
	request.State, request.Warn = state, func(message string) { s.warn(scan, message) }
	if !s.inTurn {
		request.transient = nil // rows are read ahead
	}
	return scan.table.scan(request).rows(ctx), nil
}

func (s *stream) acquire() {
	s.lock.Lock()
	s.readerHasLock = true
}

func (s *stream) release() {
	s.readerHasLock = false
	s.lock.Unlock()
}

// warn takes a warning of the member's scan or of a column; the caller has the lock. Those of the reader's goroutine
// wait for the next batch, because the plan belongs to the consumer's.
func (s *stream) warn(scan *unionScan, message string) {
	message = s.member.Name + ": " + message
	if s.readerHasLock {
		s.warnings = append(s.warnings, message)
		return
	}
	scan.request.Warn(message)
}

// send hands a batch to the consumer, and says whether more rows are wanted. Meanwhile the lock is free.
func (s *stream) send(b batch) bool {
	b.warnings, s.warnings = s.warnings, nil
	s.release()
	defer s.acquire()
	select {
	case s.batches <- b:
		return true
	case <-s.stop:
		return false
	}
}

// deliver hands the rows and warnings on, and says whether the consumer wants more. An error of a member is kept in
// failures, so that the others are still read.
func (s *stream) deliver(
	ctx context.Context, scan *unionScan, failures *memberFailures, yield func(schema.Row, error) bool,
) bool {
	var err error // the last batch's
	for b := range s.batches {
		for _, warning := range b.warnings {
			scan.request.Warn(warning)
		}
		if len(b.rows) > 0 {
			failures.read()
		}
		for _, row := range b.rows {
			if !yield(row, nil) {
				return false
			}
		}
		err = b.err
	}
	if s.fault != nil {
		panic(s.fault)
	}
	return s.end(ctx, err, failures, yield)
}

// readInTurn reads the rows and hands each on before it reads the next one, and says whether the consumer wants more.
// It is for the only member there is, beside which nothing could be read meanwhile.
func (s *stream) readInTurn(
	ctx context.Context, scan *unionScan, failures *memberFailures, yield func(schema.Row, error) bool,
) bool {
	rows, err := s.open(ctx, scan)
	if err != nil {
		return s.end(ctx, err, failures, yield)
	}
	of, reuse := &memberRow{stream: s}, scan.request.Reuse()
	for row, err := range rows {
		if err != nil {
			return s.end(ctx, err, failures, yield)
		}
		if !failures.found {
			failures.read()
		}
		if !reuse {
			of = &memberRow{stream: s}
		}
		if of.row = row; !yield(of, nil) {
			return false
		}
	}
	return s.end(ctx, nil, failures, yield)
}

// end notes how reading the member ended, and says whether the consumer wants more.
func (s *stream) end(
	ctx context.Context, err error, failures *memberFailures, yield func(schema.Row, error) bool,
) bool {
	switch {
	case err != nil && ctx.Err() != nil:
		yield(nil, err)
		return false
	case err != nil:
		failures.add(s.member, err)
	case !s.gone:
		failures.read()
	}
	return true
}
