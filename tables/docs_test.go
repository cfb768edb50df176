package tables_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/tables"
)

// TestReference: docs/tables says what the declarations say. `go test ./tables -update` writes it.
func TestReference(t *testing.T) {
	const dir = "../docs/tables"
	pages := map[string]string{}
	catalog := tables.Catalog(sources.Live())
	pages["README.md"] = indexPage(catalog.Tables)
	for _, table := range catalog.Tables {
		pages[table.Name+".md"] = tablePage(table)
	}
	if *update {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range pages {
		path := filepath.Join(dir, name)
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s is stale (%v); write it anew: go test ./tables -update", path, err)
		}
	}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if pages[file.Name()] == "" {
			t.Errorf("%s/%s is about no table; remove it", dir, file.Name())
		}
	}
}

func indexPage(all []*query.Table) string {
	var b strings.Builder
	b.WriteString("# The tables\n\n| table | one row is |\n|---|---|\n")
	for _, table := range all {
		fmt.Fprintf(&b, "| [%s](%s.md) | %s |\n", table.Name, table.Name, escape(table.Doc))
	}
	b.WriteString("\nThese pages are generated from the declarations; `tables` and `columns` are the same as queries.\n")
	return b.String()
}

func tablePage(table *query.Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n\n%s\n\n", table.Name, table.Doc)
	fmt.Fprintf(&b, "Shown where a query selects nothing: %s. A row is identified by %s.\n\n", join(table.Shown), join(table.Key))
	fmt.Fprintf(&b, "```netql\n%s\n```\n\n", strings.Join(table.Examples, "\n"))
	b.WriteString("| column | type | unit | meaning |\n|---|---|---|---|\n")
	for _, c := range table.Columns {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Name, c.Type, c.Unit, escape(meaning(c)))
	}
	b.WriteString("\nNULL means unknown, absent or not applicable.")
	if slices.ContainsFunc(table.Columns, func(c *schema.Column) bool { return c.Costly }) {
		b.WriteString(" Reading a column marked with † takes more than the row; conditions on it are tried last.")
	}
	return b.String() + "\n"
}

// meaning is the column's sentence, its words where it has a vocabulary, and its parts where it is made of records.
func meaning(c *schema.Column) string {
	text := c.Doc
	if c.Costly {
		text = "† " + text
	}
	if c.Type.Words != nil {
		var words []string
		for _, word := range c.Type.Words.Words() {
			if name := "`" + word.Name + "`"; word.Aliases != nil {
				words = append(words, name+" ("+strings.Join(word.Aliases, ", ")+")")
			} else {
				words = append(words, name)
			}
		}
		text += " Values: " + strings.Join(words, ", ") + "."
	}
	if c.Type.Elem != nil && c.Type.Elem.Fields != nil {
		var parts []string
		for _, field := range c.Type.Elem.Fields {
			parts = append(parts, field.Name)
		}
		text += " Each has " + join(parts) + "."
	}
	return text
}

func join(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

func escape(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
