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
	sampled bool      // its checks compare two samples
	late    bool      // it is read when the second samples are
	read    time.Time // when that was last
	plan    *query.Plan
	columns []checkColumns // one for each check
}

// groupChecks puts checks that look at the same rows together, in the order of the first of each.
func groupChecks(all []*check) (groups []*checkGroup) {
	for _, c := range all {
		from := c.rows()
		i := slices.IndexFunc(groups, func(g *checkGroup) bool { return g.from == from })
		if i < 0 {
			i = len(groups)
			groups = append(groups, &checkGroup{from: from})
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
	if g.checks[0].own != nil {
		return g.compileOwn(catalog, state, twice)
	}
	g.sampled = g.sampled && twice
	items := &itemList{twice: twice}
	places := make([]checkPlaces, len(g.checks))
	for i, c := range g.checks {
		places[i] = items.of(c)
	}
	text := withSamples(g.from, twice) + " | select " + strings.Join(items.texts, ", ")
	if g.sampled {
		text += " | watch"
	}
	if g.plan, err = query.Compile(text, catalog, state); err != nil {
		return err
	}
	columns := g.plan.Schema().Visible()
	for i := range places {
		g.columns = append(g.columns, places[i].in(columns))
	}
	return nil
}

// findings reads the rows once and says what the checks find in them.
func (g *checkGroup) findings(ctx context.Context) (found []*finding, err error) {
	before := g.read
	g.read = time.Now()
	for row, err := range g.plan.Rows(ctx) {
		if err != nil {
			return found, err
		}
		for i, c := range g.checks {
			if g.columns[i].finds(row) {
				f := g.columns[i].finding(c, row, g.sampled || !c.samples())
				f.sentence = strings.Replace(f.sentence, lastSecond, inTheLast(g.read.Sub(before)), 1)
				found = append(found, f)
			}
		}
	}
	return found, nil
}

// lastSecond is how sentences tell the time between two samples.
const lastSecond = "in the last second"

// inTheLast is that for samples which are further apart, as those of a watch are.
func inTheLast(d time.Duration) string {
	if d = d.Round(time.Second); d > time.Second {
		return "in the last " + schema.ForPeopleDuration(d)
	}
	return lastSecond
}

// itemList are the items of a select, which get names of their own.
type itemList struct {
	texts []string
	twice bool // there are two samples
}

// add adds an expression and gives its place; -1 for none.
func (l *itemList) add(expression string) int {
	if expression == "" {
		return -1
	}
	place := len(l.texts)
	l.texts = append(l.texts, fmt.Sprintf("finding_%d = (%s)", place, withSamples(expression, l.twice)))
	return place
}

// addAll adds the expressions in a text and gives their places.
func (l *itemList) addAll(t template) (places []int) {
	for _, place := range t.places() {
		places = append(places, l.add(place))
	}
	return places
}

// of adds the expressions of a check.
func (l *itemList) of(c *check) (p checkPlaces) {
	severity := c.severity
	if len(c.severities()) == 1 {
		severity = `"` + severity + `"`
	}
	p.found, p.severity, p.subject = l.add(c.condition(l.twice)), l.add(severity), l.add(c.subject)
	p.value, p.limit = l.add(c.value), l.add(c.limit)
	p.sentence, p.advice = parseTemplate(c.sentence), parseTemplate(c.advice)
	p.ofSentence, p.ofAdvice = l.addAll(p.sentence), l.addAll(p.advice)
	return p
}

// checkPlaces are the places of a check's expressions in a select; -1 for one that it lacks.
type checkPlaces struct {
	found, severity, subject, value, limit int
	sentence, advice                       template
	ofSentence, ofAdvice                   []int
}

// in are the columns at these places.
func (p *checkPlaces) in(columns []*schema.Column) checkColumns {
	at := func(place int) *schema.Column {
		if place < 0 {
			return nil
		}
		return columns[place]
	}
	all := func(places []int) (list []*schema.Column) {
		for _, place := range places {
			list = append(list, columns[place])
		}
		return list
	}
	return checkColumns{
		found: at(p.found), severity: at(p.severity), subject: at(p.subject), value: at(p.value), limit: at(p.limit),
		sentence: p.sentence, ofSentence: all(p.ofSentence), advice: p.advice, ofAdvice: all(p.ofAdvice),
	}
}

// checkColumns are the columns of a group's query that are a check's.
type checkColumns struct {
	found                *schema.Column // nil where every row is a finding
	severity, subject    *schema.Column
	value, limit         *schema.Column // nil where the check has none
	sentence, advice     template
	ofSentence, ofAdvice []*schema.Column
}

// finds says whether a row is a finding.
func (own *checkColumns) finds(row schema.Row) bool {
	if own.found == nil {
		return true
	}
	holds, _ := own.found.Get(row).(bool)
	return holds
}

// finding is what a check says of a row. Of what counters are since boot nobody knows when it was: that is no more than
// a notice.
func (own *checkColumns) finding(c *check, row schema.Row, twice bool) *finding {
	severity, _ := severities().Find(schema.Format(own.severity.Get(row)))
	if !twice || severity == "" {
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
