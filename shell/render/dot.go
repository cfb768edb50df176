package render

import (
	"fmt"
	"strings"

	"netql/query/schema"
)

// writeDOT writes a graph in the language of Graphviz. Nodes have names of our own, and what they are called is their
// label: inside quotes only the quote and the backslash mean something, and & begins a character of HTML.
func writeDOT(out *output, columns []*schema.Column, rows Rows, options Options) error {
	g := newGraph(columns, options)
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;")
	out.buf = append(out.buf, "digraph netql {\n    rankdir=LR;\n    node [shape=box];\n"...)
	failure := g.each(out, rows,
		func(b []byte, node int) []byte {
			return fmt.Appendf(b, "    n%d [label=\"%s\"];\n", node, quote.Replace(g.label(node, options)))
		},
		func(b []byte, e graphEdge) []byte {
			told := quote.Replace(g.told(e, options))
			return fmt.Appendf(b, "    n%d -> n%d [label=\"%s\"];\n", e.from, e.to, told)
		})
	out.buf = append(out.buf, "}\n"...)
	return failure
}
