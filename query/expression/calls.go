package expression

import (
	"fmt"
	"slices"
	"strings"

	"netql/query/schema"
	"netql/query/syntax"
)

// callable finds a function of values by its name.
func (b *builder) callable(name string) (Function, bool) {
	for _, functions := range [][]Function{Builtins, b.scope.Functions} {
		for _, f := range functions {
			if f.Name == name {
				return f, true
			}
		}
	}
	return Function{}, false
}

// functionNames calls yield for all functions that may be called, until it is false. A name may come twice.
func (b *builder) functionNames(yield func(name string) bool) {
	for _, functions := range [][]Function{Builtins, b.scope.Functions} {
		for i := range functions {
			if !yield(functions[i].Name) {
				return
			}
		}
	}
	for i := range ListFunctions {
		if !yield(ListFunctions[i].Name) {
			return
		}
	}
	for i := range AggregateFunctions {
		if !yield(AggregateFunctions[i].Name) {
			return
		}
	}
	for i := range SampleFunctions {
		if !yield(SampleFunctions[i].Name) {
			return
		}
	}
}

// callFunction lowers a call by name, whatever its case. count(x) and min(x) are aggregates, count(list, .pid > 1) and
// min(x, y) are not.
func (b *builder) callFunction(n *syntax.Call) (operand, error) {
	name := b.functionNamed(n.Name.Name)
	aggregate, isAggregate := aggregateFunction(name)
	if isAggregate && !n.Piped && len(n.Arguments) <= aggregate.arguments() {
		return b.aggregateCall(aggregate, n)
	}
	if f, ok := sampleFunction(name); ok {
		return b.sampleCall(f, n)
	}
	if f, ok := listFunction(name); ok {
		return b.listCall(f, n)
	}
	if f, ok := b.callable(name); ok {
		return b.plainCall(f, n)
	}
	if isAggregate {
		return operand{}, aggregate.wrongCount(n.Name.Range)
	}
	e := syntax.Errorf(n.Name.Range, "unknown function %q", name)
	if number, ok := strings.CutPrefix(name, "p"); ok && isPercent(number) {
		return operand{}, e.WithHint("did you mean percentile(x, %s)?", number)
	}
	names := slices.Compact(slices.Sorted(b.functionNames))
	if near := syntax.Nearest(name, names); near != "" {
		return operand{}, e.WithHint("did you mean %s()?", near).WithFix(n.Name.Range, "%s", near)
	}
	return operand{}, e.WithHint("functions: %s", strings.Join(names, ", "))
}

// functionNamed is the function's name as it is declared.
func (b *builder) functionNamed(name string) string {
	for candidate := range b.functionNames {
		if strings.EqualFold(candidate, name) {
			return candidate
		}
	}
	return name
}

// plainCall lowers a function of values.
func (b *builder) plainCall(f Function, n *syntax.Call) (operand, error) {
	if f.Prefetch != nil {
		b.hasPrefetch = true
		if b.scope.Prefetch {
			f.Call = func(args []any) (any, error) { f.Prefetch(args); return nil, nil }
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
	if err := b.checkConstants(f, operands); err != nil {
		return operand{}, err
	}
	typ, unit, err := b.callResult(f, operands)
	if err != nil {
		return operand{}, err
	}
	for i := range operands {
		if f.Like {
			operands[i] = b.widen(operands[i], typ)
		}
		if f.Costly {
			operands[i].constant = false // nothing outside is asked before the query runs
		}
	}
	result := b.apply(n, typ, f.checkedCall(operands), operands...)
	result.unit, result.costly = unit, result.costly || f.Costly
	if f.Scales || f.Rounds {
		result.counters = operands[0].counters
	}
	return result, nil
}

// callResult is the type and unit of what the function gives.
func (b *builder) callResult(f Function, operands []operand) (schema.Type, schema.Unit, error) {
	if len(operands) == 0 {
		return f.Result, f.Unit, nil
	}
	first := operands[0]
	switch {
	case f.Like:
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
	case f.Rounds && first.typ.Kind == schema.Int:
		return first.typ, first.unit, nil
	case f.Scales, f.Rounds:
		return f.Result, first.unit, nil
	}
	return f.Result, f.Unit, nil
}

// checkedCall is Call, behind a check of the arguments' values, and of their kinds where these are known only when a
// row is there.
func (f Function) checkedCall(operands []operand) func(args []any) (any, error) {
	if check, call := f.check, f.Call; check != nil {
		f.Call = func(args []any) (any, error) {
			if bad := check(args); bad != nil {
				return nil, bad
			}
			return call(args)
		}
	}
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

// checkConstants refuses constants that make no sense, and those in another unit than the first argument.
func (b *builder) checkConstants(f Function, operands []operand) error {
	values := make([]any, len(operands))
	for i, o := range operands {
		if !o.constant {
			continue
		}
		if values[i] = o.value; i > 0 && f.sameUnit {
			if operands[0].typ.Kind == schema.Duration && o.number {
				return b.withoutUnit(o)
			}
			if err := b.sameUnit(o, operands[0]); err != nil {
				return err
			}
		}
	}
	if f.check == nil {
		return nil
	}
	if bad := f.check(values); bad != nil {
		return syntax.Errorf(operands[bad.i].at(), "%s", bad.reason).WithHint("it is called so: %s", f.Signature())
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
