// Package expression is the bridge to expr-lang. It compiles the expressions of a query against a schema: typed
// literals, the NULL rule, bare words opposite enums, aggregates, and errors with their place.
//
// query/syntax parses the text; expr-lang compiles and runs the result. Between the two, this package types the tree
// and lowers every operation to a function that knows NULL, because expr's own operations fail at run time on nil;
// only the logic (and, or, not, a ? b : c, closures) stays expr's. So expr's parser and checker are not used.
package expression

import (
	"slices"

	"github.com/expr-lang/expr/vm"

	"netql/query/schema"
	"netql/query/stop"
	"netql/query/syntax"
)

// Scope is what an expression may name.
type Scope struct {
	Schema    schema.Schema
	Functions []Function                    // beside the built-in ones
	Ports     func(name string) (int, bool) // the port of a service; nil knows none
	// FoundPort is told of each part of the expression that names a service, and of its port; nil tells nobody.
	FoundPort  func(service syntax.Expression, port int)
	Earlier    func(name string) bool // whether rows before had such a column; nil: never
	Aggregates *[]Aggregate           // where aggregates are allowed, the ones found are appended here
	Samples    func() Samples         // of the rows; nil where there is only ever one sample
	// GroupSamples are the samples of the groups, where aggregates are allowed.
	GroupSamples func() Samples
	// Prefetch compiles a variant that only starts slow calls (DNS lookups); ignore its value.
	Prefetch bool
	Warn     func(message string) // is told why a value became NULL at run time; nil tells nobody
	// Typed gives what a person has typed for an expression that stands for it, as warnings name it; nil: itself.
	Typed  func(syntax.Expression) syntax.Expression
	Stop   *stop.Flag   // ends evaluations; nil never does
	Keeper *stop.Keeper // counts what aggregates keep; nil counts nothing
}

// Expression is a compiled expression. It belongs to one plan, and is evaluated by one goroutine at a time.
type Expression struct {
	Type        schema.Type
	Unit        schema.Unit
	Comparing   bool      // it compares samples
	Costly      bool      // it reads a costly column or calls a costly function
	HasPrefetch bool      // it calls a function that has Prefetch
	Columns     []string  // the columns it reads, sorted
	Condition   Predicate // what a condition says about single columns; only of CompileCondition

	column  *schema.Column            // set when the expression is nothing but a column
	call    func(...any) (any, error) // set when it is nothing but a call without arguments, such as a test of a column
	program *vm.Program
	machine vm.VM
	row     *schema.Row // the row being evaluated
	work    *work       // done for it
	text    syntax.Expression
	warn    func(failed syntax.Expression, err error)
}

// Compile types and lowers an expression. Its errors are *syntax.Error.
func Compile(n syntax.Expression, scope Scope) (*Expression, error) {
	b := newBuilder(n, scope)
	result, err := b.lower(n)
	if err != nil {
		return nil, err
	}
	return b.finish(result)
}

// CompileCondition compiles an expression that must be true or false; NULL counts as false.
func CompileCondition(n syntax.Expression, scope Scope) (*Expression, error) {
	b := newBuilder(n, scope)
	condition, err := b.lowerCondition(n)
	if err != nil {
		return nil, err
	}
	return b.finish(condition)
}

// Eval computes the value for a row; nil is NULL. A value that cannot be computed (a bad regular expression from a
// column, too much memory) is NULL too, and the plan's warnings say so. When the run is to end, the evaluation ends at
// once, and its NULL means nothing.
func (e *Expression) Eval(row schema.Row) any {
	if e.column != nil {
		return e.column.Get(row)
	}
	*e.row, e.work.steps = row, 0
	value, err := e.run()
	if list, ok := value.([]any); ok && err == nil && size(list) > maxSize {
		err = errTooLarge
	}
	switch {
	case e.work.stop.Set():
		return nil
	case err != nil:
		e.warn(e.text, err)
		return nil
	}
	return value
}

func (e *Expression) run() (any, error) {
	if e.call != nil {
		return e.call()
	}
	return e.machine.Run(e.program, nil)
}

// Scalar is Eval without an allocation, where the expression is nothing but a column.
func (e *Expression) Scalar(row schema.Row) schema.Scalar {
	if e.column != nil {
		return e.column.Value(row)
	}
	return schema.Boxed(e.Eval(row))
}

// True says whether the condition holds for a row.
func (e *Expression) True(row schema.Row) bool {
	b, _ := e.Eval(row).(bool)
	return b
}

// Column is the column that the expression consists of, if it is nothing more.
func (e *Expression) Column() (*schema.Column, bool) { return e.column, e.column != nil }

// finish turns the lowered tree into a program.
func (b *builder) finish(result operand) (*Expression, error) {
	slices.Sort(b.columns)
	e := &Expression{
		Type: result.typ, Unit: result.unit, Costly: result.costly, Columns: slices.Compact(b.columns),
		Comparing: b.comparing, HasPrefetch: b.hasPrefetch, Condition: result.predicate,
		column: result.column, row: b.row, text: result.source, warn: b.warn,
	}
	if e.column != nil {
		return e, nil
	}
	e.work = b.work
	if e.call = b.onlyCall(result.node); e.call != nil {
		return e, nil
	}
	program, err := b.assemble(result.node)
	e.program = program
	return e, err
}
