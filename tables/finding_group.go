package tables

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"netql/query"
	"netql/query/schema"
)

// checkGroup is some checks that look at the same rows: one query, whose columns say of each row what each check finds.
type checkGroup struct {
	from    string
	checks  []*check
	sampled bool // its checks compare two samples
	late    bool // it is read when the second samples are
	plan    *query.Plan
	columns []checkColumns // one for each check
}

// groupChecks puts checks that look at the same rows together, in the order of the first of each.
func groupChecks(all []*check) (groups []*checkGroup) {
	for _, c := range all {
		i := slices.IndexFunc(groups, func(g *checkGroup) bool { return g.from == c.from })
		if i < 0 {
			i = len(groups)
			groups = append(groups, &checkGroup{from: c.from})
		}
		groups[i].checks = append(groups[i].checks, c)
		groups[i].sampled = groups[i].sampled || c.samples()
		groups[i].late = groups[i].late || c.late
	}
	return groups
}

// compile makes the plan. twice says that there can be two samples; a plan that compares them watches then, so that
// each reading of it takes one.
func (g *checkGroup) compile(catalog *query.Catalog, state query.State, twice bool) (err error) {
	g.sampled = g.sampled && twice
	items := &itemList{}
	places := make([]checkPlaces, len(g.checks))
	for i, c := range g.checks {
		places[i] = items.of(c, twice)
	}
	text := withSamples(g.from, twice) + " | select " + strings.Join(items.texts, ", ")
	if g.sampled {
		text += " | watch"
	}
	if g.plan, err = query.Compile(text, catalog, state); err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	columns := g.plan.Schema().Visible()
	for i := range places {
		g.columns = append(g.columns, places[i].in(columns))
	}
	return nil
}

// findings reads the rows once and says what the checks find in them.
func (g *checkGroup) findings(ctx context.Context) (found []*finding, err error) {
	for row, err := range g.plan.Rows(ctx) {
		if err != nil {
			return found, err
		}
		for i, c := range g.checks {
			if holds, _ := g.columns[i].found.Get(row).(bool); holds {
				found = append(found, g.columns[i].finding(c, row, g.sampled || !c.samples()))
			}
		}
	}
	return found, nil
}

// itemList are the items of a select, which get names of their own.
type itemList struct{ texts []string }

// add adds an expression and gives its place; -1 for none.
func (l *itemList) add(expression string) int {
	if expression == "" {
		return -1
	}
	place := len(l.texts)
	l.texts = append(l.texts, fmt.Sprintf("finding_%d = (%s)", place, expression))
	return place
}

// of adds the expressions of a check.
func (l *itemList) of(c *check, twice bool) (p checkPlaces) {
	text := func(expression string) int { return l.add(withSamples(expression, twice)) }
	severity := c.severity
	if len(c.severities()) == 1 {
		severity = `"` + severity + `"`
	}
	p.found, p.severity, p.subject = text(c.condition(twice)), text(severity), text(c.subject)
	p.value, p.limit = text(c.value), text(c.limit)
	p.sentence, p.sentenceAt = parseTemplate(c.sentence), len(l.texts)
	for _, place := range p.sentence.places {
		text(place)
	}
	p.advice, p.adviceAt = parseTemplate(c.advice), len(l.texts)
	for _, place := range p.advice.places {
		text(place)
	}
	return p
}

// checkPlaces are the places of a check's expressions in a select; -1 for one that it lacks.
type checkPlaces struct {
	found, severity, subject, value, limit int
	sentence, advice                       template
	sentenceAt, adviceAt                   int // the first place of each template
}

// in are the columns at these places.
func (p *checkPlaces) in(columns []*schema.Column) checkColumns {
	at := func(place int) *schema.Column {
		if place < 0 {
			return nil
		}
		return columns[place]
	}
	return checkColumns{
		found: at(p.found), severity: at(p.severity), subject: at(p.subject), value: at(p.value), limit: at(p.limit),
		sentence: p.sentence, advice: p.advice,
		ofSentence: columns[p.sentenceAt:][:len(p.sentence.places)],
		ofAdvice:   columns[p.adviceAt:][:len(p.advice.places)],
	}
}

// checkColumns are the columns of a group's query that are a check's.
type checkColumns struct {
	found, severity, subject *schema.Column
	value, limit             *schema.Column // nil where the check has none
	sentence, advice         template
	ofSentence, ofAdvice     []*schema.Column
}

// finding is what a check says of a row.
func (own *checkColumns) finding(c *check, row schema.Row, twice bool) *finding {
	severity, _ := own.severity.Get(row).(string)
	if !twice { // nobody knows when it was
		severity = noticeWord
	}
	return &finding{
		check: c, severity: severity, subject: schema.Format(own.subject.Get(row)),
		value: measured(own.value, row), limit: measured(own.limit, row),
		sentence: own.sentence.with(own.ofSentence, row), advice: own.advice.with(own.ofAdvice, row),
		query: c.query(twice),
	}
}

// measured is the number in a column, of a duration the seconds.
func measured(c *schema.Column, row schema.Row) optional[float64] {
	if c == nil {
		return optional[float64]{}
	}
	switch v := c.Get(row).(type) {
	case int:
		return known(float64(v))
	case float64:
		return known(v)
	case time.Duration:
		return known(v.Seconds())
	}
	return optional[float64]{}
}
