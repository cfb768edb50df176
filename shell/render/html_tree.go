package render

import (
	"html"

	"netql/query/schema"
)

// writeHTMLTree writes a graph as lists inside of lists, with what is told of an edge in brackets behind the node to
// which it leads.
func writeHTMLTree(_ Format, out *output, columns []*schema.Column, rows Rows, options Options) error {
	g := newGraph(columns, options)
	failure := g.read(out, rows)
	out.buf = append(out.buf, "<ul>\n"...)
	depth := 0
	for i, line := range newTree(g).lines {
		for ; depth > len(line.last); depth-- {
			out.buf = append(out.buf, "</li>\n</ul>\n"...)
		}
		switch {
		case len(line.last) > depth:
			out.buf = append(out.buf, "\n<ul>\n"...)
			depth++
		case i > 0:
			out.buf = append(out.buf, "</li>\n"...)
		}
		text := g.label(line.node, options)
		for _, edge := range line.edges {
			if told := g.told(g.edges[edge], options); told != "" {
				text += " (" + told + ")"
			}
		}
		out.buf = append(append(out.buf, "<li>"...), html.EscapeString(text+shownElsewhere[line.shown])...)
	}
	for ; depth > 0; depth-- {
		out.buf = append(out.buf, "</li>\n</ul>\n"...)
	}
	if len(g.edges) > 0 {
		out.buf = append(out.buf, "</li>\n"...)
	}
	out.buf = append(out.buf, "</ul>\n"...)
	return failure
}
