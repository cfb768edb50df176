package answer

import (
	"context"
	"slices"
	"sync"

	"netql/query"
	"netql/query/schema"
)

// counter counts the rows of an answer beside it, once the answer is more than was to be sent at first. The asker,
// which keeps all rows, is told of them long before they have come, and may refuse them. What the rows have is not
// read.
type counter struct {
	answer  *Answer
	target  Target
	begun   sync.Once
	running sync.WaitGroup
	cancel  context.CancelFunc
}

// counter is that of an answer; nil where the asker does not want to know.
func (a *Answer) counter(target Target, plan *query.Plan) *counter {
	if a.ask.Most == 0 || plan.Follows() {
		return nil
	}
	return &counter{answer: a, target: target, cancel: func() {}}
}

// countingPart is which part counting may take of the time and of the memory that the answer may: what takes more is
// not worth to be known early.
const countingPart = 16

// catalog is that of the answer, with less memory.
func (c *counter) catalog() *query.Catalog {
	target := c.target
	if limit := target.Catalog.Memory; limit != nil {
		target.Catalog = target.Catalog.With()
		target.Catalog.Memory = func() int64 { return limit() / countingPart }
	}
	return c.answer.catalog(target)
}

// begin begins to count, unless that was begun before.
func (c *counter) begin(ctx context.Context) {
	if c == nil {
		return
	}
	c.begun.Do(func() {
		if ctx, c.cancel = context.WithCancel(ctx); c.answer.limit() > 0 {
			ctx, c.cancel = context.WithTimeout(ctx, c.answer.limit()/countingPart)
		}
		c.running.Go(func() { c.count(ctx) })
	})
}

// end ends the counting, also before it was begun.
func (c *counter) end() {
	if c == nil {
		return
	}
	c.begun.Do(func() {})
	c.cancel()
	c.running.Wait()
}

// firstTold is how many rows are told first, before the end; after that the number each time that it has doubled.
const firstTold = 1 << 14

// count counts rows, of which an error that ends them leaves a part. The answer tells of the error.
func (c *counter) count(ctx context.Context) {
	defer func() { _ = recover() }() // of which the answer tells, too
	a := c.answer
	plan, columns, err := query.CompileLocal(a.ask.Text, a.ask.Present, c.catalog(), c.target.State())
	if err != nil || slices.Contains(columns, nil) {
		return
	}
	rows, next, most := 0, firstTold, a.ask.Most
	if limit := a.mostRows(); limit > 0 {
		most = min(most, limit)
	}
	tell := func() {
		a.total.Store(int64(rows))
		a.tellTaken()
	}
	for row, err := range plan.RowsInTurn(ctx) {
		if err != nil || rows > most { // how many more there are makes no difference
			break
		}
		if slices.ContainsFunc(columns, func(c *schema.Column) bool { return c.Value(row).IsNull() }) {
			continue
		}
		if rows++; rows == next {
			next *= 2
			tell()
		}
	}
	tell()
}

// mostRows is how many rows the answer may have; 0 for no limit.
func (a *Answer) mostRows() int { return least(a.host.Rows, a.ask.Rows) }
