package query

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"netql/query/schema"
	"netql/query/stop"
)

// A Comparison compares the answers that one query has from two states: two captures, or a capture and what answers
// now.
type Comparison struct {
	old, new *Plan
	key      []string // identifies a row; all compared columns where the rows have no key
	compared []string // the columns that may have changed
	shown    []string // tell which row it is
}

// CompareTable compares all rows and columns of a table; those that move only if counters are asked for.
func CompareTable(name string, catalog *Catalog, old, new State, counters bool) (*Comparison, error) {
	return CompareQuery(name+" | select *", catalog, old, new, counters)
}

// CompareQuery compares the answers of a query by its table's key where the query leaves that, else by all that it
// selects.
func CompareQuery(text string, catalog *Catalog, old, new State, counters bool) (*Comparison, error) {
	plan, err := Compile(text, catalog, old)
	if err != nil {
		return nil, err
	}
	visible := names(plan.Schema().Visible())
	c := &Comparison{key: plan.table.Key, compared: visible, shown: visible}
	if plan.Schema().After == "" { // the columns of the key are still there, if not shown
		text += "\n| select *"
	}
	if c.old, err = Compile(text, catalog, old); err != nil {
		return nil, err
	}
	if c.new, err = Compile(text, catalog, new); err != nil {
		return nil, err
	}
	if !c.old.hasColumns(c.key) {
		c.key, c.compared, c.shown = visible, nil, nil
		return c, nil
	}
	if slices.Equal(c.shown, names(plan.table.Columns)) {
		c.shown = plan.table.Shown
	}
	s := c.old.Schema()
	moves := func(name string) bool { column, ok := s.Column(name); return ok && column.Change != schema.Static }
	c.shown = slices.DeleteFunc(slices.Clone(c.shown),
		func(name string) bool { return moves(name) || slices.Contains(c.key, name) })
	c.compared = slices.DeleteFunc(slices.Clone(c.compared), func(name string) bool {
		return !counters && moves(name) || slices.Contains(c.key, name)
	})
	return c, nil
}

func names(columns []*schema.Column) []string { return schema.Schema{Columns: columns}.Names() }

// hasColumns says whether the rows of the answer still have these columns of the table.
func (p *Plan) hasColumns(columns []string) bool {
	visible := names(p.Schema().Visible())
	return !slices.ContainsFunc(columns, func(name string) bool {
		origin, ok := p.inputColumn(0, len(p.operators), name)
		return !ok || origin != name || !slices.Contains(visible, name)
	})
}

// Warnings tell why the comparison is not complete, of the old and the new answer.
func (c *Comparison) Warnings() (old, new []string) { return c.old.Warnings(), c.new.Warnings() }

// AnswerError is the error of one of the two answers.
type AnswerError struct {
	New bool // of the new one
	Err error
}

func (e *AnswerError) Error() string { return e.Err.Error() }

func (e *AnswerError) Unwrap() error { return e.Err }

// Differences runs both queries and yields the differences in the order of the keys, an error as the last item: an
// *AnswerError where one of the answers ended in it.
func (c *Comparison) Differences(ctx context.Context) iter.Seq2[*Difference, error] {
	return func(yield func(*Difference, error) bool) {
		var flag stop.Flag
		defer flag.SetWhenDone(ctx)()
		found, err := c.collect(ctx)
		byKey := func(a, b sortableDifference) int { return slices.CompareFunc(a.key, b.key, schema.Type{}.Compare) }
		if err == nil && !stop.Sort(&flag, found, byKey) {
			err = context.Cause(ctx)
		}
		if err != nil {
			yield(nil, err)
			return
		}
		for _, f := range found {
			if !yield(f.Difference, nil) {
				return
			}
		}
	}
}

// sortableDifference is a difference with the values of its row's key, by which differences are sorted.
type sortableDifference struct {
	*Difference
	key []any
}

func (c *Comparison) collect(ctx context.Context) (found []sortableDifference, err error) {
	before := map[string]schema.Row{}
	var order []string
	key := c.identify(c.old)
	for row, err := range c.old.Rows(ctx) {
		if err != nil {
			return nil, &AnswerError{false, err}
		}
		k := key(row)
		before[k] = row
		order = append(order, k)
	}
	key = c.identify(c.new)
	for row, err := range c.new.Rows(ctx) {
		if err != nil {
			return nil, &AnswerError{true, err}
		}
		k := key(row)
		if old, ok := before[k]; ok {
			found = append(found, c.changedColumns(k, old, row)...)
			delete(before, k)
		} else {
			found = append(found, c.difference(c.new, appeared, k, row))
		}
	}
	for _, k := range order {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		if row, ok := before[k]; ok {
			found = append(found, c.difference(c.old, vanished, k, row))
		}
	}
	return found, nil
}

// identify makes a text of a row's key. Rows with equal keys, in tables that have none, are numbered.
func (c *Comparison) identify(p *Plan) func(schema.Row) string {
	columns := p.columns(c.key)
	seen := map[string]int{}
	return func(row schema.Row) string {
		text := describe(columns, row)
		seen[text]++
		if n := seen[text]; n > 1 {
			text += " #" + strconv.Itoa(n)
		}
		return text
	}
}

// changedColumns are the differences between two versions of a row, one for each column that has changed.
func (c *Comparison) changedColumns(key string, old, new schema.Row) (found []sortableDifference) {
	before, after := c.old.columns(c.compared), c.new.columns(c.compared)
	for i, column := range after {
		x, y := before[i].Get(old), column.Get(new)
		if column.Type.Compare(x, y) != 0 {
			change := c.difference(c.new, changed, key, new)
			change.Column, change.Old, change.New = column.Name, x, y
			found = append(found, change)
		}
	}
	return found
}

func (c *Comparison) difference(p *Plan, kind, key string, row schema.Row) sortableDifference {
	values := make([]any, len(c.key))
	for i, column := range p.columns(c.key) {
		values[i] = column.Get(row)
	}
	return sortableDifference{&Difference{Table: p.table.Name, Kind: kind, Key: key,
		Row: describe(p.columns(c.shown), row)}, values}
}

// columns are those of the answer that have the names.
func (p *Plan) columns(names []string) []*schema.Column {
	s := p.Schema()
	found := make([]*schema.Column, len(names))
	for i, name := range names {
		found[i], _ = s.Column(name)
	}
	return found
}

// describe is the row as text: name=value for every column that has one. Equal texts are equal values.
func describe(columns []*schema.Column, row schema.Row) string {
	var parts []string
	for _, column := range columns {
		value := column.Get(row)
		if value == nil {
			continue
		}
		text := schema.Format(value)
		if _, isText := value.(string); isText &&
			(text == "" || strings.ContainsAny(text, " =#\"") || schema.Visible(text) != text) {
			text = strconv.Quote(text)
		}
		parts = append(parts, column.Name+"="+text)
	}
	return strings.Join(parts, " ")
}
