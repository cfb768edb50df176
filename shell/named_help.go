package shell

import (
	"fmt"
	"strings"

	"netql/query"
	"netql/query/syntax"
	"netql/shell/render"
)

// namedList is the list of all named queries.
func namedList(catalog *query.Catalog, width int) string {
	var list []render.Choice
	for _, d := range catalog.Named.All() {
		if problem := d.Problem(); problem != nil {
			list = append(list, render.Choice{Text: d.Name.String(), Doc: "(wrong: " + problem.Error() + ")"})
			continue
		}
		list = append(list, render.Choice{Text: d.Signature(), Doc: d.Query.String()})
	}
	if len(list) == 0 {
		return "There are no named queries yet. For example:\n  alias listeners sockets state == LISTEN\n" +
			"  alias slow(limit = 5ms) = sockets rtt > $limit | top 10 by rtt\n"
	}
	return aligned(list, width)
}

// namedHelp is the help about a named query.
func namedHelp(name string, catalog *query.Catalog) string {
	d := catalog.Named.Find(name)
	if d == nil {
		return ""
	}
	file, line := d.Place()
	place := fmt.Sprintf("  in %s:%d\n", file, line)
	if d.Shared() {
		place = fmt.Sprintf("  in %s:%d, for all users\n", file, line)
	}
	if problem := d.Problem(); problem != nil {
		return d.Name.String() + "\n" + place + problem.Show("") + "\n"
	}
	text := d.Signature() + "\n"
	if d.Doc != "" {
		text += "  " + strings.Join(render.Wrapped(d.Doc, helpWidth-2), "\n  ") + "\n"
	}
	return text + place + "\n  " + d.Query.String() + "\n\n" + strings.Join(namedExamples(d), "")
}

// namedExamples are ways to ask a named query.
func namedExamples(d *syntax.Definition) (lines []string) {
	given := ""
	for _, p := range d.Parameters {
		if p.Default == nil {
			given += " " + strings.ToUpper(p.Name.Name)
		}
	}
	lines = []string{"  " + d.Name.String() + given + "\n"}
	for _, p := range d.Parameters {
		if p.Default != nil {
			return append(lines, "  "+d.Name.String()+given+" "+p.String()+" | count\n")
		}
	}
	return append(lines, "  "+d.Name.String()+given+" | count\n")
}
