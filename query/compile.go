package query

import (
	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// Compile turns text into a plan. Nothing is read. Its errors are *syntax.Error.
func Compile(text string, catalog *Catalog) (*Plan, error) {
	p, err := compile(text, catalog)
	if err != nil {
		return nil, err
	}
	p.decide(p.pushed())
	return p, nil
}

// CompileUnhinted is Compile, but the scan learns nothing of the conditions and reads every row. The answer is the same;
// tests compare the two.
func CompileUnhinted(text string, catalog *Catalog) (*Plan, error) {
	p, err := compile(text, catalog)
	if err != nil {
		return nil, err
	}
	p.decide(Predicate{})
	return p, nil
}

func compile(text string, catalog *Catalog) (*Plan, error) {
	query, err := syntax.Parse(text)
	if err != nil {
		return nil, err
	}
	table, ok := catalog.Table(query.Table.Name)
	if !ok {
		return nil, catalog.unknownTable(query.Table)
	}
	p := &Plan{syntax: query, table: table}
	c := &compiler{plan: p, catalog: catalog}
	for _, stage := range query.Stages {
		if err := c.stage(stage); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// decide lets the table choose how to read.
func (p *Plan) decide(where Predicate) {
	wanted := Set{}
	for _, c := range p.Schema().Visible() {
		wanted.add(c.Name)
	}
	for i := len(p.operators) - 1; i >= 0; i-- {
		wanted = p.operators[i].needs(wanted)
	}
	p.request = Request{Columns: wanted, Where: where, Warn: p.warnings.add}
	p.source = p.table.scan(p.request)
}

// pushed is what the conditions of the plan say about the rows of the table.
func (p *Plan) pushed() Predicate {
	var parts []Predicate
	for i, op := range p.operators {
		if f, ok := op.(*filter); ok {
			parts = append(parts, f.condition.Condition.Rename(func(column string) (string, bool) {
				return p.origin(i, column)
			}))
		}
	}
	return expression.And(parts...)
}

// origin is the table's column that holds the same value as a column that the i-th operator reads.
func (p *Plan) origin(i int, column string) (string, bool) {
	ok := true
	for i--; i >= 0 && ok; i-- {
		column, ok = p.operators[i].through(column)
	}
	return column, ok
}

// compiler adds operators to a plan.
type compiler struct {
	plan    *Plan
	catalog *Catalog
}

func (c *compiler) scope() expression.Scope {
	return expression.Scope{
		Schema: c.plan.Schema(), Functions: c.catalog.Functions, Ports: c.catalog.Ports, Warn: c.plan.warnings.add,
	}
}

func (c *compiler) add(op operator) error {
	c.plan.operators = append(c.plan.operators, op)
	return nil
}

// stage compiles one stage of the query.
func (c *compiler) stage(stage syntax.Stage) error {
	switch s := stage.(type) {
	case *syntax.Where:
		return c.where(s)
	case *syntax.Select:
		return c.selects(s)
	case *syntax.Extend:
		return c.extend(s)
	case *syntax.Drop:
		return c.drop(s)
	case *syntax.Sort:
		return c.sort(s)
	case *syntax.Limit:
		return c.limit(s)
	case *syntax.Top:
		return c.top(s)
	case *syntax.Group:
		return c.group(s)
	case *syntax.Count:
		return c.count(s)
	case *syntax.Distinct:
		return c.distinct(s)
	}
	return syntax.Errorf(stage.Span(), "the engine has no stage %s", stage)
}

// expression compiles an expression over the rows of the stage before.
func (c *compiler) expression(e syntax.Expression) (*expression.Expression, error) {
	return expression.Compile(e, c.scope())
}

// column finds a column of the stage before.
func (c *compiler) column(name syntax.Identifier) (*schema.Column, error) {
	s := c.plan.Schema()
	if column, ok := expression.FindColumn(s, name.Name); ok {
		return column, nil
	}
	return nil, expression.UnknownColumn(s, name.Name, name.Range)
}
