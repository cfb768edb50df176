package query

import (
	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// Compile turns text into a plan that asks whom the state says. Nothing is read but, where a word stands opposite a port, the
// names of services. Its errors are *syntax.Error.
func Compile(text string, catalog *Catalog, state State) (*Plan, error) {
	p, err := compile(text, catalog, state)
	if err != nil {
		return nil, err
	}
	p.decide(true)
	return p, nil
}

// CompileUnhinted is Compile, but the scan learns nothing of the conditions and reads every row. The answer is the same;
// tests compare the two.
func CompileUnhinted(text string, catalog *Catalog, state State) (*Plan, error) {
	p, err := compile(text, catalog, state)
	if err != nil {
		return nil, err
	}
	p.decide(false)
	return p, nil
}

func compile(text string, catalog *Catalog, state State) (*Plan, error) {
	query, err := Language.Parse(text)
	if err != nil {
		return nil, err
	}
	table, ok := catalog.Table(query.Table.Name)
	if !ok {
		return nil, catalog.unknownTable(query.Table)
	}
	p := &Plan{syntax: query, table: table}
	p.request = Request{Warn: p.warnings.add, State: state, Catalog: catalog}
	c := newCompiler(p)
	if err := c.follows(query); err != nil {
		return nil, err
	}
	for _, s := range query.Stages {
		c.at = s.Range
		if err := s.Node.(stage).compile(c); err != nil {
			return nil, err
		}
		if len(p.Schema().Columns) > maxColumns {
			return nil, syntax.Errorf(s.Range, "the rows would have more than %d columns", maxColumns).
				WithHint("select the columns that are needed before")
		}
	}
	return p, nil
}

// maxColumns bounds what stage after stage can add.
const maxColumns = 1000

// decide lets the tables choose how to read.
func (p *Plan) decide(hinted bool) {
	wanted := Set{}
	output := p.Schema()
	for _, c := range output.Visible() {
		wanted.add(c.Name)
	}
	wanted.add(p.watch.columns()...)
	for i := len(p.operators) - 1; i >= 0; i-- {
		wanted = p.operators[i].needs(wanted)
	}
	repeated := p.watch != nil || p.compares()
	if repeated {
		wanted.add(p.table.Key...) // by which rows are found again
	}
	p.request.Columns = wanted
	if hinted {
		p.request.Where = expression.And(p.pushed(0)...)
	}
	p.source = p.table.scan(p.request)
	if p.follow {
		p.source = p.table.follow(p.request)
	}
	p.source = p.watched(p.table.Name, p.source)
	for i, op := range p.operators {
		if j, ok := op.(*joining); ok {
			if repeated {
				j.wanted.add(j.table.Key...)
			}
			j.decide(hinted, p.pushed(i+1), p.request)
			j.source = p.watched(j.table.Name, j.source)
		}
	}
}

// pushed are the conditions of the plan as far as they are about the rows that the operator at first reads: those of the
// table for 0.
func (p *Plan) pushed(first int) []Predicate {
	var parts []Predicate
	for i, op := range p.operators {
		if f, ok := op.(*filter); ok && i >= first {
			parts = append(parts, f.condition.Condition.Rename(func(column string) (string, bool) {
				return p.origin(first, i, column)
			}))
		}
	}
	return parts
}

// origin is the column that the operator at first reads, and that holds the same value as one that the i-th reads.
func (p *Plan) origin(first, i int, column string) (string, bool) {
	ok := true
	for i--; i >= first && ok; i-- {
		column, ok = p.operators[i].through(column)
	}
	return column, ok
}

// compiler adds operators to a plan.
type compiler struct {
	plan      *Plan
	catalog   *Catalog
	functions []expression.Function
	ports     func(service string) (int, bool) // nil knows none
	at        syntax.Range                     // of the stage that is compiled
	joins     int
}

func newCompiler(p *Plan) *compiler {
	catalog, state := p.request.Catalog, p.request.State
	c := &compiler{plan: p, catalog: catalog, functions: catalog.FunctionsOf(state, &p.stop)}
	if p.request.State != nil {
		c.ports = p.request.State.Port
	}
	return c
}

func (c *compiler) scope() expression.Scope {
	s := expression.Scope{
		Schema: c.plan.Schema(), Functions: c.functions, Ports: c.ports,
		Warn: c.plan.warnings.add, Stop: &c.plan.stop,
	}
	if !c.plan.follow {
		s.Samples = c.samples
	}
	return s
}

func (c *compiler) add(op operator) error {
	c.plan.operators = append(c.plan.operators, op)
	return nil
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
