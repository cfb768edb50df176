package query

import (
	"unsafe"

	"netql/query/schema"
	"netql/query/stop"
)

// weight says how many bytes more are kept by who keeps a row. What an earlier stage keeps of it anyway is not counted
// again. It is asked about rows in the order in which they come.
type weight func(schema.Row) int

// weightless is of rows that an earlier stage keeps.
func weightless(schema.Row) int { return 0 }

// sameRows is embedded in operators that hand on rows of their input and keep none.
type sameRows struct{}

func (sameRows) weights(input weight) weight { return input }

// ownRows is embedded in operators that make rows, keep them, and count them by themselves.
type ownRows struct{}

func (ownRows) weights(weight) weight { return weightless }

// rowKeeper is embedded in operators that keep rows of their input.
type rowKeeper struct {
	keeper *stop.Keeper
	weigh  weight // of a row of the input
}

// keepRow counts a row, and what else is kept for it.
func (k *rowKeeper) keepRow(row schema.Row, more int) { k.keeper.Keep(k.weigh(row) + more) }

// weigh tells each operator that keeps rows what a row of its input weighs.
func (p *Plan) weigh() {
	p.weight = p.tableWeight(p.table)
	for _, op := range p.operators {
		p.weight = op.weights(p.weight)
	}
}

func (k *rowKeeper) weights(input weight) weight {
	k.weigh = input
	return weightless
}

// measuredRows is of how many rows one is measured: the others count as much as the last one that was.
const measuredRows = 64

// tableWeight is the weight of rows as the table gives them. Rows between two that are kept are kept with them where
// they are in one block of memory.
func (p *Plan) tableWeight(t *Table) weight {
	if t.weight != nil {
		return t.weight()
	}
	size, measured, last := 0, 0, int64(0)
	return func(row schema.Row) int {
		if measured%measuredRows == 0 {
			size = max(1, p.sizeOf(t, row))
		}
		measured++
		read := p.progress.rows.Load()
		between := int(read - last) // below 1 where another table was begun
		last = read
		return size * max(1, min(between, t.block))
	}
}

// sizeOf is the size of a row of the table, with what makes an event of it.
func (p *Plan) sizeOf(t *Table, row schema.Row) int {
	if e, ok := row.(*event); ok {
		return int(unsafe.Sizeof(*e)) + t.size(e.row)
	}
	return t.size(row)
}
