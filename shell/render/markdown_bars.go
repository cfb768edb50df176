package render

import "netql/query/schema"

// markdownBar is how many characters the longest bar in Markdown has.
const markdownBar = 20

// writeMarkdownBars writes a table with a column of bars for each number that is drawn. A bar is a code span, whose
// characters are of one width. That of the first of two numbers is aligned to the right, so that they grow away from
// each other.
func writeMarkdownBars(_ Format, out *output, columns []*schema.Column, rows Rows, options Options) error {
	chart, lines, failure := readChart(out, columns, rows, options, func(row schema.Row) []byte {
		return appendMarkdownValues(nil, columns, row, options)
	})
	if !options.NoHeader {
		all := append(columns[:len(columns):len(columns)], chart.shares()...)
		for i := range chart.Numbers {
			kind := schema.Text
			if i < len(chart.Numbers)-1 {
				kind = schema.Float // to the right
			}
			all = append(all, &schema.Column{Type: schema.Of(kind)})
		}
		out.buf = appendMarkdownNames(out.buf, all, options)
	}
	for i, line := range lines {
		out.buf = append(out.buf, line...)
		for number := range chart.shares() {
			out.buf = append(append(append(out.buf, "| "...), chart.share(i, number)...), ' ')
		}
		for number := range chart.Numbers {
			out.buf = append(out.buf, "| "...)
			if length := chart.length(i, number); length > 0 {
				out.buf = append(append(append(out.buf, '`'), blockBar(length, markdownBar)...), "` "...)
			}
		}
		out.buf = append(out.buf, "|\n"...)
	}
	return failure
}
