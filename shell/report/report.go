package report

import (
	"context"
	"slices"
	"time"

	"netql/query"
	"netql/query/schema"
)

// Source is what a report is about.
type Source struct {
	Title    string             // of the page: the host
	Facts    [][2]string        // what there is to know about where it comes from: names and values
	Catalog  *query.Catalog     // of one network stack
	State    func() query.State // of one query
	Live     bool               // it runs, and more than one sample can be read
	Warnings []string           // of what was read before
	Changes  []Changes          // since another moment
	Since    string             // that moment, for people; "" where nothing is compared
}

// Changes are those of one table, as rows of texts.
type Changes struct {
	Table   string
	Columns []string
	Rows    []Change
}

// Change is a row that is new (+), gone (-) or has changed (~), with what has changed in it.
type Change struct {
	Mark   string
	Values []string
	Told   string // "mtu 1500 B -> 9000 B"
}

// Report is what was read for a page.
type Report struct {
	source  Source
	began   time.Time
	took    time.Duration
	answers []*answer
}

// Read reads what the sections show. Samples over time are read while the other sections are. An error is the
// context's: a section that cannot be read says so in the page.
func Read(ctx context.Context, source Source) (*Report, error) {
	r := &Report{source: source, began: time.Now()}
	for i := range sections {
		r.answers = append(r.answers, &answer{section: &sections[i]})
	}
	sampled := make(chan struct{})
	go func() {
		defer close(sampled)
		for _, a := range r.answers {
			if a.samples > 0 {
				a.read(ctx, source)
			}
		}
	}()
	for _, a := range r.answers {
		if a.samples == 0 {
			a.read(ctx, source)
		}
	}
	<-sampled
	r.took = time.Since(r.began)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return r, nil
}

// Warnings are why the report is not complete, each once.
func (r *Report) Warnings() []string {
	all := slices.Clone(r.source.Warnings)
	for _, a := range r.answers {
		for _, warning := range a.warnings {
			if !slices.Contains(all, warning) {
				all = append(all, warning)
			}
		}
		if a.err != nil {
			all = append(all, a.title+": "+a.err.Error())
		}
	}
	return all
}

// answer is what was read for a section.
type answer struct {
	*section
	columns  []*schema.Column
	graph    *schema.Graph
	rows     []record
	more     int // rows that are not among these
	details  map[string]*answer
	series   []series
	single   bool // there was one sample only, where several are wanted
	warnings []string
	err      error
}

// read asks the query and keeps the first rows.
func (a *answer) read(ctx context.Context, source Source) {
	if a.samples > 0 {
		a.sample(ctx, source)
		return
	}
	plan, err := query.Compile(a.query, source.Catalog, source.State())
	if err != nil {
		a.err = err
		return
	}
	a.take(ctx, plan)
	if a.title == sections[0].title {
		a.readDetails(ctx, source)
	}
}

// take keeps the first rows of a plan and counts the others.
func (a *answer) take(ctx context.Context, plan *query.Plan) {
	most := a.most
	if most == 0 {
		most = mostRows
	}
	a.columns, a.graph = plan.Schema().Visible(), plan.Graph()
	for row, err := range plan.Rows(ctx) {
		switch {
		case err != nil:
			a.err = err
		case len(a.rows) < most:
			a.rows = append(a.rows, recordOf(a.columns, row))
		default:
			a.more++
		}
	}
	a.warnings = plan.Warnings()
}

// record is a row of an answer: for each column its value, and that as people read it.
type record []cell

type cell struct {
	value any
	text  string // "" for NULL
}

// recordOf reads the row, which may read more from the system, and warn.
func recordOf(columns []*schema.Column, row schema.Row) record {
	r := make(record, len(columns))
	for i, c := range columns {
		if value := c.Get(row); value != nil {
			r[i] = cell{value, c.PeopleRead(row)}
		}
	}
	return r
}

// number is the place of the column of this name; -1 if there is none.
func (a *answer) number(name string) int {
	return slices.IndexFunc(a.columns, func(c *schema.Column) bool { return c.Name == name })
}
