package tables

import (
	"context"
	"iter"
	"slices"

	"netql/query"
	"netql/query/schema"
)

// tablesTable declares the table of the catalogue's tables.
func tablesTable() *query.Table {
	return query.Define(query.Spec[query.Table]{
		Doc: "A table that can be asked.",
		Examples: []string{
			"tables",
			`tables doc contains "socket" | select name`,
			"tables events != nil | select name, events",
		},
		Columns: []query.Column[query.Table]{
			query.Col("name", "The name that a query starts with.", func(t *query.Table) string { return t.Name }),
			query.Col("doc", "What one row of the table is.", func(t *query.Table) string { return t.Doc }).Explains(),
			query.Col("columns", "The number of its columns.", func(t *query.Table) int { return len(t.Columns) }),
			query.List("key", "The columns that identify a row between two samples.",
				func(t *query.Table) []string { return t.Key }),
			query.NonZero("events", "What | follow tells of its rows; NULL where the kernel tells nothing.",
				func(t *query.Table) string { return t.Events }),
			query.List("examples", "Queries to start from.", func(t *query.Table) []string { return t.Examples }),
		},
		Shown: []string{"name", "columns", "doc"},
		Key:   []string{"name"},
		Scope: query.ProgramScope,
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

// columnsTable declares the table of the catalogue's columns.
func columnsTable() *query.Table {
	return query.Define(query.Spec[columnEntry]{
		Doc: "A column of a table.",
		Examples: []string{
			`columns table == "sockets" | select name, type, unit, doc`,
			`columns doc contains "retrans"`,
			`columns table == "interfaces" and change == counter | select name, unit`,
		},
		Columns: []query.Column[columnEntry]{
			query.Col("table", "The table.", func(e *columnEntry) string { return e.table.Name }),
			query.Col("name", "The name of the column in queries.",
				func(e *columnEntry) string { return e.column.Name }),
			query.Col("type", "The kind of its values.",
				func(e *columnEntry) string { return e.column.Type.String() }),
			query.NonZero("unit", "What its numbers count.",
				func(e *columnEntry) string { return string(e.column.Unit) }).Explains(),
			query.Col("doc", "The meaning, and where the kernel keeps it.",
				func(e *columnEntry) string { return e.column.Doc }).Explains(),
			query.List("values", "The words that an enum or flags column takes.",
				func(e *columnEntry) []string { return wordNames(e.column.Type.Words) }),
			query.Col("shown", "Whether it is shown where a query selects nothing.",
				func(e *columnEntry) bool { return slices.Contains(e.table.Shown, e.column.Name) }),
			query.Col("key", "Whether it is part of the table's key.",
				func(e *columnEntry) bool { return slices.Contains(e.table.Key, e.column.Name) }),
			query.Col("costly", "Whether reading it takes more than the row: a walk over /proc or the like.",
				func(e *columnEntry) bool { return e.column.Costly }),
			query.Enum("change", "How the value changes while its row stays the same: by somebody's doing "+
				"(static), up and down all the time (gauge), or it counts what happens (counter), so that rate() "+
				"knows of wraps. netql diff compares static columns, and all with --counters.",
				schema.Changes(), func(e *columnEntry) string { return e.column.Change.String() }),
		},
		Shown: []string{"table", "name", "type", "unit", "doc"},
		Key:   []string{"table", "name"},
		Scope: query.ProgramScope,
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

// sliceScan is the scan of a table whose rows are in memory.
type sliceScan[T any] struct {
	from    string // where they come from, for explain
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

// wordNames are the words of a vocabulary, without aliases; none for nil.
func wordNames(words *schema.Vocabulary) (names []string) {
	if words == nil {
		return nil
	}
	for _, word := range words.Words() {
		names = append(names, word.Name)
	}
	return names
}
