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
		for _, c := range columns {
			out.buf = appendElement(out.buf, "th", c, c.Name)
		}
		out.buf = append(out.buf, "</tr>\n</thead>\n"...)
	}
	out.buf = append(out.buf, "<tbody>\n"...)
	err := out.each(rows, func(b []byte, row schema.Row) []byte {
		b = append(b, "<tr>"...)
		for _, c := range columns {
			b = appendElement(b, "td", c, valueForPeople(c, c.Get(row)))
		}
		return append(b, "</tr>\n"...)
	})
	out.buf = append(out.buf, "</tbody>\n</table>\n"...)
	return err
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
