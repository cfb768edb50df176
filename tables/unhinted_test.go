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
// give, that query decides. Conditions that ask for rows of their own (asksForMore) are columns of a query with such a
// condition: rows that hints lose would not be among those of a query without.
func (q selection) unhinted(t *testing.T, system *sources.System, conditions []string) (answers [][]string) {
	t.Helper()
	answers = make([][]string, len(conditions))
	more := map[bool][]int{}
	for i, condition := range conditions {
		asks := q.asksForMore(condition)
		more[asks] = append(more[asks], i)
	}
	for asks, places := range more {
		text := q.text("")
		if asks {
			column := asksForMore[q.table][0]
			text = q.text(fmt.Sprintf("(`%s` == nil or `%s` != nil)", column, column))
		}
		for some := range slices.Chunk(places, 200) { // of the 256 columns that a select may have
			q.columns(t, system, text, conditions, some, answers)
		}
	}
	return answers
}

// asksForMore are columns of tables with rows that are there only for a query with a condition on one of the columns
// (query.Request.Tested).
var asksForMore = map[string][]string{
	"findings": {"check"}, "limits": {"name", "subject", "used", "limit", "share"}, "routes": {"dst"},
}

func (q selection) asksForMore(condition string) bool {
	return slices.ContainsFunc(asksForMore[q.table], func(column string) bool {
		return strings.Contains(condition, "`"+column+"`")
	})
}

// columns asks a query with conditions, given by their places, as columns, and puts the rows where each is true into
// the answers.
func (q selection) columns(t *testing.T, system *sources.System, text string, conditions []string, places []int,
	answers [][]string) {
	t.Helper()
	for _, i := range places {
		text += fmt.Sprintf(", condition_%d = (%s)", i, conditions[i])
	}
	a, err := run(t.Context(), system, query.CompileUnhinted, text)
	if err := errors.Join(err, a.err); err != nil || len(unusual(a.warnings)) > 0 {
		t.Fatalf("%s: %v %q", text, err, a.warnings)
	}
	texts := lines(picked(a.rows, q.shown...))
	for _, i := range places {
		for n, r := range a.rows {
			if r[fmt.Sprintf("condition_%d", i)] == true {
				answers[i] = append(answers[i], texts[n])
			}
		}
	}
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
