package render

import "netql/query/schema"

// writeJSON writes one array of objects, one row a line, keys in the order of the columns.
func writeJSON(out *output, columns []*schema.Column, rows Rows, _ Options) error {
	appendObject := objects(columns)
	out.buf = append(out.buf, '[')
	err := out.each(rows, func(b []byte, row schema.Row) []byte {
		if out.rows > 0 {
			b = append(b, ',')
		}
		return appendObject(append(b, '\n'), row)
	})
	if out.rows > 0 {
		out.buf = append(out.buf, '\n')
	}
	out.buf = append(out.buf, "]\n"...)
	return err
}

// objects is the function that appends a row as an object, with the keys encoded once. Strings are safe for a terminal:
// schema escapes every invisible character.
func objects(columns []*schema.Column) func(b []byte, row schema.Row) []byte {
	keys := make([][]byte, len(columns))
	for i, c := range columns {
		if i > 0 {
			keys[i] = []byte{','}
		}
		keys[i] = append(schema.AppendJSONString(keys[i], c.Name), ':')
	}
	return func(b []byte, row schema.Row) []byte {
		b = append(b, '{')
		for i, c := range columns {
			b = append(b, keys[i]...)
			b = c.Value(row).AppendJSON(b)
		}
		return append(b, '}')
	}
}
