package query

import (
	"context"
	"slices"
	"strconv"

	"netql/query/expression"
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

// answerRow is a row of an answer.
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
	a.table = &Table{Name: a.local.Name, Columns: a.schema.Columns, Shown: s.Shown, answers: a}
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
		return r.(*answerRow).values[place]
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
	return source{a, a.rows, nil}
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
		var row *answerRow
		reuse := a.request.Reuse()
		for values, err := range a.cutter.ask(ctx, &a.local, a.request.Warn) {
			if err != nil {
				yield(nil, err)
				return
			}
			if !reuse {
				row = &answerRow{slices.Clone(values)}
			} else if row == nil {
				row = &answerRow{values}
			} else {
				row.values = values
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// finish says what hosts are asked, when it is known what the merging plan reads of their answers.
func (a *answers) finish(merging *Plan) error {
	for i, c := range a.local.Columns {
		if a.plan.isHost(c.Name) {
			a.local.Hosts = append(a.local.Hosts, i)
		}
	}
	a.local.Whole = a.joined || a.cutter.watch != nil || merging.combines() || a.plan.combines()
	stages := slices.Clone(a.query.Stages)
	if naming := a.naming(); naming != nil {
		stages = append(stages, stageOf(naming))
	}
	if w := a.cutter.watch; w != nil {
		stages = append(stages, stageOf(&watchStage{interval: w.Interval}))
	}
	a.local.Text = a.query.With(a.query.Table, stages).String()
	return nil
}

// combines says whether a row of the answer is made of several, so that it is wrong where some are missing.
func (p *Plan) combines() bool {
	return slices.ContainsFunc(p.operators, func(op operator) bool {
		switch op.(type) {
		case *groupOp, *histogramOp, *topOp:
			return true
		}
		return false
	})
}

// naming is a stage that names the columns that the merging part names and the local one does not; nil where there are
// none. It changes nothing but that: a table may have rows for those that ask for them alone (Request.Named).
func (a *answers) naming() syntax.Node {
	s, named := a.plan.Schema(), a.plan.named()
	chosen := s.Chosen && s.After != "drop"
	var missing []string
	all := true
	for _, c := range a.local.Columns {
		if !a.request.Named[c.Name] {
			all = false
			continue
		}
		origin, ok := a.plan.inputColumn(0, len(a.plan.operators), c.Name)
		if ok && named[origin] || chosen && slices.Contains(s.Shown, c.Name) || c.Name == identityColumn {
			continue
		}
		missing = append(missing, c.Name)
	}
	if missing == nil {
		return nil
	}
	if all {
		return &selectStage{columnItemsOf(a.local.Names())}
	}
	var items []syntax.Item
	for _, name := range missing {
		items = append(items, syntax.Item{Name: identifier(name), Expression: Language.Word(name)})
	}
	return &extendStage{items}
}

// columnItemsOf are items that are nothing but columns.
func columnItemsOf(names []string) (items []syntax.Item) {
	for _, name := range names {
		items = append(items, syntax.Item{Expression: Language.Word(name)})
	}
	return items
}

// pushToHosts has hosts leave out rows that the filters of a merging plan would leave out.
func (p *Plan) pushToHosts() error {
	for i, op := range p.operators {
		f, ok := op.(*filterOp)
		if !ok || f.condition.Comparing || f.condition.HasPrefetch {
			continue
		}
		upper := p.schemaBefore(i)
		if a := p.table.answers; a != nil {
			err := a.filter(f.text, upper, func(column string) (string, bool) { return p.inputColumn(0, i, column) })
			if err != nil {
				return err
			}
		}
		for k, op := range p.operators[:i] {
			j, ok := op.(*joinOp)
			if !ok || j.table.answers == nil || len(j.pushed([]Predicate{p.pushed(f, k+1, i)})) == 0 {
				continue
			}
			err := j.table.answers.filter(f.text, upper, func(column string) (string, bool) {
				column, ok := p.inputColumn(k+1, i, column)
				o := j.origins[column]
				return o.column, ok && o.right
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// filter adds a condition to the local query, if all of its columns have an origin there. upper is what the names in
// the condition mean.
func (a *answers) filter(
	condition syntax.Expression, upper schema.Schema, origin func(column string) (string, bool),
) error {
	lower, possible := a.schema, true
	condition = syntax.Replace(condition, func(n syntax.Expression) syntax.Expression {
		word, ok := n.(*syntax.Word)
		if !ok {
			return nil
		}
		column, isColumn := expression.FindColumn(upper, word.Name)
		if !isColumn {
			_, other := expression.FindColumn(lower, word.Name)
			possible = possible && !other // else it would be a column there
			return nil
		}
		name, ok := origin(column.Name)
		if possible = possible && ok; !ok || name == word.Name {
			return nil
		}
		return Language.Word(name)
	})
	if !possible {
		return nil
	}
	s := stageOf(&whereStage{condition})
	c := newCompiler(a.plan, a.cutter.catalog)
	if err := c.stage(s); err != nil {
		return err
	}
	a.query.Stages = append(a.query.Stages, s)
	return nil
}
