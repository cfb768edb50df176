package render

import "netql/query/schema"

// separated is a format with one line for each row and a separator between fields: csv or tsv. The first line has the
// names of the columns.
type separated struct {
	comma       byte                         // the separator
	appendField func(b, field []byte) []byte // appends a field, quoted or escaped as the format wants it
}

func (s separated) write(out *output, columns []*schema.Column, rows Rows, options Options) error {
	appendField := s.appendField
	if options.Terminal {
		appendField = func(b, field []byte) []byte {
			return append(b, schema.Visible(string(s.appendField(nil, field)))...)
		}
	}
	if !options.NoHeader {
		for i, c := range columns {
			out.buf = appendField(s.separate(out.buf, i), options.inSpreadsheet([]byte(c.Name), c.Name))
		}
		out.buf = append(out.buf, '\n')
	}
	var field []byte
	return out.each(rows, func(b []byte, row schema.Row) []byte {
		for i, c := range columns {
			value := c.Get(row)
			field = options.inSpreadsheet(schema.Append(field[:0], value), value)
			b = appendField(s.separate(b, i), field)
		}
		// A blank line would be no record to most readers of CSV.
		if len(columns) == 1 && len(field) == 0 && s.comma == ',' {
			b = append(b, `""`...)
		}
		return append(b, '\n')
	})
}

// separate appends the separator before field i.
func (s separated) separate(b []byte, i int) []byte {
	if i == 0 {
		return b
	}
	return append(b, s.comma)
}
