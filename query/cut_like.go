package query

import (
	"context"
	"slices"

	"netql/query/schema"
)

// likeStage stands in a merging query behind stages that do there what others do in the whole query: from there on
// everything is as it is in that, such as names, order and documentation of columns. It has no text.
type likeStage struct{ schema schema.Schema }

func (likeStage) String() string { return "" }

func (s likeStage) compile(c *compiler) error {
	merged := c.plan.Schema()
	over := map[*schema.Column]*schema.Column{}
	same := func(original *schema.Column) *schema.Column {
		column := *original
		column.Costly, column.Prefetch, column.ChangeOf = false, nil, nil
		column.Value = func(schema.Row) schema.Scalar { return schema.Scalar{} }
		if from, ok := merged.Column(column.Name); ok {
			column.Value, column.Prefetch = from.Value, from.Prefetch
			over[from] = &column
		}
		return &column
	}
	like := &likeOp{output: s.schema, input: merged}
	like.output.Columns, like.output.Identity = make([]*schema.Column, len(s.schema.Columns)), nil
	for i, column := range s.schema.Columns {
		like.output.Columns[i] = same(column)
	}
	for _, column := range merged.Identity {
		if known, ok := over[column]; ok {
			column = known
		}
		like.output.Identity = append(like.output.Identity, column)
	}
	c.plan.bars, c.plan.graph = c.plan.bars.Over(over), c.plan.graph.Over(over)
	return c.add(like)
}

// cut is never asked for: the stage is in merging queries alone.
func (likeStage) cut(*cutting) split { return split{} }

// likeOp hands on the rows that it reads, under the columns of the whole query.
type likeOp struct{ input, output schema.Schema }

func (l *likeOp) String() string                          { return "" }
func (l *likeOp) schema() schema.Schema                   { return l.output }
func (l *likeOp) use() use                                { return passes }
func (l *likeOp) combines() bool                          { return false }
func (l *likeOp) rows(_ context.Context, input Rows) Rows { return input }
func (l *likeOp) sameColumns()                            {}
func (l *likeOp) needs(wanted Set) Set {
	known := Set{}
	for name := range wanted {
		if slices.Contains(l.input.Names(), name) {
			known.add(name)
		}
	}
	return known
}

// inputColumn: a condition may come first, because the rows are the same.
func (l *likeOp) inputColumn(column string) (string, bool) {
	return column, slices.Contains(l.input.Names(), column)
}
