package shell

import (
	"context"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
)

// What a person waits for after Tab, and how many rows and different values are enough to choose from.
const (
	tabPatience = 300 * time.Millisecond
	tabRows     = 1000
	tabValues   = 100
)

// values reads the different values of a query's only column, as many as can be had in a moment: a getter that takes
// its time, such as that of a process, is left behind when the moment is over.
func (s *session) values(text string) []any {
	if s.release != nil {
		return nil // a getter that is left behind must not outlive what is let go
	}
	plan, err := query.Compile(text, s.catalog, s.state())
	if err != nil || plan.Follows() || plan.Watch() != nil {
		return nil
	}
	column := plan.Schema().Visible()[0]
	if column.Comparing || column.Costly && !isOwn(plan.Table(), column) {
		return nil // a second sample, or a name server
	}
	ctx, cancel := context.WithTimeout(context.Background(), tabPatience)
	defer cancel()
	found := make(chan any, tabValues+1)
	go distinctValues(ctx, plan, column, found)
	var values []any
	for {
		select {
		case value, more := <-found:
			if !more {
				return values
			}
			if fault, ok := value.(fault); ok {
				panic(fault.reason)
			}
			values = append(values, value)
		case <-ctx.Done():
			return values
		}
	}
}

func isOwn(table *query.Table, column *schema.Column) bool {
	return slices.ContainsFunc(table.Columns, func(c *schema.Column) bool { return c.Name == column.Name && c.Costly })
}

// fault is why reading values panicked, for the goroutine that waits for them.
type fault struct{ reason any }

// distinctValues sends each value once, and closes the channel when there will be no more. A panic ends it, too: while
// a line is typed the terminal is not as it was.
func distinctValues(ctx context.Context, plan *query.Plan, column *schema.Column, found chan<- any) {
	defer func() {
		if reason := recover(); reason != nil {
			found <- fault{reason} // there is room for it
		}
		close(found)
	}()
	seen := map[any]bool{}
	rows := 0
	for row, err := range plan.Rows(ctx) {
		if rows++; err != nil || rows > tabRows || len(seen) == tabValues {
			return
		}
		value := column.Get(row)
		if key := schema.Key(value); value != nil && !seen[key] {
			seen[key] = true
			found <- value // there is room for all of them
		}
	}
}
