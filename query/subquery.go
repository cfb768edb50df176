package query

import (
	"context"
	"strings"

	"netql/query/syntax"
)

// tableOf is a table with the rows and columns of a query. The query decides which rows it reads by its own conditions
// and columns; those of the query around it say which of its columns are computed.
func (c *compiler) tableOf(q *syntax.Query) (*Table, error) {
	plan, err := compileQuery(q, c.catalog, c.plan.request.State)
	if err != nil {
		return nil, err
	}
	if err := plan.findQuestions(); err != nil {
		return nil, err
	}
	if need := plan.Live(); need != "" {
		return nil, syntax.Errorf(c.at, "%s, and a join reads the joined query once", need).
			WithHint("leave it out inside the join")
	}
	c.plan.joins += plan.joins
	for service, port := range plan.ports {
		c.plan.foundPort(service, port)
	}
	plan.stop.Within(&c.plan.stop)
	s := plan.Schema()
	t := &Table{Name: plan.table.schema().Source, Columns: s.Columns, Shown: names(s.Visible()), Spare: s.Spare,
		Quiet: s.Quiet, weight: func() weight { return plan.weight }}
	for _, column := range s.Identity {
		if _, ok := s.Column(column.Name); ok {
			t.Key = append(t.Key, column.Name)
		}
	}
	plan.warnings.report = c.plan.warnings.add
	t.scan = func(request Request) source {
		plan.bindColumns(true, request.Columns)
		return source{Stringer: joinedPlan{plan}, members: plan.members(),
			rows: func(ctx context.Context) Rows { return plan.Rows(ctx) }}
	}
	return t, nil
}

// members are those of the table that the plan reads, in terms of the columns of the answer.
func (p *Plan) members() *members {
	of := p.source.members
	if of == nil {
		return nil
	}
	tells := func(column string) bool {
		column, ok := p.inputColumn(0, len(p.operators), column)
		return ok && of.tells(column)
	}
	return &members{tells, of.lacking}
}

// joinedPlan tells how the rows of a joined query are read.
type joinedPlan struct{ plan *Plan }

// String is the query's own plan, further in than what is told of the join.
func (j joinedPlan) String() string {
	return "a query\n    " + strings.ReplaceAll(j.plan.Explain(), "\n", "\n    ")
}
