package tables

import (
	"context"
	"iter"
	"slices"

	"netql/query"
	"netql/query/schema"
)

// tables is the catalogue itself: one row is a table.
func tables() *query.Table {
	return query.Define(query.Spec[query.Table]{
		Doc: "A table that can be asked.",
		Examples: []string{
			"tables",
			`tables doc contains "socket" | select name`,
			"tables events != nil | select name, events",
		},
		Fields: []query.Field[query.Table]{
			{Name: "name", Type: text, Doc: "The name that a query starts with.", Get: func(t *query.Table) any { return t.Name }},
			{Name: "doc", Type: text, Doc: "What one row of the table is.", Get: func(t *query.Table) any { return t.Doc }},
			{Name: "columns", Type: integer, Doc: "The number of its columns.", Get: func(t *query.Table) any { return len(t.Columns) }},
			{Name: "key", Type: schema.ListOf(text), Doc: "The columns that identify a row between two samples.", Get: func(t *query.Table) any { return list(t.Key) }},
			{Name: "events", Type: text, Doc: "What | follow tells of its rows; NULL where the kernel tells nothing.", Get: func(t *query.Table) any { return nonEmpty(t.Events) }},
			{Name: "examples", Type: schema.ListOf(text), Doc: "Queries to start from.", Get: func(t *query.Table) any { return list(t.Examples) }},
		},
		Shown:   []string{"name", "columns", "doc"},
		Key:     []string{"name"},
		Machine: true,
		Scan: func(r query.Request) query.Scan[query.Table] {
			return sliceScan[query.Table]{"the catalogue", r.Catalog.Tables}
		},
	})
}

// columnEntry is a row of columns.
type columnEntry struct {
	table  *query.Table
	column *schema.Column
}

// columns is the catalogue itself: one row is a column of a table.
func columns() *query.Table {
	return query.Define(query.Spec[columnEntry]{
		Doc: "A column of a table.",
		Examples: []string{
			`columns table == "sockets" | select name, type, unit, doc`,
			`columns doc contains "retrans"`,
			`columns table == "interfaces" and change == counter | select name, unit`,
		},
		Fields: []query.Field[columnEntry]{
			{Name: "table", Type: text, Doc: "The table.", Get: func(e *columnEntry) any { return e.table.Name }},
			{Name: "name", Type: text, Doc: "The name of the column in queries.", Get: func(e *columnEntry) any { return e.column.Name }},
			{Name: "type", Type: text, Doc: "The kind of its values.", Get: func(e *columnEntry) any { return e.column.Type.String() }},
			{Name: "unit", Type: text, Doc: "What its numbers count.", Get: func(e *columnEntry) any { return nonEmpty(string(e.column.Unit)) }},
			{Name: "doc", Type: text, Doc: "The meaning, and where the kernel keeps it.", Get: func(e *columnEntry) any { return e.column.Doc }},
			{Name: "values", Type: schema.ListOf(text), Doc: "The words that an enum or flags column takes.", Get: func(e *columnEntry) any { return vocabulary(e.column.Type.Words) }},
			{Name: "shown", Type: boolean, Doc: "Whether it is shown where a query selects nothing.", Get: func(e *columnEntry) any { return slices.Contains(e.table.Shown, e.column.Name) }},
			{Name: "key", Type: boolean, Doc: "Whether it is part of the table's key.", Get: func(e *columnEntry) any { return slices.Contains(e.table.Key, e.column.Name) }},
			{Name: "costly", Type: boolean, Doc: "Whether reading it takes more than the row: a walk over /proc or the like.", Get: func(e *columnEntry) any { return e.column.Costly }},
			{Name: "change", Type: enum(schema.Changes()), Get: func(e *columnEntry) any { return e.column.Change.String() },
				Doc: "How the value changes while its row stays the same: by somebody's doing (steady), up and down all the time (gauge), or it counts what happens (counter), so that rate() knows of wraps. netql diff compares steady columns, and all with --counters."},
		},
		Shown:   []string{"table", "name", "type", "unit", "doc"},
		Key:     []string{"table", "name"},
		Machine: true,
		Scan: func(r query.Request) query.Scan[columnEntry] {
			return sliceScan[columnEntry]{"the catalogue", func() []*columnEntry { return columnEntries(r.Catalog) }}
		},
	})
}

func columnEntries(c *query.Catalog) (entries []*columnEntry) {
	for _, t := range c.Tables() {
		for _, column := range t.Columns {
			entries = append(entries, &columnEntry{t, column})
		}
	}
	return entries
}

// sliceScan is the scan of a table that is in memory.
type sliceScan[T any] struct {
	from    string
	records func() []*T
}

func (l sliceScan[T]) String() string { return l.from }

func (l sliceScan[T]) Rows(ctx context.Context) iter.Seq2[*T, error] {
	return func(yield func(*T, error) bool) {
		for _, record := range l.records() {
			if ctx.Err() != nil {
				yield(nil, ctx.Err())
				return
			}
			if !yield(record, nil) {
				return
			}
		}
	}
}

// list is a list value; NULL where it is empty.
func list(texts []string) any {
	if len(texts) == 0 {
		return nil
	}
	values := make([]any, len(texts))
	for i, s := range texts {
		values[i] = s
	}
	return values
}

func vocabulary(words *schema.Vocabulary) any {
	if words == nil {
		return nil
	}
	var names []string
	for _, word := range words.Words() {
		names = append(names, word.Name)
	}
	return list(names)
}
