package query

import (
	"context"

	"netql/query/schema"
)

// breakable hands rows on until they are to end, for which it looks before each one and behind the last. Then the last
// item is what ended the context.
func breakable(ctx context.Context, rows Rows, ended func() bool) Rows {
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
