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

// golden is written into the file of its name.
type golden struct {
	name    string
	options render.Options
	rows    content
}

// goldens are those that some formats have beside the two that each has.
var goldens = []golden{
	{"table-20", render.Options{Format: "table", Width: 20}, narrow},
	{"table-40", render.Options{Format: "table", Width: 40}, narrow},
	{"table-80", render.Options{Format: "table", Width: 80}, narrow},
	{"table-160", render.Options{Format: "table", Width: 160}, all},
	{"table-color", render.Options{Format: "table", Width: 160, Color: true}, all},
	{"table-no-header", render.Options{Format: "table", NoHeader: true}, all},
	{"table-empty-80", render.Options{Format: "table", Width: 80}, empty},
	{"table-nothing", render.Options{Format: "table", NoHeader: true}, empty},
	{"plain-no-header", render.Options{Format: "plain", NoHeader: true}, all},
	{"csv-terminal", render.Options{Format: "csv", Terminal: true}, all},
	{"csv-no-header", render.Options{Format: "csv", NoHeader: true}, all},
	{"tsv-terminal", render.Options{Format: "tsv", Terminal: true}, all},
	{"markdown-no-header", render.Options{Format: "markdown", NoHeader: true}, all},
	{"html-no-header", render.Options{Format: "html", NoHeader: true}, all},
}

// TestGolden: every format writes what its golden file holds, of all rows and of none.
func TestGolden(t *testing.T) {
	tests := goldens
	for _, f := range render.Formats {
		options := render.Options{Format: f.Name}
		tests = append(tests, golden{f.Name, options, all}, golden{f.Name + "-empty", options, empty})
	}
	for _, g := range tests {
		t.Run(g.name, func(t *testing.T) {
			columns, rows := nasty(), nastyRows()
			switch g.rows {
			case narrow:
				columns = columns[:5]
			case empty:
				rows = nil
			}
			var out bytes.Buffer
			n, err := render.Write(t.Context(), &out, columns, stream(rows), g.options)
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
		t.Fatalf("%v: go test ./shell/render -update writes it", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("not what %s has (go test ./shell/render -update writes it): got:\n%s\nwant:\n%s", path, got, want)
	}
}
