package tables_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/query/schema"
	"netql/tables"
)

// docsDir holds the reference, a file for each table and an index.
const docsDir = "../docs/tables"

const generated = "<!-- Written by `go test ./tables -update` from the declarations in tables/. Change those. -->\n\n"

// kindDoc says what the values of a type are, and how a query spells them.
type kindDoc struct {
	kind         schema.Kind
	is, literals string
}

// kinds explains the types of columns, in the order of the index.
var kinds = []kindDoc{
	{schema.Int, "A whole number. One with a unit takes literals of that unit; a bare number is in it.",
		"`5` `64KiB` `10k`"},
	{schema.Float, "A number.", "`0.8`"},
	{schema.Duration, "A time span. Machine formats give seconds.", "`5ms` `1.5s` `1h30m`"},
	{schema.Time, "A moment.", ""},
	{schema.Bool, "A yes or no.", "`true` `false`"},
	{schema.Text, "Text as it was found: any bytes, a process's name for one.", "`\"nginx\"` `'nginx'`"},
	{schema.Enum, "One word of a list. Case does not matter, nor does the choice between - and _.",
		"`LISTEN` `time-wait`"},
	{schema.Flags, "Some words of a list.", "`UP`"},
	{schema.Port, "A transport port, which a name of /etc/services may stand for.", "`22` `ssh`"},
	{schema.Address, "An IP address, with a zone where it is link-local. v4-mapped ones are IPv4 addresses.",
		"`10.0.0.1` `fe80::1%eth0`; `10.0.0.0/8` to be in"},
	{schema.Prefix, "A range of IP addresses.", "`10.0.0.0/8`"},
	{schema.Endpoint, "An address and a port.", ""},
	{schema.MAC, "A link-layer address.", "`aa:bb:cc:dd:ee:ff`"},
	{schema.List, "Several values. `any(owners, .process == \"nginx\")` asks whether one of them is so.", ""},
}

// TestDocs compares the reference with the declarations, and with -update writes it.
func TestDocs(t *testing.T) {
	catalog := tables.Catalog()
	pages := map[string]string{"README.md": index(catalog)}
	for _, table := range catalog.Tables() {
		pages[table.Name+".md"] = page(table)
	}
	if *update {
		writePages(t, pages)
	}
	for name, want := range pages {
		got, err := os.ReadFile(filepath.Join(docsDir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			t.Errorf("docs/tables/%s is missing: run go test ./tables -update", name)
		case err != nil:
			t.Error(err)
		case string(got) != want:
			t.Errorf("docs/tables/%s is not what the tables say: run go test ./tables -update", name)
		}
	}
	files, err := os.ReadDir(docsDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, ok := pages[file.Name()]; !ok {
			t.Errorf("docs/tables/%s is about no table: delete it", file.Name())
		}
	}
}

func writePages(t *testing.T, pages map[string]string) {
	t.Helper()
	if err := os.MkdirAll(docsDir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(docsDir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// index is the list of tables, and what holds for all of them.
func index(catalog *query.Catalog) string {
	var b strings.Builder
	b.WriteString(generated + "# Tables\n\nThe same is in the program: `tables` lists the tables, " +
		"`columns table == \"sockets\"` the columns of one.\n\n| table | one row is | columns |\n|---|---|---:|\n")
	for _, table := range catalog.Tables() {
		fmt.Fprintf(&b, "| [%s](%s.md) | %s | %d |\n", table.Name, table.Name, escape(table.Doc), len(table.Columns))
	}
	b.WriteString("\n## Types\n\nAny value may be NULL: what the kernel does not tell is NULL, and never 0. " +
		"A comparison with NULL is false, `!=` is true, and `== nil` asks for it.\n\n| type | a value is | in a " +
		"query |\n|---|---|---|\n")
	for _, k := range kinds {
		if used(catalog, k.kind) {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", k.kind, escape(k.is), escape(k.literals))
		}
	}
	return b.String()
}

func used(catalog *query.Catalog, kind schema.Kind) bool {
	return slices.ContainsFunc(catalog.Tables(), func(t *query.Table) bool {
		return slices.ContainsFunc(t.Columns, func(c *schema.Column) bool { return c.Type.Kind == kind })
	})
}

// appendices are what the pages of some tables have besides, at their ends.
var appendices = map[string]func() string{"proto_stats": counterReference}

// page is the reference of one table.
func page(table *query.Table) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s# %s\n\n%s\n\n", generated, table.Name, table.Doc)
	fmt.Fprintf(&b, "- Shown where a query selects nothing: %s.\n- A row is identified by: %s.\n", names(table.Shown),
		names(table.Key))
	if slices.ContainsFunc(table.Columns, func(c *schema.Column) bool { return c.Costly }) {
		b.WriteString("- Columns marked ⏱ take more than reading the row, such as a walk over /proc; they are read " +
			"last, and only if asked for.\n")
	}
	if slices.ContainsFunc(table.Columns, func(c *schema.Column) bool { return c.Alarm }) {
		b.WriteString("- Columns marked ⚠ hint at trouble when they are above 0.\n")
	}
	b.WriteString(changeLegend(table))
	if table.Follows() {
		fmt.Fprintf(&b, "- It can be followed: `%s | follow`. %s\n", table.Name, table.Events)
	}
	b.WriteString("\n```netql\n" + strings.Join(table.Examples, "\n") +
		"\n```\n\n## Columns\n\n| column | type | unit | meaning |\n|---|---|---|---|\n")
	for _, c := range table.Columns {
		fmt.Fprintf(&b, "| `%s`%s | %s | %s | %s |\n", c.Name, marks(c), typeCell(c), c.Unit, escape(c.Doc))
	}
	if words := vocabularies(table); words != "" {
		b.WriteString("\n## Values\n" + words)
	}
	if appendix, ok := appendices[table.Name]; ok {
		b.WriteString(appendix())
	}
	return b.String()
}

func marks(c *schema.Column) (text string) {
	if c.Costly {
		text += " ⏱"
	}
	if c.Alarm {
		text += " ⚠"
	}
	return text + changeMarks[c.Change]
}

// changeMarks mark columns that are not static.
var changeMarks = map[schema.Change]string{schema.Counter: " ↑", schema.Gauge: " ↕"}

// changeLegend explains those that the table has.
func changeLegend(table *query.Table) string {
	has := func(change schema.Change) bool {
		return slices.ContainsFunc(table.Columns, func(c *schema.Column) bool { return c.Change == change })
	}
	var parts []string
	if has(schema.Counter) {
		parts = append(parts, "↑ count what happens, and only grow until they wrap or start again: `rate()` and "+
			"`delta()` know that")
	}
	if has(schema.Gauge) {
		parts = append(parts, "↕ go up and down all the time")
	}
	if len(parts) == 0 {
		return ""
	}
	return "- Columns marked " + strings.Join(parts, "; those marked ") + "; the others change by somebody's doing.\n"
}

// typeCell leads to the words of an enum, and tells the parts of a record.
func typeCell(c *schema.Column) string {
	if c.Type.Words != nil {
		return fmt.Sprintf("[%s](#%s)", c.Type, c.Name)
	}
	if c.Type.Elem == nil || c.Type.Elem.Kind != schema.Object {
		return c.Type.String()
	}
	var parts []string
	for _, f := range c.Type.Elem.Fields {
		parts = append(parts, f.Name+" "+f.Type.String())
	}
	return "list of {" + strings.Join(parts, ", ") + "}"
}

// vocabularies are the words of the table's enums and flags, in the order in which they sort.
func vocabularies(table *query.Table) string {
	var b strings.Builder
	for _, c := range table.Columns {
		if c.Type.Words == nil {
			continue
		}
		fmt.Fprintf(&b, "\n### %s\n\n", c.Name)
		for _, word := range c.Type.Words.Words() {
			fmt.Fprintf(&b, "- `%s`", word.Name)
			if len(word.Aliases) > 0 {
				b.WriteString(", also " + names(word.Aliases))
			}
			b.WriteString("\n")
		}
		if c.Type.Words.Open() {
			b.WriteString("\nThere may be others, which a query writes in quotes.\n")
		}
	}
	return b.String()
}

func names(list []string) string { return "`" + strings.Join(list, "`, `") + "`" }

// escape makes text fit a cell.
func escape(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

// TestKinds: every type of a column is explained.
func TestKinds(t *testing.T) {
	for _, table := range tables.Catalog().Tables() {
		for _, c := range table.Columns {
			if !slices.ContainsFunc(kinds, func(k kindDoc) bool { return k.kind == c.Type.Kind }) {
				t.Errorf("%s.%s: the index does not explain %s", table.Name, c.Name, c.Type)
			}
		}
	}
}
