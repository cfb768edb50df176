package shell

import (
	"bytes"
	goflag "flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"netql/query"
	"netql/query/schema"
	"netql/shell/render"
	"netql/sources"
	"netql/tables"
)

var update = goflag.Bool("update", false, "write what is compared anew: testdata/defaults, testdata/netstat_lines.txt")

// TestDefaults: what a table shows where a query selects nothing, in windows of 80 and 120 columns, is what its file in
// testdata/defaults says. The file has the query, made-up rows, NAME=VALUE for each value, and after them what is
// shown. No address is cut.
func TestDefaults(t *testing.T) {
	files, err := filepath.Glob("testdata/defaults/*.txtar")
	if err != nil || len(files) < 8 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { compareDefaults(t, path) })
	}
	for _, table := range tables.Catalog().Tables() {
		file := "testdata/defaults/" + table.Name + ".txtar"
		if showsAddress(table) && !slices.Contains(files, file) {
			t.Errorf("shell/%s is missing: write %q and a few made-up rows with long IPv6 addresses, and let "+
				"go test ./shell -run TestDefaults -update add what they look like", file, table.Name)
		}
	}
}

// showsAddress says whether a table shows an address where a query selects nothing.
func showsAddress(table *query.Table) bool {
	return slices.ContainsFunc(table.Shown, func(name string) bool {
		column, ok := table.Column(name)
		return ok && isAddress(column.Type.Kind)
	})
}

// isAddress says whether values are addresses, which must never be cut.
func isAddress(kind schema.Kind) bool {
	return kind == schema.Address || kind == schema.Prefix || kind == schema.Endpoint || kind == schema.MAC
}

func compareDefaults(t *testing.T, path string) {
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text, rest, _ := strings.Cut(string(archive.Comment), "\n")
	plan, err := query.Compile(text, tables.Catalog(), tables.Ask(sources.Live()))
	if err != nil {
		t.Fatal(err)
	}
	rows := madeUpRows(t, plan, rest)
	for _, width := range []int{80, 120} {
		got := drawn(t, plan, rows, width)
		checkWhole(t, plan, rows, got, width)
		name := strconv.Itoa(width) + " columns"
		i := slices.IndexFunc(archive.Files, func(f txtar.File) bool { return f.Name == name })
		switch {
		case *update && i < 0:
			archive.Files = append(archive.Files, txtar.File{Name: name, Data: got})
		case *update:
			archive.Files[i].Data = got
		case i < 0 || !bytes.Equal(archive.Files[i].Data, got):
			t.Errorf("not what %s has (go test ./shell -run TestDefaults -update writes it):\n%s", path, got)
		}
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// madeUpRow is the values of a row by column.
type madeUpRow map[string]any

// madeUpRows reads a row a line.
func madeUpRows(t *testing.T, plan *query.Plan, text string) (rows []*madeUpRow) {
	t.Helper()
	for line := range strings.Lines(text) {
		row := madeUpRow{}
		for _, field := range strings.Fields(line) {
			name, value, _ := strings.Cut(field, "=")
			column, ok := plan.Schema().Column(name)
			if !ok {
				t.Fatalf("no column is called %q", name)
			}
			if column.Prose { // whose words have blanks between them
				value = strings.ReplaceAll(value, "_", " ")
			}
			parsed, err := madeUpValue(column.Type, value)
			if err != nil {
				t.Fatalf("%s: %v", field, err)
			}
			row[name] = parsed
		}
		rows = append(rows, &row)
	}
	return rows
}

// madeUpValue is the value of a type that the text is.
func madeUpValue(typ schema.Type, text string) (any, error) {
	switch typ.Kind {
	case schema.Bool:
		return strconv.ParseBool(text)
	case schema.Int, schema.Port:
		return strconv.Atoi(text)
	case schema.Float:
		return strconv.ParseFloat(text, 64)
	case schema.Duration:
		return time.ParseDuration(text)
	case schema.Time:
		return time.Parse("2006-01-02T15:04:05.000", text)
	case schema.Address:
		return netip.ParseAddr(text)
	case schema.Prefix:
		return netip.ParsePrefix(text)
	case schema.Endpoint:
		return netip.ParseAddrPort(text)
	case schema.MAC:
		mac, ok := schema.ParseHardwareAddr(text)
		if !ok {
			return nil, fmt.Errorf("no link-layer address")
		}
		return mac, nil
	case schema.Flags:
		return strings.Split(text, ","), nil
	case schema.List:
		var list []any
		for _, element := range strings.Split(text, ",") {
			value, err := madeUpValue(*typ.Elem, element)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	}
	return text, nil
}

// drawn is how the default columns of a plan look with these rows.
func drawn(t *testing.T, plan *query.Plan, rows []*madeUpRow, width int) []byte {
	t.Helper()
	var columns []*schema.Column
	for _, original := range plan.Schema().Visible() {
		column := *original
		column.Value = schema.Boxing(func(r schema.Row) any { return (*r.(*madeUpRow))[column.Name] })
		columns = append(columns, &column)
	}
	stream := func(yield func(schema.Row, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
	var out bytes.Buffer
	options := render.Options{Format: "table", Width: width, Live: plan.Follows(), Spare: plan.Schema().Spare,
		Quiet: plan.Schema().Quiet}
	if _, err := render.Write(t.Context(), &out, columns, stream, options); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// checkWhole: no line is wider than the window, and each address that is shown at all is shown whole.
func checkWhole(t *testing.T, plan *query.Plan, rows []*madeUpRow, got []byte, width int) {
	t.Helper()
	for line := range strings.Lines(string(got)) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > width && !strings.HasPrefix(line, "not shown") {
			t.Errorf("a line of %d columns in a window of %d: %s", n, width, line)
		}
	}
	for _, c := range plan.Schema().Visible() {
		if !isAddress(c.Type.Kind) {
			continue
		}
		for _, row := range rows {
			text := schema.Format((*row)[c.Name])
			if (*row)[c.Name] != nil && !slices.Contains(strings.Fields(string(got)), text) &&
				!strings.Contains(hiddenColumns(got), c.Name) {
				t.Errorf("%s is not shown whole in %d columns: %s", c.Name, width, text)
			}
		}
	}
}

// hiddenColumns is the line that says which columns are left out.
func hiddenColumns(got []byte) string {
	_, told, _ := strings.Cut(string(got), "not shown: ")
	return told
}
