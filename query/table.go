// Package query is the language and its engine: it compiles text to a plan, and a plan pulls rows from a table. It
// knows no concrete table and no source.
package query

import (
	"context"
	"fmt"
	"iter"

	"netql/query/expression"
	"netql/query/schema"
)

// Rows is a stream of rows. An error is its last item. Breaking out of the range closes the source.
type Rows = iter.Seq2[schema.Row, error]

// Predicate is what a query says about single columns; see expression.Predicate.
type Predicate = expression.Predicate

// Set is a set of column names.
type Set map[string]bool

// Has says whether any of the columns is in the set.
func (s Set) Has(columns ...string) bool {
	for _, column := range columns {
		if s[column] {
			return true
		}
	}
	return false
}

// add puts columns into the set, and gives it back.
func (s Set) add(columns ...string) Set {
	for _, column := range columns {
		s[column] = true
	}
	return s
}

// Request says what a query needs of a table. Columns and Where are hints, with which a scan may save work: it need not
// fill columns that are not read, and may leave out rows that do not satisfy the predicate. The engine filters again.
// Named and Tested are no hints: by them a table may say that some of its rows are there only for a query that asks for
// them.
type Request struct {
	Columns Set
	Where   Predicate
	Named   Set                  // those of Spec.Named that the query's text names
	Tested  Set                  // those that its conditions are about
	Warn    func(message string) // tells that the answer is partial, and why; never nil
	State   State                // of the query
	Catalog *Catalog             // that the table is of
	Needs   uint32               // what the columns need of the source, as Column.Needs says it

	// Questions are what a table is asked that lists nothing (Spec.AskedBy). They are no hint either.
	Questions []Question

	transient func() bool // as of Reuse; nil is no
}

// Scan is a planned reading of a table. String tells, for explain, how it reads. An error is the last item of Rows.
type Scan[T any] interface {
	fmt.Stringer
	Rows(context.Context) iter.Seq2[*T, error]
}

// Constants is a Scan that knows of some columns, from how it reads, that all of its rows have the same value. A
// condition on these alone is not tested on each row.
type Constants interface {
	// Constant is the value of a column in every row, as the column boxes it; false where rows may differ.
	Constant(column string) (any, bool)
}

// Spec declares a table of records T. It reads like the table's documentation, which is generated from it. Its name is
// in the catalogue.
type Spec[T any] struct {
	Doc      string
	Examples []string // queries that answer a sensible question; the tests run every one
	Columns  []Column[T]
	Shown    []string // the default columns, in order
	Spare    []string // those of Shown that a narrow window goes without, the first of them first
	Quiet    []string // those of Shown that a person sees only where a row has another value than 0 in them
	Key      []string // the columns that identify a row between two samples
	Scope    Scope    // of what the rows are the same
	Waits    bool     // a scan takes two samples, and waits between them
	Derived  bool     // the rows follow from those of other tables, which is where a change of them is told

	// AskedBy are the columns by which the source is asked, where it answers questions and lists nothing. Each question
	// has the first of them, by a condition (==, in) or by a join; the others may be left out. nil for a table that
	// lists its rows.
	AskedBy []string

	// Named are the columns that a query has to name to be given what the scan leaves out otherwise. Whether it names
	// others the scan is not told (Request.Named).
	Named []string

	// Block is how many records a scan allocates at a time, where who keeps one keeps those beside it (sources/slab); 0
	// is one.
	Block int

	Own func(State, *T) bool // says of a row that it is there because netql asks; nil where none is
	// Accompanies says of a row that it comes and goes with a row of another table, which is where a difference tells
	// that; nil where none does.
	Accompanies func(*T) bool
	Scan        func(Request) Scan[T]
	Events      string                  // what Follow tells, and what it does not: a sentence
	Follow      func(Request) Follow[T] // nil where the kernel tells no events of the rows
	// EventsShown are the default columns of events, behind time and event, and EventsSpare those of them that a narrow
	// window goes without; nil for Shown and Spare.
	EventsShown, EventsSpare []string
}

// Scope says within what the rows of a table are the same, whoever asks.
type Scope int

// The scopes, the narrowest first.
const (
	NamespaceScope Scope = iota // a network namespace
	MachineScope                // a machine: the same in all of its network namespaces
	ProgramScope                // netql itself: the same on all machines
)

// Table is a declared table whose record type is erased.
type Table struct {
	Name, Doc string
	Events    string // what happens to its rows that is told; "" where nothing is
	Examples  []string
	Columns   []*schema.Column
	Shown     []string
	Spare     []string // of Shown; as in Spec, and so are Quiet and those of events
	Quiet     []string
	Key       []string
	Scope     Scope // as in Spec
	Derived   bool  // as in Spec
	Waits     bool  // as in Spec
	AskedBy   []string
	Named     []string // as in Spec

	EventsShown, EventsSpare []string

	chosen       []string // by the user, to be shown; nil for none. Some may be columns of unions alone
	chosenByUser bool     // Shown is some of chosen
	member       string   // of a union: the column that tells its members apart
	// answers are those of hosts that are its rows; nil for any other table.
	answers *answers

	own func(State, schema.Row) bool // of any row: false for those that are not the table's

	accompanies func(schema.Row) bool // likewise

	size   func(schema.Row) int // how many bytes a row takes
	block  int                  // as in Spec
	weight func() weight        // of its rows, where these are kept by who makes them; nil where each takes its size
	scan   func(Request) source
	follow func(Request) source // nil where there are no events
}

// Follows says whether the table has events.
func (t *Table) Follows() bool { return t.follow != nil }

// source is a Scan whose record type is erased.
type source struct {
	fmt.Stringer
	rows      func(context.Context) Rows
	constants Constants // nil where none is known
	members   *members  // whose rows they are; nil where they are of one system
}

// Define erases the record type, so that columns and scan cannot disagree on it.
func Define[T any](s Spec[T]) *Table {
	t := &Table{
		Doc: s.Doc, Events: s.Events, Examples: s.Examples, Columns: Erase(s.Columns), Shown: s.Shown, Spare: s.Spare,
		Quiet: s.Quiet, Key: s.Key, Scope: s.Scope, Derived: s.Derived, Waits: s.Waits, EventsShown: s.EventsShown,
		EventsSpare: s.EventsSpare, AskedBy: s.AskedBy, Named: s.Named, size: recordSize[T](), block: s.Block,
	}
	t.scan = func(request Request) source {
		request.Needs = needed(s.Columns, request.Columns)
		scan := s.Scan(request)
		constants, _ := scan.(Constants)
		return source{Stringer: scan, constants: constants,
			rows: func(ctx context.Context) Rows { return erase(scan.Rows(ctx)) }}
	}
	t.own = func(state State, row schema.Row) bool {
		record, ok := row.(*T)
		return ok && s.Own != nil && s.Own(state, record)
	}
	t.accompanies = func(row schema.Row) bool {
		record, ok := row.(*T)
		return ok && s.Accompanies != nil && s.Accompanies(record)
	}
	if s.Follow != nil {
		t.follow = func(request Request) source {
			follow := s.Follow(request)
			return source{Stringer: follow,
				rows: func(ctx context.Context) Rows { return eraseEvents(follow.Events(ctx)) }}
		}
	}
	return t
}

func erase[T any](records iter.Seq2[*T, error]) Rows {
	return func(yield func(schema.Row, error) bool) {
		for record, err := range records {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(record, nil) {
				return
			}
		}
	}
}
