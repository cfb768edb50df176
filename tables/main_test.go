package tables_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/lab"
	"netql/tables"
)

var update = flag.Bool("update", false, "write the documentation and the plans as they are now")

func TestMain(m *testing.M) {
	lab.Role()
	if text, ok := os.LookupEnv(readerEnv); ok {
		os.Exit(readAsUser(text))
	}
	if text, ok := os.LookupEnv(elsewhereEnv); ok {
		os.Exit(answerElsewhere(text))
	}
	os.Exit(lab.Main(m))
}

// row is one row of an answer: values by column.
type row map[string]any

// answer is what a query gave.
type answer struct {
	columns  []*schema.Column
	rows     []row
	warnings []string
	err      error
}

// compiler is query.Compile or query.CompileUnhinted.
type compiler func(string, *query.Catalog, query.State) (*query.Plan, error)

// run runs a query to its end, and reads every column that it shows.
func run(ctx context.Context, system *sources.System, compile compiler, text string) (answer, error) {
	plan, err := compile(text, tables.Catalog(), tables.Ask(system))
	if err != nil {
		return answer{}, fmt.Errorf("%s: %w", text, err)
	}
	a := answer{columns: plan.Schema().Visible()}
	for record, err := range plan.Rows(ctx) {
		if a.err = err; err != nil {
			break
		}
		values := row{}
		for _, column := range a.columns {
			values[column.Name] = column.Get(record)
		}
		a.rows = append(a.rows, values)
	}
	a.warnings = plan.Warnings()
	return a, nil
}

// takeUnreadable makes the error that nothing could be read the first of the warnings, for tests of what is said. That
// it is an error is TestUnreadable's.
func (a *answer) takeUnreadable() {
	if _, ok := errors.AsType[*tables.Unreadable](a.err); ok {
		a.warnings, a.err = append([]string{a.err.Error()}, a.warnings...), nil
	}
}

// ask runs a query that must not fail; it may warn, or say that nothing could be read.
func ask(t testing.TB, system *sources.System, text string) answer {
	t.Helper()
	a, err := run(t.Context(), system, query.Compile, text)
	a.takeUnreadable()
	if err := errors.Join(err, a.err); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return a
}

// live asks the running kernel, and must get the whole answer.
func live(t testing.TB, text string) []row {
	t.Helper()
	return complete(t, sources.Live(), text)
}

// complete asks a system, and must get the whole answer.
func complete(t testing.TB, system *sources.System, text string) []row {
	t.Helper()
	a := ask(t, system, text)
	if warnings := unusual(a.warnings); len(warnings) > 0 {
		t.Errorf("%s: warnings %q", text, warnings)
	}
	return a.rows
}

// unusual leaves out what is warned about wherever the tests are not run by root of the machine.
func unusual(warnings []string) []string {
	return slices.DeleteFunc(slices.Clone(warnings), func(warning string) bool {
		return strings.HasSuffix(warning, "only root may read /proc/slabinfo")
	})
}

// everySocket is a query for all rows and columns of sockets, the bound but idle ones too.
const everySocket = "sockets state != BOUND_INACTIVE or state == BOUND_INACTIVE | select *"

// lines are the rows as text, a line for each, with the columns in the order of their names.
func lines(rows []row) []string {
	var texts []string
	for _, r := range rows {
		var cells []string
		for _, name := range slices.Sorted(maps.Keys(r)) {
			cells = append(cells, name+"="+cell(r[name]))
		}
		texts = append(texts, strings.Join(cells, " "))
	}
	return texts
}

// cell is a value as text; NULL is a dash.
func cell(value any) string {
	if value == nil {
		return "-"
	}
	return schema.Format(value)
}

// same compares two lists, in any order, and tells what only one of them has.
func same(t testing.TB, what string, got, want []string) {
	t.Helper()
	for _, line := range missing(want, got) {
		t.Errorf("%s: missing  %s", what, line)
	}
	for _, line := range missing(got, want) {
		t.Errorf("%s: too many %s", what, line)
	}
}

// missing are the lines of a that b does not have as often.
func missing(a, b []string) (lost []string) {
	count := map[string]int{}
	for _, line := range b {
		count[line]++
	}
	for _, line := range a {
		if count[line]--; count[line] < 0 {
			lost = append(lost, line)
		}
	}
	return lost
}
