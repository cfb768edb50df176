package render

import "netql/query/schema"

// separated is a format with one line for each row and a separator between fields: csv or tsv. The first line has the
// names of the columns.
type separated struct {
	comma       byte                         // the separator
	appendField func(b, field []byte) []byte // appends a field, quoted or escaped as the format wants it
	marked      func(field []byte) bool      // says whether that is needed
}

func (s separated) write(out *output, columns []*schema.Column, rows Rows, options Options) error {
	s = s.on(options)
	if !options.NoHeader {
		for i, c := range columns {
			out.buf = s.appendField(s.separate(out.buf, i), options.inSpreadsheet([]byte(c.Name), false))
		}
		out.buf = append(out.buf, '\n')
	}
	var field []byte
	return out.each(rows, func(b []byte, row schema.Row) []byte {
		empty := false
		for i, c := range columns {
			b = s.separate(b, i)
			value, start := c.Value(row), len(b)
			b = value.Append(b)
			if empty = len(b) == start; !value.Simple() && s.marked(b[start:]) {
				field = append(field[:0], b[start:]...)
				b = s.appendField(b[:start], options.inSpreadsheet(field, value.Number()))
			}
		}
		// A blank line would be no record to most readers of CSV.
		if len(columns) == 1 && empty && s.comma == ',' {
			b = append(b, `""`...)
		}
		return append(b, '\n')
	})
}

// on is the format for a terminal, or for a spreadsheet, where the options say so.
func (s separated) on(options Options) separated {
	appendField := s.appendField
	if options.Terminal {
		s.appendField = func(b, field []byte) []byte {
			return append(b, schema.Visible(string(appendField(nil, field)))...)
		}
	}
	if options.Terminal || options.CSVSafe {
		s.marked = func([]byte) bool { return true }
	}
	return s
}

// separate appends the separator before field i.
func (s separated) separate(b []byte, i int) []byte {
	if i == 0 {
		return b
	}
	return append(b, s.comma)
}
