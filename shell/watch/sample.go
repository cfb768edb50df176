// Package watch runs the stage watch: it takes samples of a query, and shows them in place on a terminal, or writes one
// after the other elsewhere.
package watch

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"netql/query"
	"netql/query/schema"
)

// sample is one answer of the query.
type sample struct {
	at     time.Time     // when it was begun
	took   time.Duration // how long it took
	rows   []row
	ending bool  // the condition that ends the watch holds
	err    error // what ended the answer early; nil for a whole one
	fault  error // a panic while it was taken, with its stack; nil for none
}

// row is the identity of a row, and the values of its visible columns.
type row struct {
	id     any // comparable; different for each row of a sample; nil where samples are not compared
	values []any
}

// take runs the plan once, and reads all visible values: a row's columns may be read only until the plan runs again.
// Identities, of which many rows take more memory than their values, are nil where nobody compares the sample.
func take(ctx context.Context, plan *query.Plan, ids identities) sample {
	s := sample{at: time.Now()}
	output := plan.Schema()
	columns, ending := output.Visible(), plan.Watch().Ending()
	keep := plan.Keeping("the samples of watch")
	for record, err := range plan.Rows(ctx) {
		if err != nil {
			s.err = err
			break
		}
		ending.Add(record)
		r := row{ids.of(output, record), make([]any, len(columns))}
		for i, column := range columns {
			r.values[i] = column.Get(record)
		}
		keep(r.size())
		s.rows = append(s.rows, r)
	}
	s.ending = s.err == nil && ending.Reached()
	s.took = time.Since(s.at)
	return s
}

// size is about how many bytes the row takes, and where it has an identity those of the sample before it and of the
// lines that are made of both, too.
func (r row) size() int {
	const itself, perValue = 48, 16
	size := itself
	for _, value := range r.values {
		size += perValue + schema.Held(value)
	}
	if r.id != nil {
		const kept, identity = 3, 200
		return kept*size + identity
	}
	return size
}

// failure is the line that tells of the sample while the watch goes on.
func (s sample) failure() string {
	if s.unanswered() {
		return s.err.Error()
	}
	return "error: " + s.err.Error() + ": " + s.unfinished()
}

// unanswered says that no host has answered the sample, and that the watch goes on without it.
func (s sample) unanswered() bool {
	_, is := errors.AsType[*query.Unanswered](s.err)
	return is
}

// tryTake takes a sample, and makes a panic a fault of it: it runs in a goroutine, where a panic would end the program
// without giving the terminal back.
func tryTake(ctx context.Context, plan *query.Plan) (s sample) {
	defer func() {
		if fault := recover(); fault != nil {
			s.fault = fmt.Errorf("%v\n\n%s", fault, debug.Stack())
		}
	}()
	return take(ctx, plan, identities{})
}

// numbered is the identity of one of several rows that have the same: its number among them, from 1.
type numbered struct {
	id any
	n  int
}

// identities tell the rows of one sample apart: how many there were so far of each identity.
type identities map[any]int

// of is the identity of the next row; nil for nil.
func (i identities) of(output schema.Schema, record schema.Row) any {
	if i == nil {
		return nil
	}
	id := identity(output, record)
	i[id]++
	return numbered{id, i[id]}
}

// identity is the values of the columns that identify a row between samples, as one comparable value.
func identity(output schema.Schema, record schema.Row) any {
	values := make([]any, len(output.Identity))
	for i, column := range output.Identity {
		values[i] = column.Get(record)
	}
	return schema.Key(values)
}
