package tables

import (
	"slices"

	"netql/query"
	"netql/query/schema"
)

// change marks the fields whose values change by themselves. It gives the fields back.
func change[T any](fields []query.Field[T], how schema.Change, names ...string) []query.Field[T] {
	for i := range fields {
		if slices.Contains(names, fields[i].Name) {
			fields[i].Change = how
		}
	}
	return fields
}
