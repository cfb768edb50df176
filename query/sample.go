package query

import (
	"context"
	"slices"
	"time"

	"netql/query/expression"
	"netql/query/schema"
)

const (
	// sampleInterval is the time between the two samples of a query that compares samples and does not watch.
	sampleInterval = time.Second
	// seriesLength is how many numbers of a row are kept for a graph: about as many as a window is wide.
	seriesLength = 100
)

// sampleOp keeps what is compared of the rows of a sample, by their identity, until the next one is read, for rate(),
// delta() and spark(). It stands in front of the first stage that compares samples, behind the table's filters, a group
// or a join. It keeps the values of columns, and for other expressions the rows: they are immutable, so an expression
// can be evaluated for them later.
type sampleOp struct {
	passThrough
	began       time.Time // when the first sample began
	now, before snapshot
	broken      bool             // the sample was not read to its end: now is a part of it
	required    bool             // values of the first sample are NULL, because there is none before it
	compared    []*schema.Column // those whose values are kept for the next sample
	keepsRows   bool             // rows are kept, too, for what else is compared
	series      []*series
}

// snapshot is a sample: its rows, and what is kept of them for the next sample. A row is by far larger than the few
// numbers that are compared.
type snapshot struct {
	index  map[string]int  // the number of a row by the key that identify gives
	at     []time.Duration // when each row was read, since the first sample: one of many rows takes a while
	values []any           // of the compared columns of each row
	rows   []schema.Row    // nil in the sample before, unless rows are kept
}

// series are the last numbers of each row, of one expression.
type series struct {
	number       func(schema.Row) (float64, bool)
	last, before map[string][]float64 // of this sample, and of the one before
}

func (s *sampleOp) String() string       { return "remember the rows for the next sample" }
func (s *sampleOp) use() use             { return keeps }
func (s *sampleOp) combines() bool       { return false }
func (s *sampleOp) needs(wanted Set) Set { return wanted }

// inputColumn: conditions after this operator are not pushed below it; they would change which rows are kept for the
// next sample.
func (s *sampleOp) inputColumn(string) (string, bool) { return "", false }

// rows reads the whole sample before it hands on a row: the next sample may need any of them, and the time that the
// consumer takes must not lie between the times at which rows are read.
func (s *sampleOp) rows(_ context.Context, input Rows) Rows {
	return func(yield func(schema.Row, error) bool) {
		failure := s.read(input)
		for _, row := range s.now.rows {
			if !yield(row, nil) {
				return
			}
		}
		if failure != nil {
			yield(nil, failure)
		}
	}
}

// read reads a sample. One that was not read to its end is forgotten: the next is compared with the one before it.
func (s *sampleOp) read(input Rows) (failure error) {
	s.begin()
	s.broken = true
	for row, err := range input {
		if err != nil {
			return err
		}
		id := identify(s.input.Identity, row)
		s.add(id, row)
		for _, k := range s.series {
			k.add(id, row)
		}
	}
	s.broken = false
	return nil
}

// add adds a row to the sample.
func (s *sampleOp) add(id string, row schema.Row) {
	n := &s.now
	n.index[id] = len(n.rows)
	n.rows, n.at = append(n.rows, row), append(n.at, time.Since(s.began))
	for _, column := range s.compared {
		n.values = append(n.values, column.Get(row))
	}
}

// begin makes the latest whole sample the one before.
func (s *sampleOp) begin() {
	if s.began.IsZero() {
		s.began = time.Now()
	}
	if !s.broken {
		s.before = s.now
	}
	if !s.keepsRows {
		s.before.rows = nil
	}
	s.now = s.before.likely()
	for _, k := range s.series {
		if !s.broken {
			k.before = k.last
		}
		k.last = map[string][]float64{}
	}
}

// likely is an empty sample with room for as much as there is in this one.
func (n *snapshot) likely() snapshot {
	return snapshot{
		index: make(map[string]int, len(n.index)), at: make([]time.Duration, 0, len(n.at)),
		values: make([]any, 0, len(n.values)), rows: make([]schema.Row, 0, len(n.at)),
	}
}

func (k *series) add(id string, row schema.Row) {
	last := k.before[id]
	if number, ok := k.number(row); ok {
		last = append(last[max(0, len(last)+1-seriesLength):len(last):len(last)], number)
	}
	k.last[id] = last
}

// Compare implements expression.Samples. Of what costs more than to read a row, or may fail, rows are kept: it is
// computed for those alone for which it is asked.
func (s *sampleOp) Compare(e *expression.Expression) func(schema.Row) (any, time.Duration, bool) {
	column, ok := e.Column()
	if !ok || column.Costly || !slices.Contains(s.input.Columns, column) {
		s.keepsRows = true
		return func(row schema.Row) (before any, elapsed time.Duration, ok bool) {
			i, elapsed, ok := s.previous(row)
			if !ok {
				return nil, 0, false
			}
			return e.Eval(s.before.rows[i]), elapsed, true
		}
	}
	place := slices.Index(s.compared, column)
	if place < 0 {
		place = len(s.compared)
		s.compared = append(s.compared, column)
	}
	return func(row schema.Row) (before any, elapsed time.Duration, ok bool) {
		i, elapsed, ok := s.previous(row)
		if !ok {
			return nil, 0, false
		}
		return s.before.values[i*len(s.compared)+place], elapsed, true
	}
}

// previous is the number of a row in the sample before, and how long before it was read; false where it was not there.
func (s *sampleOp) previous(row schema.Row) (number int, elapsed time.Duration, ok bool) {
	id := identify(s.input.Identity, row)
	now, known := s.now.index[id]
	before, knownBefore := s.before.index[id]
	if !known || !knownBefore || s.now.rows[now] != row {
		return 0, 0, false
	}
	return before, s.now.at[now] - s.before.at[before], true
}

// Keep implements expression.Samples.
func (s *sampleOp) Keep(number func(schema.Row) (float64, bool)) func(schema.Row) []float64 {
	k := &series{number: number}
	s.series = append(s.series, k)
	return func(row schema.Row) []float64 { return k.last[identify(s.input.Identity, row)] }
}

// identify is a map key that tells a row from others.
func identify(identity []*schema.Column, row schema.Row) string {
	return string(appendKey(nil, identity, row))
}

// Require implements expression.Samples.
func (s *sampleOp) Require() { s.required = true }

// FirstLacks says that values of the first sample of a watch cannot be computed, because there is none before it.
func (p *Plan) FirstLacks() bool {
	for _, op := range p.whole().operators {
		if s, ok := op.(*sampleOp); ok && s.required {
			return true
		}
	}
	return false
}

// samples gives the sampleOp for the rows that the stage being compiled reads. It adds one where the plan has none yet.
func (c *compiler) samples() expression.Samples {
	at := c.samplePosition()
	if at < len(c.plan.operators) {
		if s, ok := c.plan.operators[at].(*sampleOp); ok {
			return s
		}
	}
	s := &sampleOp{passThrough: passThrough{c.plan.schemaBefore(at)}}
	c.plan.operators = append(c.plan.operators[:at:at], append([]operator{s}, c.plan.operators[at:]...)...)
	return s
}

// samplePosition is the index of the operators at which a sampleOp belongs: behind the last one that makes new rows,
// and the filters that follow it and do not compare samples.
func (c *compiler) samplePosition() int {
	at := 0
	for i, op := range c.plan.operators {
		switch op.(type) {
		case *groupOp, *joinOp, *histogramOp, *likeOp:
			at = i + 1
		}
	}
	for ; at < len(c.plan.operators); at++ {
		if _, ok := c.plan.operators[at].(*filterOp); !ok {
			break
		}
	}
	return at
}

// firstSample takes the first of two samples, with the operators up to the last one that keeps rows, and waits until
// the second is due.
func (p *Plan) firstSample(ctx context.Context) error {
	last := -1
	for i, op := range p.operators {
		if _, ok := op.(*sampleOp); ok {
			last = i
		}
	}
	for _, err := range p.run(ctx, last+1) {
		if err != nil {
			return err
		}
	}
	p.progress.begin("the second sample")
	timer := time.NewTimer(sampleInterval)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

// Live is a sentence that tells why the plan needs a running system: because it waits for events, or reads more than
// once. It is empty for a plan that a capture can answer.
func (p *Plan) Live() string {
	switch {
	case p.follow:
		return "follow tells what happens"
	case p.watch != nil:
		return "watch asks again and again"
	case p.whole().compares():
		return "rate(), delta() and spark() compare two samples"
	}
	return ""
}

// compares says whether the plan compares samples.
func (p *Plan) compares() bool {
	for _, op := range p.operators {
		if _, ok := op.(*sampleOp); ok {
			return true
		}
	}
	return false
}
