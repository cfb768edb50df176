package query

import (
	"context"

	"netql/query/schema"
)

// cancellable hands rows on until the run has ended, which it asks before each row and after the last. Then the last
// item is the error that ended the context.
func cancellable(ctx context.Context, rows Rows, ended func() bool) Rows {
	return func(yield func(schema.Row, error) bool) {
		for row, err := range rows {
			if err == nil && ended() {
				err = context.Cause(ctx)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if ended() {
			yield(nil, context.Cause(ctx))
		}
	}
}
