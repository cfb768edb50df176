package query

import "netql/query/schema"

// cancellable hands rows on until the run has ended, which it asks before each row and after the last. Then the last
// item is the error that has ended it, which is nil before.
func cancellable(rows Rows, ended func() error) Rows {
	return func(yield func(schema.Row, error) bool) {
		for row, err := range rows {
			if err == nil {
				err = ended()
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := ended(); err != nil {
			yield(nil, err)
		}
	}
}
