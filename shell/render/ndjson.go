package render

import "netql/query/schema"

// writeNDJSON writes one object a line, keys in the order of the columns.
func writeNDJSON(out *output, columns []*schema.Column, rows Rows, _ Options) error {
	appendObject := objects(columns)
	return out.each(rows, func(b []byte, row schema.Row) []byte { return append(appendObject(b, row), '\n') })
}
