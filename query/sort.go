package query

import (
	"cmp"
	"context"
	"strings"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/stop"
	"netql/query/syntax"
)

// ordering compares rows by the keys of sort or top.
type ordering struct {
	keys []sortKey
	stop *stop.Flag
}

type sortKey struct {
	text       string
	expression *expression.Expression
	descending bool
}

// keyed is a row with the values of its keys. Its place in the input keeps the order of equal rows.
type keyed struct {
	row    schema.Row
	values []any
	place  int
}

func (c *compiler) ordering(keys []syntax.Key) (ordering, error) {
	o := ordering{stop: &c.plan.stop}
	for _, key := range keys {
		e, err := c.expression(key.Expression)
		if err != nil {
			return o, err
		}
		o.keys = append(o.keys, sortKey{key.Expression.String(), e, key.Descending})
	}
	return o, nil
}

// text is the keys, each followed by the word for its direction.
func (o ordering) text(ascending, descending string) string {
	texts := make([]string, len(o.keys))
	for i, key := range o.keys {
		texts[i] = key.text + ascending
		if key.descending {
			texts[i] = key.text + descending
		}
	}
	return strings.Join(texts, ", ")
}

// keyedSize is about how many bytes a list of keyed takes for each, with the values of the keys.
func (o ordering) keyedSize() int {
	const perRow, perKey = 100, 40
	return perRow + perKey*len(o.keys)
}

func (o ordering) keyed(row schema.Row, place int) keyed {
	k := keyed{row, make([]any, len(o.keys)), place}
	for i, key := range o.keys {
		k.values[i] = key.expression.Eval(row)
	}
	return k
}

// compare puts NULL last either way.
func (o ordering) compare(a, b keyed) int {
	for i, key := range o.keys {
		x, y := a.values[i], b.values[i]
		c := key.expression.Type.Compare(x, y)
		if key.descending && x != nil && y != nil {
			c = -c
		}
		if c != 0 {
			return c
		}
	}
	return cmp.Compare(a.place, b.place)
}

// showing is the schema of the rows, with the columns of the keys among the shown ones.
func (o ordering) showing(s schema.Schema) schema.Schema {
	for _, key := range o.keys {
		s = s.Showing(key.expression.Columns)
	}
	return s
}

func (o ordering) needs(wanted Set) Set {
	for _, key := range o.keys {
		wanted.add(key.expression.Columns...)
	}
	return wanted
}

// sortOp implements sort: it reads all rows, and hands them on in order.
type sortOp struct {
	passThrough
	rowKeeper
	ordering
}

// sortStage orders the rows.
type sortStage struct{ keys []syntax.Key }

func parseSort(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	p.Keyword("by", "")
	keys, err := p.Keys(false)
	return &sortStage{keys}, err
}

func (s *sortStage) String() string { return "sort " + syntax.KeyList(s.keys, false) }

func (s *sortStage) compile(c *compiler) error {
	o, err := c.ordering(s.keys)
	if err != nil {
		return err
	}
	kept := rowKeeper{keeper: c.keeper(s.String())}
	return c.add(&sortOp{passThrough{o.showing(c.plan.Schema())}, kept, o})
}

func (s *sortOp) String() string { return "sort " + s.text("", " desc") }
func (s *sortOp) use() use       { return keeps }
func (s *sortOp) combines() bool { return false }

// inputColumn: a condition may come first, because the rows that are left have the same order.
func (s *sortOp) inputColumn(column string) (string, bool) { return column, true }

func (s *sortOp) rows(_ context.Context, input Rows) Rows {
	return func(yield func(schema.Row, error) bool) {
		all := newSorter(s.ordering)
		for row, err := range input {
			if err != nil {
				yield(nil, err)
				return
			}
			s.keepRow(row, all.add(row))
		}
		all.emit(yield)
	}
}

// emit hands the rows on in order. It gives none where the run is to end meanwhile.
func (o ordering) emit(rows []keyed, yield func(schema.Row, error) bool) {
	if !stop.Sort(o.stop, rows, o.compare) {
		return
	}
	for _, k := range rows {
		if !yield(k.row, nil) {
			return
		}
	}
}
