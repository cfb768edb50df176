package expression

import (
	"fmt"
	"slices"
	"strings"

	"netql/query/schema"
	"netql/query/syntax"
)

func isAggregate(name string) bool {
	return slices.ContainsFunc(AggregateFunctions(), func(f AggregateFunction) bool { return f.Name == name })
}

// callable are the functions of values.
func (b *builder) callable() []Function {
	if b.functions == nil {
		b.functions = append(Builtins(), b.scope.Functions...)
	}
	return b.functions
}

// functionNames are all functions that may be called, for spelling and suggestions.
func (b *builder) functionNames() []string {
	if b.names != nil {
		return b.names
	}
	var names []string
	for _, f := range b.callable() {
		names = append(names, f.Name)
	}
	for _, f := range ListFunctions() {
		names = append(names, f.Name)
	}
	for _, f := range AggregateFunctions() {
		names = append(names, f.Name)
	}
	for _, f := range SampleFunctions() {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	b.names = slices.Compact(names)
	return b.names
}

// callFunction lowers a call by name, whatever its case. count(x) and min(x) are aggregates, count(list, .pid > 1) and
// min(x, y) are not.
func (b *builder) callFunction(n *syntax.Call) (operand, error) {
	name := b.functionNamed(n.Name.Name)
	if !n.Piped && len(n.Arguments) <= 1 {
		for _, f := range AggregateFunctions() {
			if f.Name == name {
				return b.aggregate(f, n)
			}
		}
	}
	if f, ok := sampleFunction(name); ok {
		return b.sample(f, n)
	}
	if f, ok := listFunction(name); ok {
		return b.closure(f, n)
	}
	for _, f := range b.callable() {
		if f.Name == name {
			return b.plainCall(f, n)
		}
	}
	if isAggregate(name) {
		return operand{}, syntax.Errorf(n.Name.Range, "%s takes one argument", name).
			WithHint("for example: %s(rtt)", name)
	}
	e := syntax.Errorf(n.Name.Range, "unknown function %q", name)
	if near := syntax.Nearest(name, b.functionNames()); near != "" {
		return operand{}, e.WithHint("did you mean %s()?", near)
	}
	return operand{}, e.WithHint("functions: %s", strings.Join(b.functionNames(), ", "))
}

// functionNamed is the function's name as it is declared.
func (b *builder) functionNamed(name string) string {
	for _, candidate := range b.functionNames() {
		if strings.EqualFold(candidate, name) {
			return candidate
		}
	}
	return name
}

// plainCall lowers a function of values.
func (b *builder) plainCall(f Function, n *syntax.Call) (operand, error) {
	if f.Ahead != nil {
		b.waiting = true
		if b.scope.Ahead {
			f.Call = func(args []any) (any, error) { f.Ahead(args); return nil, nil }
		}
	}
	operands := make([]operand, len(n.Arguments))
	for i, node := range n.Arguments {
		o, err := b.lower(node)
		if err != nil {
			return operand{}, err
		}
		operands[i] = o
	}
	if err := b.checkArguments(f, operands, n.Name.Range); err != nil {
		return operand{}, err
	}
	typ, unit, err := b.callResult(f, operands)
	if err != nil {
		return operand{}, err
	}
	for i := range operands {
		if f.Like > 0 {
			operands[i] = b.widen(operands[i], typ)
		}
		if f.Costly {
			operands[i].constant = false // nothing outside is asked before the query runs
		}
	}
	result := b.apply(n, typ, f.checked(operands), operands...)
	result.unit, result.costly = unit, result.costly || f.Costly
	return result, nil
}

// callResult is the type and unit of what the function gives.
func (b *builder) callResult(f Function, operands []operand) (schema.Type, schema.Unit, error) {
	if len(operands) == 0 {
		return f.Result, f.Unit, nil
	}
	first := operands[0]
	switch {
	case f.Like > 0:
		typ, unit := first.typ, first.unit
		for _, o := range operands[1:] {
			common, ok := resultType(operand{typ: typ}, o)
			if !ok {
				return typ, unit, syntax.Errorf(o.at(), "%s compares values of one kind: %s is %s, and %s is %s",
					f.Name, first.name(), article(typ), o.name(), article(o.typ)).
					WithHint("it is called so: %s", f.Signature())
			}
			typ, unit = common, commonUnit(operand{unit: unit, number: first.number}, o)
		}
		return typ, unit, nil
	case f.Result.Kind == schema.Any && (first.typ.Kind == schema.List || first.typ.Kind == schema.Flags):
		return elementType(first.typ), first.unit, nil
	}
	return f.Result, f.Unit, nil
}

// checked is the function's call. Where the kind of an argument is known only when a row is there, it is looked at
// then.
func (f Function) checked(operands []operand) func(args []any) (any, error) {
	if !slices.ContainsFunc(operands, func(o operand) bool { return o.typ.Kind == schema.Any }) {
		return f.Call
	}
	return func(args []any) (any, error) {
		for i, arg := range args {
			kinds := f.Params[min(i, len(f.Params)-1)].Kinds
			if kind := goKind(arg); len(kinds) > 0 && !slices.Contains(kinds, kind) {
				return nil, fmt.Errorf("%s takes %s, not %s", f.Name, kindList(kinds), kind)
			}
		}
		return f.Call(args)
	}
}

func (b *builder) checkArguments(f Function, operands []operand, at syntax.Range) error {
	required, most := 0, len(f.Params)
	for _, p := range f.Params {
		if !p.Optional {
			required++
		}
		if p.Many {
			most = len(operands)
		}
	}
	if len(operands) < required || len(operands) > most {
		return syntax.Errorf(at, "%s takes %s", f.Name, countOf(required, max(most, required))).
			WithHint("it is called so: %s", f.Signature())
	}
	for i, o := range operands {
		p := f.Params[min(i, len(f.Params)-1)]
		if len(p.Kinds) == 0 || o.typ.Kind == schema.Any || slices.Contains(p.Kinds, o.typ.Kind) {
			continue
		}
		return syntax.Errorf(o.at(), "%s, and %s takes %s", o.described(), f.Name, kindList(p.Kinds)).
			WithHint("it is called so: %s", f.Signature())
	}
	return nil
}

func countOf(least, most int) string {
	words := fmt.Sprintf("%d to %d arguments", least, most)
	if least == most {
		words = fmt.Sprintf("%d arguments", least)
	}
	if most == 1 && least == 1 {
		words = "one argument"
	}
	return words
}

func kindList(kinds []schema.Kind) string {
	var names []string
	for _, kind := range kinds {
		if kind != schema.Enum { // whose values are text
			names = append(names, kind.String())
		}
	}
	return strings.Join(names, " or ")
}
