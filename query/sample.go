package query

import (
	"context"
	"time"

	"netql/query/expression"
	"netql/query/schema"
)

const (
	// between is the time between the two samples of a query that compares samples and does not watch.
	between = time.Second
	// memory is how many numbers of a row are kept for a graph.
	memory = 30
)

// sampling stands where rows begin to be compared with those of the sample before: after the table's own filters, after a
// group, after a join. It keeps the rows of one sample; they are immutable, so that any column can be asked what it was.
type sampling struct {
	passing
	first       time.Time // when the first sample began
	now, before snapshot
	kept        []*series
}

// snapshot are the rows of a sample by their identity.
type snapshot map[any]reading

// reading is a row, and when it was read: a sample of many rows takes a while.
type reading struct {
	row schema.Row
	at  time.Duration // since the first sample
}

// series are the last numbers of each row, of one expression.
type series struct {
	number func(schema.Row) (float64, bool)
	last   map[any][]float64
}

func (s *sampling) String() string       { return "remember the rows for the next sample" }
func (s *sampling) needs(wanted Set) Set { return wanted }

// through: a condition that comes later must not decide which rows are remembered.
func (s *sampling) through(string) (string, bool) { return "", false }

// rows reads the whole sample before it hands on a row: the next sample may need any of them, and what is done with
// the rows must not count as time in which they are read.
func (s *sampling) rows(_ context.Context, input Rows) Rows {
	return func(yield func(schema.Row, error) bool) {
		rows, failure := s.take(input)
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
		if failure != nil {
			yield(nil, failure)
		}
	}
}

// take reads a sample.
func (s *sampling) take(input Rows) (rows []schema.Row, failure error) {
	s.before, s.now = s.now, snapshot{}
	if s.first.IsZero() {
		s.first = time.Now()
	}
	lasts := make([]map[any][]float64, len(s.kept))
	for i, k := range s.kept {
		lasts[i], k.last = k.last, map[any][]float64{}
	}
	for row, err := range input {
		if err != nil {
			return rows, err
		}
		id := identify(s.input.Identity, row)
		s.now[id] = reading{row, time.Since(s.first)}
		for i, k := range s.kept {
			k.add(id, lasts[i][id], row)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (k *series) add(id any, last []float64, row schema.Row) {
	if number, ok := k.number(row); ok {
		last = append(last[max(0, len(last)+1-memory):len(last):len(last)], number)
	}
	k.last[id] = last
}

// Previous implements expression.Samples.
func (s *sampling) Previous(row schema.Row) (schema.Row, time.Duration, bool) {
	id := identify(s.input.Identity, row)
	before, ok := s.before[id]
	now := s.now[id]
	return before.row, now.at - before.at, ok && now.row == row
}

// Keep implements expression.Samples.
func (s *sampling) Keep(number func(schema.Row) (float64, bool)) func(schema.Row) []float64 {
	k := &series{number, map[any][]float64{}}
	s.kept = append(s.kept, k)
	return func(row schema.Row) []float64 { return k.last[identify(s.input.Identity, row)] }
}

// identify is a map key that tells a row from others.
func identify(identity []*schema.Column, row schema.Row) any {
	return combination(readAll(make([]any, len(identity)), identity, row))
}

// samples gives the memory of the rows that the next stage reads, and adds it to the plan where it belongs.
func (c *compiler) samples() expression.Samples {
	at := c.segment()
	if at < len(c.plan.operators) {
		if s, ok := c.plan.operators[at].(*sampling); ok {
			return s
		}
	}
	s := &sampling{passing: passing{c.plan.schemaBefore(at)}}
	c.plan.operators = append(c.plan.operators[:at:at], append([]operator{s}, c.plan.operators[at:]...)...)
	return s
}

// segment is the place behind the last operator that made new rows, and behind the filters that follow it and do not
// compare samples themselves.
func (c *compiler) segment() int {
	at := 0
	for i, op := range c.plan.operators {
		switch op.(type) {
		case *grouping, *joining:
			at = i + 1
		}
	}
	for ; at < len(c.plan.operators); at++ {
		if _, ok := c.plan.operators[at].(*filter); !ok {
			break
		}
	}
	return at
}

// prime takes the first of two samples: it pulls the rows as far as they are compared.
func (p *Plan) prime(ctx context.Context) error {
	last := -1
	for i, op := range p.operators {
		if _, ok := op.(*sampling); ok {
			last = i
		}
	}
	for _, err := range p.run(ctx, last+1) {
		if err != nil {
			return err
		}
	}
	p.progress.begin("the second sample")
	timer := time.NewTimer(between)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// Live is what the plan needs a running system for, as a sentence tells it: time has to pass, or something has to happen. It
// is empty for a plan that a recording can answer.
func (p *Plan) Live() string {
	switch {
	case p.follow:
		return "follow tells what happens"
	case p.watch != nil:
		return "watch asks again and again"
	case p.compares():
		return "rate(), delta() and spark() compare two samples"
	}
	return ""
}

// compares says whether the plan compares samples.
func (p *Plan) compares() bool {
	for _, op := range p.operators {
		if _, ok := op.(*sampling); ok {
			return true
		}
	}
	return false
}
