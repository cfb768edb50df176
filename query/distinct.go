package query

import (
	"context"
	"strings"

	"netql/query/schema"
	"netql/query/stop"
	"netql/query/syntax"
)

// distinctOp implements distinct: it hands on the first row of each combination of its columns.
type distinctOp struct {
	sameRows
	keeper *stop.Keeper
	text   string
	items  []item
	output schema.Schema
}

// distinctStage drops rows that repeat an earlier one.
type distinctStage struct{ items []syntax.Item } // none: all shown columns

func parseDistinct(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	ends := p.Ends()
	items, err := p.Items(columnItems(false))
	if ends {
		return &distinctStage{}, nil
	}
	return &distinctStage{items}, err
}

func (s *distinctStage) String() string { return strings.TrimSpace("distinct " + syntax.List(s.items)) }

func (s *distinctStage) compile(c *compiler) error {
	input := c.plan.Schema()
	list := s.items
	if len(list) == 0 {
		for _, name := range input.Shown {
			list = append(list, syntax.ColumnItem(name))
		}
	}
	items, _, err := c.items(list)
	if err != nil {
		return err
	}
	d := &distinctOp{text: s.String(), items: items, keeper: c.keeper(s.String())}
	columns := make([]*schema.Column, len(items))
	for i, it := range items {
		columns[i] = it.column
	}
	d.output = schemaOf(input, "distinct", columns)
	return c.add(d)
}

func (d *distinctOp) String() string        { return d.text }
func (d *distinctOp) use() use              { return keeps }
func (d *distinctOp) combines() bool        { return false }
func (d *distinctOp) schema() schema.Schema { return d.output }

// needs all its columns, wanted or not: they decide which rows are the same.
func (d *distinctOp) needs(Set) Set {
	needed := Set{}
	for _, it := range d.items {
		needed.add(it.expression.Columns...)
	}
	return needed
}

// inputColumn: a condition on the columns may come first, because all rows of a combination agree on them.
func (d *distinctOp) inputColumn(column string) (string, bool) {
	return itemInputColumn(d.items, nil, column)
}

func (d *distinctOp) rows(_ context.Context, input Rows) Rows {
	return func(yield func(schema.Row, error) bool) {
		seen := map[string]bool{}
		var key []byte
		for row, err := range input {
			if err != nil {
				yield(nil, err)
				return
			}
			key = appendKey(key[:0], d.output.Columns, row)
			if seen[string(key)] {
				continue
			}
			seen[string(key)] = true
			d.keeper.Keep(perIndexed + len(key))
			if !yield(row, nil) {
				return
			}
		}
	}
}
