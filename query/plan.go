package query

import (
	"context"
	"strings"

	"netql/query/schema"
	"netql/query/stop"
	"netql/query/syntax"
)

// operator is one stage of a plan.
type operator interface {
	// String is the stage in explain.
	String() string
	// schema is what the stage hands on.
	schema() schema.Schema
	// needs maps the columns that the next stage reads to those that this one reads of its input.
	needs(wanted Set) Set
	// inputColumn maps a column of the output to the one of the input that holds the same value, so that conditions of
	// later stages can be pushed towards the table. It is false for a column that has none, and for all columns where
	// a condition must not be pushed below the operator.
	inputColumn(column string) (string, bool)
	// weights is told what rows of the input weigh, and says what those that it hands on do.
	weights(input weight) weight
	// use is what it does with rows that it has read, by which a table knows whether rows may share memory.
	use() use
	// combines says whether a row that it hands on is made of several, so that it is wrong where some are missing.
	combines() bool
	// rows is the work.
	rows(ctx context.Context, input Rows) Rows
}

// Plan is a compiled query. It is run by one goroutine at a time.
type Plan struct {
	syntax    *syntax.Query
	table     *Table
	source    source
	request   Request
	operators []operator
	warnings  warnings
	progress  progress
	stop      stop.Flag // of the run
	inTurn    bool      // as of RowsInTurn
	weight    weight    // of the rows of the answer

	identifies bool // the columns by which rows are found again are read

	ports  map[syntax.Expression]int // the parts of its expressions that name a service, and the ports
	asking *asking                   // the hosts that it asks; nil where it asks none
	hosts  bool                      // it is over hosts, or about them: their answers outlast the context

	joins  int  // how many joins there are, those inside of joined queries too
	follow bool // the rows are events
	watch  *Watch
	graph  *schema.Graph
	bars   *schema.Bars
	// barsText is the stage bars; "" where another stage has its rows drawn so.
	barsText string
}

// Query is the canonical text of the query.
func (p *Plan) Query() string { return p.whole().syntax.String() }

// Table is the table that the query reads.
func (p *Plan) Table() *Table { return p.whole().table }

// Schema is what the rows have; its visible columns are the answer.
func (p *Plan) Schema() schema.Schema { return p.schemaBefore(len(p.operators)) }

// schemaBefore is what the operator at i reads.
func (p *Plan) schemaBefore(i int) schema.Schema {
	switch {
	case i > 0:
		return p.operators[i-1].schema()
	case p.follow && p.table.answers == nil:
		return p.table.eventSchema()
	}
	return p.table.schema()
}

// Rows runs the plan. An error is the last item; the rows before it are valid. A stage that needs all rows (sort, top,
// group) gives none before an error, because a part of the rows has another order and other sums. Where the context
// ends before the consumer is done with the last row, its cause is the error; what hosts had answered by then (Until)
// comes before it. Each call takes a sample; a plan that compares samples and does not watch takes two.
func (p *Plan) Rows(ctx context.Context) Rows {
	return func(yield func(schema.Row, error) bool) {
		until, forget := p.Until(ctx)
		defer forget()
		defer p.stop.SetWhenDone(until)()
		if p.watch == nil && p.compares() {
			if err := p.firstSample(ctx); err != nil {
				yield(nil, err)
				return
			}
		}
		rows := p.prefetch(p.run(ctx, len(p.operators)))
		whole := true
		cancellable(rows, func() error {
			if until.Err() != nil { // the flag may be set a little later
				return context.Cause(until)
			}
			return p.stop.Cause()
		})(func(row schema.Row, err error) bool {
			whole = yield(row, err) && err == nil
			return whole
		})
		if whole && ctx.Err() != nil {
			yield(nil, context.Cause(ctx))
		}
	}
}

// run takes a sample through the first n operators. The input of each ends when the run is to end.
func (p *Plan) run(ctx context.Context, n int) Rows {
	p.warnings.begin()
	p.stop.Forget()
	rows := p.source.rows(ctx)
	for _, op := range p.operators[:n] {
		rows = cancellable(op.rows(ctx, rows), p.stop.Cause)
	}
	return rows
}

// LimitMemory bounds the bytes that the stages of the query keep, in rows and in values; a run that keeps more ends
// with a *stop.MemoryError. The limit is asked for when a run has kept some. The catalogue has the limit of all its
// queries.
func (p *Plan) LimitMemory(limit func() int64) { p.stop.LimitMemory(limit) }

// Keeping gives a function by which the consumer of the rows counts bytes that it keeps, too, until the next run. What
// names them in an error.
func (p *Plan) Keeping(what string) func(bytes int) { return p.stop.Keeper(what).Keep }

// Explain is the plan, a line for each stage, the scan first.
func (p *Plan) Explain() string {
	verb := "scan "
	if p.follow {
		verb = "follow "
	}
	lines := append(p.asking.lines(), verb+p.table.Name+": "+p.source.String()+p.table.askedText(p.request.Questions),
		"  reads "+p.table.reads(p.request))
	lines = append(lines, p.shownByUser()...)
	for _, op := range p.operators {
		if text := op.String(); text != "" {
			lines = append(lines, text)
		}
	}
	lines = append(lines, p.finalLines()...)
	return strings.Join(lines, "\n")
}

// finalLines are the lines of explain for what does nothing to the rows: bars, watch, a second sample.
func (p *Plan) finalLines() (lines []string) {
	if p.barsText != "" {
		lines = append(lines, p.barsText)
	}
	switch {
	case p.watch != nil:
		lines = append(lines, p.syntax.Stages[len(p.syntax.Stages)-1].String())
	case p.compares():
		lines = append(lines, "two samples, "+sampleInterval.String()+" apart")
	}
	return lines
}

// reads are the columns that a request asks for, in the table's order.
func (t *Table) reads(request Request) string {
	var names []string
	for _, c := range t.Columns {
		if request.Columns[c.Name] {
			names = append(names, c.Name)
		}
	}
	if len(names) == 0 {
		return "no columns"
	}
	return strings.Join(names, ", ")
}

func (t *Table) schema() schema.Schema {
	if t.answers != nil {
		return t.answers.schema
	}
	s := schema.Schema{Source: t.Name, Columns: t.Columns, Shown: t.Shown, Spare: t.Spare, Quiet: t.Quiet}
	for _, name := range t.Key {
		if column, ok := s.Column(name); ok {
			s.Identity = append(s.Identity, column)
		}
	}
	return s
}
