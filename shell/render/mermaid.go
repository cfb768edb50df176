package render

import (
	"fmt"
	"strings"
	"unicode"

	"netql/query/schema"
)

// writeMermaid writes a graph as a flowchart of Mermaid.
func writeMermaid(out *output, columns []*schema.Column, rows Rows, options Options) error {
	g := newGraph(columns, options)
	out.buf = append(out.buf, "flowchart LR\n"...)
	return g.each(out, rows,
		func(b []byte, node int) []byte {
			return fmt.Appendf(b, "    n%d[\"%s\"]\n", node, mermaidText(g.label(node, options)))
		},
		func(b []byte, e graphEdge) []byte {
			told := mermaidText(g.told(e, options))
			if told == "" { // an empty text is none in Mermaid
				return fmt.Appendf(b, "    n%d --> n%d\n", e.from, e.to)
			}
			return fmt.Appendf(b, "    n%d -->|\"%s\"| n%d\n", e.from, told, e.to)
		})
}

// mermaidText is a text for between quotes. What could be markup of Mermaid, Markdown or HTML is written by its number,
// as #34; for a quote; so are points and the like before a blank, which would begin a list.
func mermaidText(text string) string {
	var b strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		inside := i+1 < len(runes) && runes[i+1] != ' '
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), strings.ContainsRune(" :/,@", r),
			strings.ContainsRune(".-_", r) && inside:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}

// writeMarkdownGraph writes a code block that GitHub and the like draw.
func writeMarkdownGraph(_ Format, out *output, columns []*schema.Column, rows Rows, options Options) error {
	out.buf = append(out.buf, "```mermaid\n"...)
	failure := writeMermaid(out, columns, rows, options)
	out.buf = append(out.buf, "```\n"...)
	return failure
}
