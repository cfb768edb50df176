package query

import "netql/query/schema"

// appendKey appends the keys of the columns' values, which are the same for equal values only. Maps are indexed by
// such bytes as a string.
func appendKey(b []byte, columns []*schema.Column, row schema.Row) []byte {
	for _, column := range columns {
		b = column.Value(row).AppendKey(b)
	}
	return b
}

// perIndexed is about how many bytes such a map takes for a key, beside the key's own, with the room that there is for
// more.
const perIndexed = 64
