package tables_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/capture"
	"netql/sources/lab"
	"netql/tables"
)

// recorded is the running kernel in a file: the system that recorded it, which answers from what it has seen, and the
// one that reads the file.
func recorded(t testing.TB) (recording, captured *sources.System) {
	t.Helper()
	recorder := record(t)
	return recorder.System(), reopened(t, recorder)
}

// record reads all that the running kernel says.
func record(t testing.TB) *capture.Recorder {
	t.Helper()
	recorder := capture.NewRecorder(t.Context(), sources.Live())
	warnings, failures, err := query.Exhaust(t.Context(), tables.Catalog(), tables.Ask(recorder.System()))
	if err != nil || len(failures) > 0 || len(unusual(warnings)) > 0 {
		t.Fatalf("%v, failures %v, warnings %q", err, failures, warnings)
	}
	return recorder
}

// reopened is what has been recorded, by way of a file.
func reopened(t testing.TB, recorder *capture.Recorder) *sources.System {
	t.Helper()
	path := filepath.Join(t.TempDir(), "capture")
	if _, err := recorder.Save(t.Context(), path, recorder.Manifest("test", nil)); err != nil {
		t.Fatal(err)
	}
	c, err := capture.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return c.System()
}

// TestCaptured compares what the kernel says of every table with what a capture says. What changes meanwhile, as
// processes do, is left out: the kernel is asked before and after.
func TestCaptured(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		var before []string
		texts := map[string]string{}
		for _, table := range tables.Catalog().Listing() {
			text := table.Name + " | select " + strings.Join(still(table), ", ")
			if table.Name == "sockets" {
				text = "sockets state != BOUND_INACTIVE or state == BOUND_INACTIVE | select " +
					strings.Join(still(table), ", ")
			}
			texts[table.Name] = text
			before = append(before, prefixed(table.Name, complete(t, sources.Live(), text))...)
		}
		recording, captured := recorded(t)
		for name, text := range texts {
			after := prefixed(name, complete(t, sources.Live(), text))
			got := prefixed(name, complete(t, captured, text))
			for _, line := range missing(after, got) {
				if slices.Contains(before, line) && !tableOf(t, name).Waits { // a capture has one sample
					t.Errorf("the capture lacks %s", line)
				}
			}
			if n := len(got); n < len(after)*9/10 && !tableOf(t, name).Waits {
				t.Errorf("%s: %d rows, and the kernel has %d", name, n, len(after))
			}
			everything := strings.Replace(text, "select "+strings.Join(still(tableOf(t, name)), ", "), "select *", 1)
			same(t, name, lines(complete(t, captured, everything)), lines(complete(t, recording, everything)))
		}
	})
}

func tableOf(t *testing.T, name string) *query.Table {
	t.Helper()
	table, ok := tables.Catalog().Table(name)
	if !ok {
		t.Fatalf("no table %s", name)
	}
	return table
}

// still are the columns of a table that do not change by themselves.
func still(table *query.Table) []string {
	var columns []string
	for _, c := range table.Columns {
		if c.Change == schema.Static {
			columns = append(columns, "`"+c.Name+"`")
		}
	}
	return columns
}

func prefixed(name string, rows []row) []string {
	texts := lines(rows)
	for i, line := range texts {
		texts[i] = name + ": " + line
	}
	return texts
}

// TestCapturedExamples: every example gives on a capture what it gave where the capture was made.
func TestCapturedExamples(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		recording, captured := recorded(t)
		for _, table := range tables.Catalog().Listing() {
			for _, example := range table.Examples {
				got, want := lines(complete(t, captured, example)), lines(complete(t, recording, example))
				if !slices.Equal(got, want) {
					t.Errorf("%s: the capture says\n%s\nand the kernel\n%s", example, strings.Join(got, "\n"),
						strings.Join(want, "\n"))
				}
			}
		}
	})
}

// TestCapturedHints: a query that asks for less than what was recorded gets the recorded answer, and the same rows.
func TestCapturedHints(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		_, captured := recorded(t)
		pair := func(text string) {
			if got, plain := compareHints(t, captured, text); !slices.Equal(got, plain) {
				t.Errorf("%s: with hints\n%s\nwithout\n%s", text, strings.Join(got, "\n"), strings.Join(plain, "\n"))
			}
		}
		agree := func(asked selection, condition string, plain []string) {
			if !slices.Equal(asked.hinted(t, captured, condition), plain) {
				pair(asked.text(condition))
			}
		}
		for i, plain := range handAsked.unhinted(t, captured, handWritten) {
			agree(handAsked, handWritten[i], plain)
		}
		for _, stages := range handWrittenStages {
			pair("sockets " + stages)
		}
		for _, table := range tables.Catalog().Listing() {
			conditions := tried(table, equalities(valuesOfColumns(t, captured, table)))
			asked := identityOf(table)
			for i, plain := range asked.unhinted(t, captured, conditions) {
				agree(asked, conditions[i], plain)
			}
		}
	})
}

// TestRedacted: a redacted capture has every row of every table, and all that is no address, name or path.
func TestRedacted(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		recorder := record(t)
		plain := reopened(t, recorder)
		if err := recorder.Redact(); err != nil {
			t.Fatal(err)
		}
		redacted := reopened(t, recorder)
		for _, table := range tables.Catalog().Listing() {
			text := table.Name + " | select *"
			want, got := complete(t, plain, text), redactedRows(t, redacted, text)
			if len(got) != len(want) {
				t.Errorf("%s: %d rows, and %d before", table.Name, len(got), len(want))
				continue
			}
			for _, c := range table.Columns {
				for i := range want {
					if (got[i][c.Name] == nil) != (want[i][c.Name] == nil) {
						t.Errorf("%s.%s: %s becomes %s", table.Name, c.Name, cell(want[i][c.Name]),
							cell(got[i][c.Name]))
						break
					}
					if unchanged[c.Type.Kind] && cell(got[i][c.Name]) != cell(want[i][c.Name]) {
						t.Errorf("%s.%s: %s becomes %s", table.Name, c.Name, cell(want[i][c.Name]),
							cell(got[i][c.Name]))
						break
					}
				}
			}
		}
	})
}

// redactedRows is complete, and says what a redacted capture lacks.
func redactedRows(t testing.TB, system *sources.System, text string) []row {
	t.Helper()
	a, err := run(t.Context(), system, query.Compile, text)
	if err := errors.Join(err, a.err); err != nil {
		a.warnings = append(a.warnings, err.Error())
	}
	for _, warning := range unusual(a.warnings) {
		where := "describe it beside its parser, as a netlink.MessageKind"
		if strings.Contains(warning, "no rule for this file") {
			where = "add it to fileRules in sources/capture/redactfiles.go"
		}
		t.Errorf("%s: %s: %s", text, warning, where)
	}
	return a.rows
}

// unchanged are the kinds of values that have no pseudonyms.
var unchanged = map[schema.Kind]bool{
	schema.Bool: true, schema.Int: true, schema.Float: true, schema.Port: true, schema.Enum: true, schema.Flags: true,
	schema.Duration: true, schema.Time: true,
}
