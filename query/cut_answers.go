package query

import (
	"context"
	"slices"
	"strconv"

	"netql/query/schema"
	"netql/query/syntax"
)

// answers are those of all hosts to a local query, as a table.
type answers struct {
	local  Local
	query  *syntax.Query // the local one
	plan   *Plan         // of it, which is never run
	schema schema.Schema // of the rows
	table  *Table
	joined bool // it is the other side of a join
	cutter *cutter

	request  Request         // of the merging part
	places   map[string]*int // of each column among those that come back; -1 for one that does not
	identity *schema.Column  // identifies a row where the columns do not; nil where they do
}

// answerRow is a row of an answer that is read before the next one comes, and never again. Others are *schema.Packed.
type answerRow struct{ values []schema.Scalar }

// identityColumn is the name of a column that identifies a row where the local query does not hand on the columns that
// do.
const identityColumn = "identity of the row"

// newAnswers adds the answers to a local query, whose plan is there.
func (x *cutter) newAnswers(q *syntax.Query, plan *Plan, joined bool) *answers {
	a := &answers{query: q, plan: plan, joined: joined, cutter: x, places: map[string]*int{}}
	a.local.Name = "answers of hosts"
	if n := len(x.answers); n > 0 {
		a.local.Name += " " + strconv.Itoa(n+1)
	}
	s := plan.Schema()
	a.schema = s
	a.schema.Columns, a.schema.Identity = make([]*schema.Column, len(s.Columns)), nil
	for i, c := range s.Columns {
		a.schema.Columns[i] = a.column(c)
	}
	a.table = &Table{Name: a.local.Name, Columns: a.schema.Columns, Shown: s.Shown, answers: a,
		size: recordSize[schema.Packed]()}
	for _, c := range s.Identity {
		if same, ok := a.schema.Column(c.Name); ok {
			a.schema.Identity = append(a.schema.Identity, same)
		}
	}
	if len(a.schema.Identity) < len(s.Identity) {
		a.identity = a.column(&schema.Column{Name: identityColumn, Type: schema.Of(schema.Text)})
		a.schema.Identity = []*schema.Column{a.identity}
	}
	a.table.Key = names(a.schema.Identity)
	a.table.scan = a.scan
	a.table.follow = a.scan
	x.answers = append(x.answers, a)
	return a
}

// column is a column of the answers that has the values of one of the local query.
func (a *answers) column(of *schema.Column) *schema.Column {
	c, place := *of, -1
	a.places[c.Name] = &place
	c.Costly, c.Prefetch, c.ChangeOf = false, nil, nil
	c.Value = func(r schema.Row) schema.Scalar {
		if place < 0 {
			return schema.Scalar{}
		}
		if row, ok := r.(*answerRow); ok {
			return row.values[place]
		}
		return r.(*schema.Packed).At(place)
	}
	return &c
}

// scan notes what the merging part reads.
func (a *answers) scan(request Request) source {
	a.request = request
	a.local.Columns = nil
	all := a.schema.Columns
	if a.identity != nil {
		all = append(slices.Clone(all), a.identity)
	}
	for _, c := range all {
		if request.Columns[c.Name] {
			a.add(c)
		}
	}
	if len(a.local.Columns) == 0 { // rows are counted, and each must have something
		a.add(a.schema.Visible()[0])
	}
	return source{Stringer: a, rows: a.rows,
		members: &members{a.plan.isHost, func() Set { return a.local.Lacking }}}
}

func (a *answers) add(c *schema.Column) {
	*a.places[c.Name] = len(a.local.Columns)
	described := *c
	described.Value = nil
	a.local.Columns = append(a.local.Columns, &described)
}

func (a *answers) String() string { return "what all hosts answer" }

func (a *answers) rows(ctx context.Context) Rows {
	return func(yield func(schema.Row, error) bool) {
		row := a.keeping()
		for values, err := range a.cutter.ask(ctx, &a.local, a.request.Warn) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(row(values), nil) {
				return
			}
		}
	}
}

// keeping makes rows of values that are there until the next ones come: the same one each time where nothing keeps
// rows.
func (a *answers) keeping() func([]schema.Scalar) schema.Row {
	if a.request.Reuse() {
		only := &answerRow{}
		return func(values []schema.Scalar) schema.Row {
			only.values = values
			return only
		}
	}
	var packer schema.Packer
	return func(values []schema.Scalar) schema.Row {
		packed := packer.Pack(values)
		return &packed
	}
}
