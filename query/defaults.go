package query

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// ShowByDefault has a table, and unions that are made of it later, show these columns where a query chooses none,
// instead of those that it declares. Each shows those that it has: host is a column of some unions alone. It is called
// before any query is compiled.
func (t *Table) ShowByDefault(columns []string) {
	var shown []string
	for _, name := range columns {
		if c, ok := t.Column(name); ok && !slices.Contains(shown, c.Name) {
			shown = append(shown, c.Name)
		}
	}
	t.chosen = columns
	if t.chosenByUser = len(shown) > 0; t.chosenByUser {
		t.Shown = shown
	}
}

// showChosen has a union's table show what the user has chosen for the table of one member. A column that tells
// members apart stands in front, unless it was chosen, too.
func (t *Table) showChosen(columns []string) {
	named := func(column string) bool { return strings.EqualFold(column, t.member) }
	if t.member != "" && !slices.ContainsFunc(columns, named) {
		columns = prepend(t.member, columns)
	}
	t.ShowByDefault(columns)
}

// Column finds a column by its name, in any case.
func (t *Table) Column(name string) (*schema.Column, bool) {
	return expression.FindColumn(t.schema(), name)
}

// ColumnNames are the names of all columns.
func (t *Table) ColumnNames() []string { return t.schema().Names() }

// shownByUser are lines of explain for columns that are shown because the user's settings say so; none where the query
// chooses them, or the table has others for events.
func (p *Plan) shownByUser() (lines []string) {
	if p.Schema().Chosen {
		return nil
	}
	var tables []*Table
	if !p.follow || len(p.table.EventsShown) == 0 {
		tables = append(tables, p.table)
	}
	for _, op := range p.operators {
		if j, ok := op.(*joinOp); ok {
			tables = append(tables, j.table)
		}
	}
	for _, t := range tables {
		if t.chosenByUser {
			lines = append(lines, "  shows "+strings.Join(t.Shown, ", ")+": set for "+t.Name)
		}
	}
	return lines
}

// ParseInterval reads the interval of a watch, as a query spells it.
func ParseInterval(text string) (time.Duration, error) {
	tokens, wrong := syntax.Scan(text)
	if wrong == nil && len(tokens) == 1 {
		if d, ok := tokens[0].Value.(time.Duration); ok && d >= minInterval {
			return d, nil
		}
	}
	return 0, fmt.Errorf("it is a duration of at least %s, such as 500ms or 2s", durationText(minInterval))
}
