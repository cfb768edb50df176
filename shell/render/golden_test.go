package render_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"netql/shell/render"
)

var update = flag.Bool("update", false, "write the golden files anew")

type content int

const (
	all    content = iota
	narrow         // the first columns
	empty          // no rows
)

// goldens are named after their file.
var goldens = []struct {
	name    string
	options render.Options
	rows    content
}{
	{"table", render.Options{Format: "table"}, all},
	{"table-20", render.Options{Format: "table", Width: 20}, narrow},
	{"table-40", render.Options{Format: "table", Width: 40}, narrow},
	{"table-80", render.Options{Format: "table", Width: 80}, narrow},
	{"table-160", render.Options{Format: "table", Width: 160}, all},
	{"table-color", render.Options{Format: "table", Width: 160, Color: true}, all},
	{"table-no-header", render.Options{Format: "table", NoHeader: true}, all},
	{"table-empty", render.Options{Format: "table", Width: 80}, empty},
	{"table-nothing", render.Options{Format: "table", NoHeader: true}, empty},
	{"plain", render.Options{Format: "plain"}, all},
	{"plain-no-header", render.Options{Format: "plain", NoHeader: true}, all},
	{"plain-empty", render.Options{Format: "plain"}, empty},
	{"json", render.Options{Format: "json"}, all},
	{"json-empty", render.Options{Format: "json"}, empty},
	{"ndjson", render.Options{Format: "ndjson"}, all},
	{"ndjson-empty", render.Options{Format: "ndjson"}, empty},
	{"csv", render.Options{Format: "csv"}, all},
	{"csv-terminal", render.Options{Format: "csv", Terminal: true}, all},
	{"csv-no-header", render.Options{Format: "csv", NoHeader: true}, all},
	{"csv-empty", render.Options{Format: "csv"}, empty},
	{"tsv", render.Options{Format: "tsv"}, all},
	{"tsv-terminal", render.Options{Format: "tsv", Terminal: true}, all},
	{"tsv-empty", render.Options{Format: "tsv"}, empty},
	{"markdown", render.Options{Format: "markdown"}, all},
	{"markdown-no-header", render.Options{Format: "markdown", NoHeader: true}, all},
	{"markdown-empty", render.Options{Format: "markdown"}, empty},
	{"html", render.Options{Format: "html"}, all},
	{"html-no-header", render.Options{Format: "html", NoHeader: true}, all},
	{"html-empty", render.Options{Format: "html"}, empty},
}

func TestGolden(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.name, func(t *testing.T) {
			columns, rows := nasty(), nastyRows()
			switch g.rows {
			case narrow:
				columns = columns[:5]
			case empty:
				rows = nil
			}
			var out bytes.Buffer
			n, err := render.Write(&out, columns, stream(rows), g.options)
			if err != nil || n != len(rows) {
				t.Fatalf("wrote %d rows of %d: %v", n, len(rows), err)
			}
			compare(t, filepath.Join("testdata", g.name+".golden"), out.Bytes())
		})
	}
}

func compare(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}
