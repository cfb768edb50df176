package query

import (
	"context"
	"sync/atomic"

	"netql/query/schema"
)

// progress is how far a plan has come. It may be looked at while the plan runs.
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

// watched is a source of the plan whose rows are counted where they are read, and end when the run is to end.
func (p *Plan) watched(table string, s source) source {
	return source{s.Stringer, func(ctx context.Context) Rows {
		counted := func(yield func(schema.Row, error) bool) {
			p.progress.begin(table)
			s.rows(ctx)(func(row schema.Row, err error) bool {
				p.progress.rows.Add(1)
				return yield(row, err)
			})
		}
		return breakable(ctx, counted, p.stop.Set)
	}}
}
