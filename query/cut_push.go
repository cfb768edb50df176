package query

import (
	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

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
