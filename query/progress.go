package query

import (
	"context"
	"sync/atomic"

	"netql/query/schema"
)

// progress is the table that a plan reads and the number of rows read of it. Other goroutines may read it while the
// plan runs.
type progress struct {
	reading atomic.Pointer[string]
	rows    atomic.Int64
}

// Progress says what the plan reads at the moment, "" before it begins, and how many rows were read of it. Unlike the
// rest of a plan it may be asked for by others while the plan runs.
func (p *Plan) Progress() (reading string, rows int) {
	if name := p.progress.reading.Load(); name != nil {
		reading = *name
	}
	return reading, int(p.progress.rows.Load())
}

func (p *progress) begin(what string) {
	p.rows.Store(0)
	p.reading.Store(&what)
}

// countRows wraps a source so that its rows are counted for Progress, and end when the run is to end.
func (p *Plan) countRows(table string, s source) source {
	rows := s.rows
	s.rows = func(ctx context.Context) Rows {
		counted := func(yield func(schema.Row, error) bool) {
			p.progress.begin(table)
			rows(ctx)(func(row schema.Row, err error) bool {
				p.progress.rows.Add(1)
				return yield(row, err)
			})
		}
		return cancellable(counted, p.stop.Cause)
	}
	return s
}
