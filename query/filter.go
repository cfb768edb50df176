package query

import (
	"context"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// passThrough is embedded in operators that hand on rows and columns as they are. What they need, and whether a later
// condition may come before them, each of them says itself.
type passThrough struct{ input schema.Schema }

func (p passThrough) schema() schema.Schema { return p.input }

// sameColumns marks the operators whose columns are those of their input.
func (passThrough) sameColumns() {}

// filterOp implements where: it hands on the rows for which a condition is true.
type filterOp struct {
	passThrough
	text      syntax.Expression
	condition *expression.Expression
	certain   bool // it is true for every row
}

// whereStage keeps the rows for which the condition is true.
type whereStage struct{ condition syntax.Expression }

func parseWhere(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	condition, err := p.Condition("where lport == 22", false)
	return &whereStage{condition}, err
}

func (s *whereStage) String() string { return "where " + s.condition.String() }

func (s *whereStage) compile(c *compiler) error {
	condition, err := expression.CompileCondition(s.condition, c.scope())
	if err != nil {
		return err
	}
	shown := c.plan.Schema().Showing(condition.Columns).Sparing(pinned(condition))
	return c.add(&filterOp{passThrough: passThrough{shown}, text: s.condition, condition: condition})
}

// pinned are the columns that have one value in all rows for which a condition is true, which the query's text tells.
func pinned(condition *expression.Expression) (columns []string) {
	for _, name := range condition.Columns {
		if values, limited := condition.Condition.Only(name); limited && len(values) == 1 {
			columns = append(columns, name)
		}
	}
	return columns
}

func (f *filterOp) String() string       { return "filter " + f.text.String() }
func (f *filterOp) needs(wanted Set) Set { return wanted.add(f.condition.Columns...) }
func (f *filterOp) use() use             { return passes }
func (f *filterOp) combines() bool       { return false }

// inputColumn: a condition may come first, because a row must satisfy both.
func (f *filterOp) inputColumn(column string) (string, bool) { return column, true }

func (f *filterOp) rows(_ context.Context, input Rows) Rows {
	if f.certain {
		return input
	}
	return func(yield func(schema.Row, error) bool) {
		for row, err := range input {
			if err != nil {
				yield(nil, err)
				return
			}
			if f.condition.True(row) && !yield(row, nil) {
				return
			}
		}
	}
}
