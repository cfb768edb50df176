package query

import (
	"errors"
	"maps"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// Compile turns text into a plan over the tables of the catalogue and the system behind the state. Nothing is read yet
// but the names of services (State.Port), where a word is compared with a port. Its errors are *syntax.Error.
func Compile(text string, catalog *Catalog, state State) (*Plan, error) {
	p, err := compileAsked(text, catalog, state)
	if err != nil {
		return nil, withLine(text, err, catalog, state)
	}
	p.bindScans(true)
	return p, nil
}

// CompileBeginning is Compile for a text to which more may be added: a table that lists nothing need not be asked yet.
func CompileBeginning(text string, catalog *Catalog, state State) (*Plan, error) {
	p, err := compile(text, catalog, state)
	if err != nil {
		return nil, err
	}
	p.bindScans(true)
	return p, nil
}

// CompileUnhinted is Compile without pushdown: the scans are told no conditions and read every row. The answer is the
// same; tests compare the two.
func CompileUnhinted(text string, catalog *Catalog, state State) (*Plan, error) {
	p, err := compileAsked(text, catalog, state)
	if err != nil {
		return nil, err
	}
	p.bindScans(false)
	return p, nil
}

// compileAsked is compile where every table that lists nothing is asked something.
func compileAsked(text string, catalog *Catalog, state State) (*Plan, error) {
	p, err := compile(text, catalog, state)
	if err != nil {
		return nil, err
	}
	return p, p.syntax.Located(p.findQuestions())
}

func compile(text string, catalog *Catalog, state State) (*Plan, error) {
	query, err := Language.ParseWith(catalog.settings(), text)
	var parsing *syntax.Error
	if errors.As(err, &parsing) {
		return nil, catalog.wrongBeginning(text, parsing)
	}
	if !catalog.has(query.Table.Name) {
		return nil, query.Located(catalog.wrongTable(text, query.Table, query))
	}
	p, err := compileQuery(query, catalog, state)
	return p, query.Located(err)
}

func compileQuery(query *syntax.Query, catalog *Catalog, state State) (*Plan, error) {
	p, err := newPlan(query, catalog, state)
	if err != nil {
		return nil, err
	}
	c := newCompiler(p, catalog)
	if err := c.checkFollow(query); err != nil {
		return nil, err
	}
	for _, s := range query.Stages {
		if err := c.stage(s); err != nil {
			return nil, err
		}
	}
	return p, p.pushToHosts()
}

// newPlan is the plan of a query before its stages are compiled.
func newPlan(query *syntax.Query, catalog *Catalog, state State) (*Plan, error) {
	table, ok := catalog.Table(query.Table.Name)
	if !ok {
		return nil, catalog.unknownTable(query.Table)
	}
	p := &Plan{syntax: query, table: table}
	p.request = Request{Warn: p.warnings.add, State: state, Catalog: catalog.own()}
	p.LimitMemory(p.request.Catalog.Memory)
	return p, nil
}

// stage compiles the next stage.
func (c *compiler) stage(s syntax.Stage) error {
	c.at = s.Range
	if err := s.Node.(stage).compile(c); err != nil {
		return err
	}
	c.plan.keepPictures()
	if len(c.plan.Schema().Columns) > maxColumns {
		return syntax.Errorf(s.Range, "the rows would have more than %d columns", maxColumns).
			WithHint("select the columns that are needed before")
	}
	return nil
}

// maxColumns bounds the columns that stages can add one after the other.
const maxColumns = 1000

// bindScans tells each table which columns are read and, if hinted, which conditions its rows must meet, and has it
// decide how to read.
func (p *Plan) bindScans(hinted bool) {
	p.bindColumns(hinted, Set{}.add(names(p.Schema().Visible())...))
}

// bindColumns is bindScans where these columns of the answer are read.
func (p *Plan) bindColumns(hinted bool, wanted Set) {
	p.request.Named, p.request.Tested = p.table.named(p.named()), p.tested(0)
	wanted = maps.Clone(wanted)
	wanted.add(p.watch.columns()...)
	for i := len(p.operators) - 1; i >= 0; i-- {
		wanted = p.operators[i].needs(wanted)
	}
	repeated := p.watch != nil || p.compares() || p.identifies
	if repeated {
		wanted.add(p.table.Key...) // by which rows are found again
	}
	p.request.Columns = wanted
	if hinted {
		p.request.Where = expression.And(p.pushedConditions(0)...)
	}
	request := p.request
	request.transient = p.transient // of this table alone: a join keeps the rows of its own
	p.source = p.table.scan(request)
	if p.follow {
		p.source = p.table.follow(request)
	}
	p.markCertain()
	p.source = p.countRows(p.table.Name, p.source)
	for i, op := range p.operators {
		if j, ok := op.(*joinOp); ok {
			if repeated {
				j.wanted.add(j.table.Key...)
			}
			j.request = p.request
			j.request.Named, j.request.Tested = j.table.named(j.named), j.ofRightTested(p.tested(i+1))
			j.request.Questions = j.questions
			j.bindScan(hinted, p.pushedConditions(i+1))
			j.open = func(r Request) source { return p.countRows(j.table.Name, j.table.scan(r)) }
			j.source = j.open(j.request)
			j.weighRight = p.tableWeight(j.table)
		}
	}
	p.weigh()
}

// pushedConditions are the conditions of all filters behind the operator at first, put in terms of the columns that
// this operator reads, which are the table's where first is 0. What cannot be put so is unknown in them.
func (p *Plan) pushedConditions(first int) []Predicate {
	var parts []Predicate
	for i, op := range p.operators {
		if f, ok := op.(*filterOp); ok && i >= first {
			parts = append(parts, p.pushed(f, first, i))
		}
	}
	return parts
}

// pushed is the condition of the filter that is the operator i, in terms of the columns that the operator at first
// reads.
func (p *Plan) pushed(f *filterOp, first, i int) Predicate {
	return f.condition.Condition.MapColumns(func(column string) (string, bool) {
		return p.inputColumn(first, i, column)
	})
}

// markCertain notes which filters all rows of the table pass, because of how it is read.
func (p *Plan) markCertain() {
	for i, op := range p.operators {
		if f, ok := op.(*filterOp); ok {
			f.certain = p.source.constants != nil && p.pushed(f, 0, i).Certain(p.source.constants.Constant)
		}
	}
}

// inputColumn maps a column that the i-th operator reads to the one with the same value that the operator at first
// reads; false where there is none.
func (p *Plan) inputColumn(first, i int, column string) (string, bool) {
	ok := true
	for i--; i >= first && ok; i-- {
		column, ok = p.operators[i].inputColumn(column)
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
	typed     *syntax.Stage                    // for which that stands in a merging query; nil for itself
}

func newCompiler(p *Plan, catalog *Catalog) *compiler {
	c := &compiler{plan: p, catalog: catalog, functions: catalog.FunctionsOf(p.request.State, &p.stop)}
	if p.request.State != nil {
		c.ports = p.request.State.Port
	}
	return c
}

func (c *compiler) scope() expression.Scope {
	s := expression.Scope{
		Schema: c.plan.Schema(), Functions: c.functions, Ports: c.ports, FoundPort: c.plan.foundPort,
		Warn: c.plan.warnings.add, Stop: &c.plan.stop, Earlier: c.hadColumn,
		Typed: c.typedParts(),
	}
	if !c.plan.follow {
		s.Samples = c.samples
	}
	return s
}

// hadColumn says whether the rows that some stage reads have a column of this name.
func (c *compiler) hadColumn(name string) bool {
	for i := range c.plan.operators {
		if _, ok := expression.FindColumn(c.plan.schemaBefore(i), name); ok {
			return true
		}
	}
	return false
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
