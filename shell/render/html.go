package render

import (
	"html"

	"netql/query/schema"
)

// writeHTML writes a table element and nothing around it, with values for people.
func writeHTML(out *output, columns []*schema.Column, rows Rows, options Options) error {
	out.buf = append(out.buf, "<table>\n"...)
	if !options.NoHeader {
		out.buf = append(out.buf, "<thead>\n<tr>"...)
		out.buf = appendNames(out.buf, columns, options)
		out.buf = append(out.buf, "</tr>\n</thead>\n"...)
	}
	out.buf = append(out.buf, "<tbody>\n"...)
	err := out.each(rows, func(b []byte, row schema.Row) []byte {
		return append(appendValues(append(b, "<tr>"...), columns, row, options), "</tr>\n"...)
	})
	out.buf = append(out.buf, "</tbody>\n</table>\n"...)
	return err
}

func appendNames(b []byte, columns []*schema.Column, options Options) []byte {
	for _, c := range columns {
		b = appendElement(b, "th", c, options.label(c))
	}
	return b
}

func appendValues(b []byte, columns []*schema.Column, row schema.Row, options Options) []byte {
	for _, c := range columns {
		b = appendElement(b, "td", c, options.people(c, c.Get(row)))
	}
	return b
}

func appendElement(b []byte, element string, c *schema.Column, text string) []byte {
	b = append(append(b, '<'), element...)
	if rightAligned(c) {
		b = append(b, ` style="text-align: right"`...)
	}
	b = append(b, '>')
	b = append(b, html.EscapeString(schema.Visible(text))...)
	return append(append(append(b, "</"...), element...), '>')
}
