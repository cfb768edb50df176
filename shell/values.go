package shell

import (
	"context"
	"fmt"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
)

// Limits of what completion reads.
const (
	tabPatience = 300 * time.Millisecond // how long a person waits after Tab
	tabRows     = 1000                   // how many rows are read
	tabValues   = tabRows                // how many different values are offered
)

// values reads the different values of a query's only column, within the limits. A getter that takes longer, such as
// that of a process, is left to run in its goroutine.
func (s *session) values(text string) (values []any, note string) {
	if s.remote != nil && s.namesHosts(text) {
		for _, name := range s.remote.Names() {
			values = append(values, name)
		}
		return values, ""
	}
	if s.release != nil {
		// a getter that is left to run must not outlive what releaseAnswer closes, and hosts are far
		return nil, tooSlow
	}
	plan, err := query.Compile(text, s.catalog, s.state())
	if err != nil || plan.Follows() || plan.Watch() != nil {
		return nil, ""
	}
	column := plan.Schema().Visible()[0]
	if column.Comparing || column.Costly && !isTableColumn(plan.Table(), column) {
		return nil, tooSlow // it needs a second sample, or calls a slow function such as host()
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.tabPatience)
	defer cancel()
	found := make(chan any, tabValues+1)
	go distinctValues(ctx, plan, column, found)
	for {
		select {
		case value, more := <-found:
			if !more {
				return values, note
			}
			if fault, ok := value.(fault); ok {
				panic(fault.reason)
			}
			if _, ok := value.(moreRows); ok {
				note = fmt.Sprintf("(of the first %d rows)", tabRows)
				continue
			}
			values = append(values, value)
		case <-ctx.Done():
			return values, tooSlow
		}
	}
}

// namesHosts says whether the only column of a query over hosts has the names of these.
func (s *session) namesHosts(text string) bool {
	plan, err := s.plan(text)
	if err != nil {
		return false
	}
	column := plan.Schema().Visible()[0]
	return column.Name == "host" && column.Type.Kind == schema.Text
}

// tooSlow is the note about values that could not be read in a moment, or not all of them.
const tooSlow = "(too slow here)"

// moreRows is sent instead of a value where rows were left out.
type moreRows struct{}

// isTableColumn says whether a costly column is one of the table's own, and not an expression of the query.
func isTableColumn(table *query.Table, column *schema.Column) bool {
	return slices.ContainsFunc(table.Columns, func(c *schema.Column) bool { return c.Name == column.Name && c.Costly })
}

// fault carries a panic of distinctValues to the goroutine that waits for values, which gives the terminal back.
type fault struct{ reason any }

// distinctValues sends each value once, or a fault, and closes the channel.
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
		if rows++; rows > tabRows && err == nil {
			found <- moreRows{}
			return
		}
		if err != nil {
			return
		}
		value := column.Get(row)
		if key := schema.Key(value); value != nil && !seen[key] {
			seen[key] = true
			found <- value // there is room for all of them
		}
	}
}
