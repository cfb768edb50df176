package render

import (
	"fmt"

	"netql/query/schema"
)

// The size of a bar in an HTML table, in pixels.
const (
	svgLength = 200
	svgHeight = 12
)

// svgColors are the fills of bars, by the level of their row's state.
var svgColors = [...]string{
	schema.Plain: "steelblue", schema.Good: "seagreen", schema.Busy: "goldenrod", schema.Bad: "firebrick",
}

// writeHTMLBars writes a table element with a cell of bars, as an SVG image, in each row. There is no script, style
// sheet or link in it.
func writeHTMLBars(_ Format, out *output, columns []*schema.Column, rows Rows, options Options) error {
	chart, lines, failure := readChart(out, columns, rows, options, func(row schema.Row) []byte {
		return appendValues(nil, columns, row, options)
	})
	out.buf = append(out.buf, "<table>\n"...)
	if !options.NoHeader {
		out.buf = appendNames(append(out.buf, "<thead>\n<tr>"...), columns, options)
		out.buf = appendNames(out.buf, chart.shares(), options)
		out.buf = append(out.buf, "<th></th></tr>\n</thead>\n"...)
	}
	out.buf = append(out.buf, "<tbody>\n"...)
	for i, line := range lines {
		out.buf = append(append(out.buf, "<tr>"...), line...)
		for number, c := range chart.shares() {
			out.buf = appendElement(out.buf, "td", c, chart.share(i, number))
		}
		out.buf = append(chart.appendSVG(append(out.buf, "<td>"...), i), "</td></tr>\n"...)
	}
	out.buf = append(out.buf, "</tbody>\n</table>\n"...)
	return failure
}

// readChart reads all rows, each as its values as text and its bars.
func readChart(
	out *output, columns []*schema.Column, rows Rows, options Options, text func(schema.Row) []byte,
) (c *chart, lines [][]byte, failure error) {
	c = &chart{Bars: *options.Bars}
	failure = out.read(rows, func(row schema.Row) (whole bool) {
		line, before := text(row), len(c.rows)
		c.add(columns, func(column *schema.Column) any { return column.Get(row) })
		if out.ended() {
			c.rows = c.rows[:before]
			return false
		}
		lines = append(lines, line)
		options.keep(c.rowSize() + cap(line))
		return true
	})
	c.settle()
	return c, lines, failure
}

// appendSVG appends the bars of a row as an image; those of two numbers grow away from its middle.
func (c *chart) appendSVG(b []byte, row int) []byte {
	middle := svgLength * (len(c.Numbers) - 1)
	b = fmt.Appendf(b, `<svg width="%d" height="%d" role="img">`, middle+svgLength, svgHeight)
	for i := range c.Numbers {
		length := c.length(row, i) * svgLength
		if length <= 0 {
			continue
		}
		length = max(1, length)
		start := float64(middle)
		if i < len(c.Numbers)-1 {
			start -= length
		}
		b = fmt.Appendf(b, `<rect x="%.1f" width="%.1f" height="%d" fill="%s"/>`, start, length, svgHeight,
			svgColors[c.rows[row].level])
	}
	if middle > 0 {
		b = fmt.Appendf(b, `<rect x="%d" width="1" height="%d" fill="gray"/>`, middle, svgHeight)
	}
	return append(b, "</svg>"...)
}
