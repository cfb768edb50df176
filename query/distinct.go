package query

import (
	"context"
	"strings"

	"netql/query/schema"
	"netql/query/syntax"
)

// unique is distinct: each combination of its columns once, where it occurs first.
type unique struct {
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
	u := &unique{text: s.String(), items: items}
	columns := make([]*schema.Column, len(items))
	for i, it := range items {
		columns[i] = it.column
	}
	u.output = narrowed(input, "distinct", columns)
	return c.add(u)
}

func (u *unique) String() string        { return u.text }
func (u *unique) schema() schema.Schema { return u.output }

// needs all its columns, wanted or not: they decide which rows are the same.
func (u *unique) needs(Set) Set {
	needed := Set{}
	for _, it := range u.items {
		needed.add(it.expression.Columns...)
	}
	return needed
}

// through: all rows of a combination agree on its columns, so a condition on them may come first.
func (u *unique) through(column string) (string, bool) { return itemOrigin(u.items, nil, column) }

func (u *unique) rows(_ context.Context, input Rows) Rows {
	return func(yield func(schema.Row, error) bool) {
		seen := map[any]bool{}
		values := make([]any, len(u.output.Columns))
		for row, err := range input {
			if err != nil {
				yield(nil, err)
				return
			}
			key := combination(readAll(values, u.output.Columns, row))
			if seen[key] {
				continue
			}
			seen[key] = true
			if !yield(row, nil) {
				return
			}
		}
	}
}

// readAll fills values with the columns of a row.
func readAll(values []any, columns []*schema.Column, row schema.Row) []any {
	for i, column := range columns {
		values[i] = column.Get(row)
	}
	return values
}

// combination is a map key that is the same for equal values only.
func combination(values []any) any {
	var key [4]any
	for i, value := range values {
		if i == 3 && len(values) > 4 {
			key[3] = combination(values[3:])
			break
		}
		key[i] = schema.Key(value)
	}
	return key
}
