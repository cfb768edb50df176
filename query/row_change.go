package query

import (
	"context"
	"iter"
	"slices"
	"strconv"

	"netql/query/schema"
	"netql/query/stop"
)

// A RowChange is a row in which two answers differ.
type RowChange struct {
	Kind    string               // new, gone or changed
	Values  []any                // of Comparison.Columns, as they are now, or were last
	Changed []schema.ValueChange // of a row that is in both

	key  []any  // by which changes are sorted
	text string // the columns that identify the row, as text
	row  string // what the table shows of the row, as text
}

// AnswerError is the error of one of the two answers.
type AnswerError struct {
	New bool // of the new one
	Err error
}

func (e *AnswerError) Error() string { return e.Err.Error() }

func (e *AnswerError) Unwrap() error { return e.Err }

// LeftOut are the numbers of changes that say nothing about the machine, which are not told unless they are asked for.
type LeftOut struct {
	Own          int // rows that are there because netql asks (Spec.Own)
	Accompanying int // rows that come and go with those of other tables (Spec.Accompanies)
	ByItself     int // values that change by themselves (Column.ByItself)
}

// LeftOut is what was left out.
func (c *Comparison) LeftOut() LeftOut { return c.leftOut }

// Table is the name of the table that is compared, or that the query reads.
func (c *Comparison) Table() string { return c.old.table.Name }

// Derived says that the rows of the table follow from those of others (Spec.Derived).
func (c *Comparison) Derived() bool { return c.old.table.Derived }

// Columns are those that tell a person which row it is. From the number keys on they are those of the key that the
// table does not show, and which are needed only where the others do not tell rows apart.
func (c *Comparison) Columns() (columns []*schema.Column, keys int) {
	return c.new.columns(slices.Concat(c.told, c.extra)), len(c.told)
}

// Changes runs both queries and yields the rows that differ in the order of the keys, an error as the last item:
// an *AnswerError where one of the answers ended in it.
func (c *Comparison) Changes(ctx context.Context) iter.Seq2[*RowChange, error] {
	return func(yield func(*RowChange, error) bool) {
		defer c.run.SetWhenDone(ctx)()
		c.run.Forget()
		found, err := c.collect(ctx)
		byKey := func(a, b *RowChange) int { return slices.CompareFunc(a.key, b.key, schema.Type{}.Compare) }
		if err == nil && !stop.Sort(&c.run, found, byKey) {
			err = c.run.Cause()
		}
		if err != nil {
			yield(nil, err)
			return
		}
		for _, f := range found {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// perCompared is about how many bytes a row takes that is kept to be compared, beside itself and its key: its key is in
// two indexes and a list.
const perCompared = 2*perIndexed + 48

// size is about how many bytes the change takes.
func (r *RowChange) size() int {
	const itself, perValue = 200, 16
	bytes := itself + len(r.text) + len(r.row)
	for _, value := range slices.Concat(r.Values, r.key) {
		bytes += perValue + schema.Held(value)
	}
	for _, change := range r.Changed {
		bytes += 3*perValue + schema.Held(change.Old) + schema.Held(change.New)
	}
	return bytes
}

func (c *Comparison) collect(ctx context.Context) (found []*RowChange, err error) {
	keeper := c.run.Keeper("the rows that are compared")
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
		if keeper.Keep(c.old.weight(row) + perCompared + len(k)); c.run.Set() {
			return nil, c.run.Cause()
		}
	}
	add := func(change *RowChange) {
		if change != nil {
			keeper.Keep(change.size())
			found = append(found, change)
		}
	}
	key = c.identify(c.new)
	for row, err := range c.new.Rows(ctx) {
		if err != nil {
			return nil, &AnswerError{true, err}
		}
		k := key(row)
		if old, ok := before[k]; ok {
			add(c.changedRow(k, old, row))
			delete(before, k)
		} else {
			add(c.change(c.new, Appeared, k, row))
		}
		if c.run.Set() {
			return nil, c.run.Cause()
		}
	}
	for _, k := range order {
		if c.run.Set() {
			return nil, c.run.Cause()
		}
		if row, ok := before[k]; ok {
			add(c.change(c.old, Vanished, k, row))
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

// changedRow is the change between two versions of a row; nil where there is none, or none to be told.
func (c *Comparison) changedRow(key string, old, new schema.Row) *RowChange {
	before, after := c.old.columns(c.compared), c.new.columns(c.compared)
	var list []schema.ValueChange
	for i, column := range after {
		x, y := before[i].Get(old), column.Get(new)
		switch {
		case column.Type.Compare(x, y) == 0:
		case column.ByItself != nil && column.ByItself(x, y) && !c.All:
			c.leftOut.ByItself++
		default:
			list = append(list, schema.ValueChange{Column: column, Old: x, New: y})
		}
	}
	if list == nil {
		return nil
	}
	change := c.change(c.new, changed, key, new)
	if change != nil {
		change.Changed = list
	}
	return change
}

// change is the change of a row; nil where it is not to be told.
func (c *Comparison) change(p *Plan, kind, key string, row schema.Row) *RowChange {
	if !c.All && p.table.own(p.request.State, row) {
		c.leftOut.Own++
		return nil
	}
	if !c.All && kind != changed && p.table.accompanies(row) {
		c.leftOut.Accompanying++
		return nil
	}
	read := func(names []string) (values []any) {
		for _, column := range p.columns(names) {
			values = append(values, column.Get(row))
		}
		return values
	}
	return &RowChange{
		Kind: kind, Values: append(read(c.told), read(c.extra)...), key: read(c.key), text: key,
		row: describe(p.columns(c.shown), row),
	}
}
