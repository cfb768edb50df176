// Package watch shows a query's answer again and again: in place on a terminal, one sample after the other elsewhere.
package watch

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"netql/query"
	"netql/query/schema"
)

// sample is one answer.
type sample struct {
	at     time.Time
	took   time.Duration
	rows   []row
	ending bool  // the condition that ends the watch holds
	err    error // what ended the answer early
	fault  error // a panic while it was taken, with its stack
}

// row is a row's identity and what it shows.
type row struct {
	id     any
	values []any
}

// take asks once, and reads all that is shown, because a row's columns may be read only while its sample is the latest.
func take(ctx context.Context, plan *query.Plan) sample {
	s := sample{at: time.Now()}
	output := plan.Schema()
	columns, ending := output.Visible(), plan.Watch().Ending()
	count := map[any]int{}
	for record, err := range plan.Rows(ctx) {
		if err != nil {
			s.err = err
			break
		}
		ending.Add(record)
		r := row{identity(output, record), make([]any, len(columns))}
		for i, column := range columns {
			r.values[i] = column.Get(record)
		}
		count[r.id]++
		r.id = numbered{r.id, count[r.id]}
		s.rows = append(s.rows, r)
	}
	s.ending = s.err == nil && ending.Reached()
	s.took = time.Since(s.at)
	return s
}

// tryTake takes a sample beside the screen, in a goroutine whose panic would leave the terminal as it is.
func tryTake(ctx context.Context, plan *query.Plan) (s sample) {
	defer func() {
		if fault := recover(); fault != nil {
			s.fault = fmt.Errorf("%v\n\n%s", fault, debug.Stack())
		}
	}()
	return take(ctx, plan)
}

// numbered tells rows apart that have the same identity, by their order.
type numbered struct {
	id any
	n  int
}

func identity(output schema.Schema, record schema.Row) any {
	values := make([]any, len(output.Identity))
	for i, column := range output.Identity {
		values[i] = column.Get(record)
	}
	return schema.Key(values)
}
