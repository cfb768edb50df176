package query

import (
	"context"

	"netql/query/schema"
)

// A use is what an operator does with a row of its input once it has asked for the next one.
type use int

const (
	keeps    use = iota // it, or a column that it makes, may read the row later
	passes              // nothing: it has handed the row on, under columns that keep nothing of it
	consumes            // nothing: it has taken values, and hands on rows of its own alone
)

// RowsInTurn is Rows for a consumer that is done with a row when it asks for the next one. Where no stage keeps rows
// either, the table may use the memory of one row for all.
func (p *Plan) RowsInTurn(ctx context.Context) Rows {
	return func(yield func(schema.Row, error) bool) {
		p.inTurn = true
		defer func() { p.inTurn = false }()
		p.Rows(ctx)(yield)
	}
}

// transient says whether nothing reads a row of the table after the next one is asked for.
func (p *Plan) transient() bool {
	if p.follow || p.watch != nil || p.compares() {
		return false
	}
	for _, op := range p.operators {
		switch op.use() {
		case keeps:
			return false
		case consumes:
			return true
		}
	}
	return p.inTurn && len(prefetched(p.Schema())) == 0
}

// Reuse says, once rows are asked for, whether each is read before the next one is asked for and never again, so that a
// scan may use the memory of one for all.
func (r Request) Reuse() bool { return r.transient != nil && r.transient() }
