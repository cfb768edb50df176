package ss

import (
	"fmt"
	"strings"
)

// Usage is the text of --help: the options, and the filters in short.
func Usage() string {
	var b strings.Builder
	b.WriteString(
		`ss's options and filters. Each line becomes a query, or some, which --explain shows. netql's own long flags
(--format, --explain, --capture and so on) go with them.

  ss [OPTIONS] [FILTER]

`)
	for _, o := range Options() {
		if o.Becomes != "" {
			fmt.Fprintf(&b, "  %-34s %s\n", o.usage(), o.Doc)
		}
	}
	b.WriteString("\nwhat is not for netql:\n")
	for _, o := range Options() {
		if o.Instead != "" {
			fmt.Fprintf(&b, "  %-34s %s\n", o.usage(), o.Instead)
		}
	}
	fmt.Fprintf(&b, `
FILTER: state STATE, exclude STATE, then conditions, between which and or or may stand
  STATE                              %s
`, strings.Join(stateNames(), ", "))
	for _, w := range testWords() {
		if example := examples[w.word]; example != "" {
			fmt.Fprintf(&b, "  %-34s %s\n", example, w.doc)
		}
	}
	return b.String()
}
