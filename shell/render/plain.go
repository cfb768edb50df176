package render

import (
	"strings"
	"time"

	"netql/query/schema"
)

// writePlain writes aligned columns for pipes. Numbers are in base units and exact, as in csv. Columns are two blanks
// or more apart and a value has never two blanks in a row, so `awk -F '  +'` always finds its columns, and plain awk
// does where no value has a blank. NULL is a dash, the empty text two quotes; invisible characters are escaped.
//
// The first rows decide the widths. A later value that is wider moves the rest of its line; nothing is ever cut.
func writePlain(out *output, columns []*schema.Column, rows Rows, options Options) error {
	g := &grid{columns: columns, cellOf: plainCell}
	g.appendValues = g.appendPlain
	return g.write(out, rows, func(b []byte, first [][]cell) []byte {
		options.Color = false
		g.measure(append([][]cell{g.names(options)}, first...))
		if header := g.header(options); header != nil {
			b = g.appendLine(b, header)
		}
		for _, line := range first {
			b = g.appendLine(b, line)
		}
		return b
	})
}

func plainCell(c *schema.Column, v any) cell {
	if t, ok := v.(time.Time); ok && c.Millis {
		return cell{text: t.Format(rfc3339Millis)}
	}
	return cell{text: cellText(exact(v))}
}

// rfc3339Millis is RFC 3339 with milliseconds, without the blank of the formats for people, which divides columns in
// awk.
const rfc3339Millis = "2006-01-02T15:04:05.000Z07:00"

// exact is a value as the formats for programs write it, but NULL is a dash, and lists are without JSON's quotes.
func exact(v any) string {
	switch v := v.(type) {
	case nil:
		return null
	case []string:
		return schema.Elements(v, strings.Clone)
	case []any:
		return schema.Elements(v, exact)
	}
	return schema.Format(v)
}

// appendPlain appends a row as appendLine appends its cells, without making a text of each.
func (g *grid) appendPlain(b []byte, row schema.Row) []byte {
	for i, c := range g.columns {
		if i > 0 {
			b = append(b, gap...)
		}
		start := len(b)
		var wide int
		b, wide = appendPlainValue(b, c, c.Value(row))
		padding := g.widths[i] - wide
		if rightAligned(c) {
			b = indent(b, start, padding)
		} else if i < len(g.columns)-1 {
			b = appendBlanks(b, padding)
		}
	}
	return append(b, '\n')
}

// appendPlainValue appends the text of plainCell, and says how wide it is.
func appendPlainValue(b []byte, c *schema.Column, v schema.Scalar) (text []byte, wide int) {
	switch {
	case v.IsNull():
		return append(b, null...), len(null)
	case v.Simple():
		start := len(b)
		b = v.Append(b)
		return b, len(b) - start
	}
	shown, ok := v.Text()
	if ok {
		shown = cellText(shown)
	} else {
		shown = plainCell(c, v.Any()).text
	}
	return append(b, shown...), width(shown)
}

// indent puts blanks before what stands behind start.
func indent(b []byte, start, blanks int) []byte {
	if blanks <= 0 {
		return b
	}
	end := len(b)
	b = appendBlanks(b, blanks)
	copy(b[start+blanks:], b[start:end])
	for i := range blanks {
		b[start+i] = ' '
	}
	return b
}
