package query

import (
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
	run      stop.Flag // that the runs of both are parts of
	key      []string  // identifies a row; all compared columns where the rows have no key
	compared []string  // the columns that may have changed
	shown    []string  // tell which row it is
	told     []string  // tell a person which row it is
	extra    []string  // the columns of the key that are not among told

	// All says that changes are told, too, that are not about the machine (LeftOut).
	All     bool
	leftOut LeftOut
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
	c.run.LimitMemory(catalog.Memory)
	c.old.stop.Within(&c.run)
	c.new.stop.Within(&c.run)
	if !c.old.hasColumns(c.key) {
		c.key, c.compared, c.shown = visible, nil, nil
		c.told = c.withoutDocs(visible)
		return c, nil
	}
	if slices.Equal(c.shown, names(plan.table.Columns)) {
		c.shown = plan.table.Shown
	}
	s := c.old.Schema()
	moves := func(name string) bool { column, ok := s.Column(name); return ok && column.Change != schema.Static }
	c.told = slices.DeleteFunc(c.withoutDocs(c.shown),
		func(name string) bool { return moves(name) && !slices.Contains(c.key, name) })
	c.extra = slices.DeleteFunc(slices.Clone(c.key), func(name string) bool { return slices.Contains(c.told, name) })
	c.shown = slices.DeleteFunc(slices.Clone(c.shown),
		func(name string) bool { return moves(name) || slices.Contains(c.key, name) })
	c.compared = slices.DeleteFunc(slices.Clone(c.compared), func(name string) bool {
		return !counters && moves(name) || slices.Contains(c.key, name)
	})
	return c, nil
}

// withoutDocs are the columns without those that explain a row, which are the same in both answers.
func (c *Comparison) withoutDocs(columns []string) []string {
	s := c.old.Schema()
	return slices.DeleteFunc(slices.Clone(columns), func(name string) bool {
		column, ok := s.Column(name)
		return ok && column.Explains
	})
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
