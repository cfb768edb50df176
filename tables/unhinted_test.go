package tables_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"netql/query"
	"netql/sources"
	"netql/sources/lab"
)

// A selection is asked of a table with many conditions: the columns that it shows of the rows where one is true.
type selection struct {
	table string
	shown []string
}

// identityOf asks for what tells the rows of a table apart.
func identityOf(table *query.Table) selection { return selection{table.Name, table.Key} }

// text is the query with a condition.
func (q selection) text(condition string) string {
	return q.table + " " + condition + " | select " + strings.Join(q.shown, ", ")
}

// hinted gives the rows where a condition is true, as any query gets them.
func (q selection) hinted(t *testing.T, system *sources.System, condition string) []string {
	t.Helper()
	return lines(complete(t, system, q.text(condition)))
}

// unhinted gives the rows where each of the conditions is true, without hints. They are read once for many conditions,
// each of which is a column, where a query for each would read all rows for each. Where it differs from what hints
// give, that query decides.
func (q selection) unhinted(t *testing.T, system *sources.System, conditions []string) (answers [][]string) {
	t.Helper()
	for some := range slices.Chunk(conditions, 200) { // of the 256 columns that a select may have
		text := q.text("")
		for i, condition := range some {
			text += fmt.Sprintf(", condition_%d = (%s)", i, condition)
		}
		a, err := run(t.Context(), system, query.CompileUnhinted, text)
		if err := errors.Join(err, a.err); err != nil || len(unusual(a.warnings)) > 0 {
			t.Fatalf("%s: %v %q", text, err, a.warnings)
		}
		texts := lines(picked(a.rows, q.shown...))
		for i := range some {
			var found []string
			for n, r := range a.rows {
				if r[fmt.Sprintf("condition_%d", i)] == true {
					found = append(found, texts[n])
				}
			}
			answers = append(answers, found)
		}
	}
	return answers
}

// tried are those of the conditions on a table that are not left to .ci/long: every fifth where each query of the table
// makes all checks, or reads thousands of files. With the race detector it is every fifth of any table, as the gate
// tries all without it. A column has twelve conditions at most, so that none is always left out.
func tried(table *query.Table, conditions []string) (some []string) {
	costly := lab.RaceDetector || table.Name == "findings" || table.Name == "sysctls"
	for i, condition := range conditions {
		if long() || i%5 == 0 || !costly {
			some = append(some, condition)
		}
	}
	return some
}

// equalities are conditions on each column of a table: that it is, or is not, one of a few of the values that it has.
func equalities(columns []columnValues) (conditions []string) {
	for _, c := range columns {
		for _, value := range c.values {
			conditions = append(conditions, "`"+c.column+"` == "+value, "`"+c.column+"` != "+value)
		}
	}
	return conditions
}

// valuesOfColumns are a few values of each column of a table.
func valuesOfColumns(t *testing.T, system *sources.System, table *query.Table) (columns []columnValues) {
	t.Helper()
	rows := ask(t, system, table.Name+" | select *").rows
	for _, c := range table.Columns {
		columns = append(columns, columnValues{c.Name, someValues(c, rows)})
	}
	return columns
}
