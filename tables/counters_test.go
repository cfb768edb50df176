package tables_test

import (
	"fmt"
	"strings"
	"testing"

	"netql/query/schema"
	"netql/tables"
)

// counterReference is the part of the reference that explains every known counter.
func counterReference() string {
	var b strings.Builder
	b.WriteString("\n## Counters\n\nThese are known; any other that the kernel has is in the table too, with what is " +
		"not known NULL. Growth of those marked ⚠ hints at trouble.\n")
	for _, g := range tables.KnownCounters() {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n| counter | topic | kind | unit | MIB | meaning "+
			"|\n|---|---|---|---|---|---|\n", strings.Join(g.Protos, ", "), g.About)
		for _, c := range g.Counters {
			mark := ""
			if c.Trouble {
				mark = " ⚠"
			}
			fmt.Fprintf(&b, "| `%s`%s | %s | %s | %s | %s | %s |\n", c.Name, mark, c.Topic, c.Kind, c.Unit, c.MIB,
				escape(c.Doc))
		}
	}
	return b.String()
}

// TestKnownCounters: what is said about counters is said once, in sentences, with words that the table has; and each
// protocol of the table has an explanation.
func TestKnownCounters(t *testing.T) {
	table, _ := tables.Catalog().Table("proto_stats")
	words := map[string]*schema.Vocabulary{}
	for _, c := range table.Columns {
		words[c.Name] = c.Type.Words
	}
	explained := map[string]bool{}
	for _, g := range tables.KnownCounters() {
		checkDoc(t, g.About, g.About)
		names := map[string]bool{}
		for _, c := range g.Counters {
			what := g.Protos[0] + " " + c.Name
			if names[c.Name] {
				t.Errorf("%s: twice", what)
			}
			names[c.Name] = true
			checkDoc(t, what, c.Doc)
			if _, ok := words["topic"].Find(c.Topic); !ok {
				t.Errorf("%s: topic %q", what, c.Topic)
			}
			if c.Unit == "" && c.Kind != "setting" && what != "synproxy entries" {
				t.Errorf("%s: no unit", what)
			}
		}
		for _, proto := range g.Protos {
			if _, ok := words["proto"].Find(proto); !ok || explained[proto] {
				t.Errorf("%s: no protocol of the table, or explained twice", proto)
			}
			explained[proto] = true
		}
	}
	for _, word := range words["proto"].Words() {
		if !explained[word.Name] {
			t.Errorf("%s: not explained", word.Name)
		}
	}
}
