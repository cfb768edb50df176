package expression

import (
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// closures are expr's functions that take a condition or an expression for each element of a list.
var closures = map[string]struct {
	condition bool
	result    func(list schema.Type, body operand) schema.Type
}{
	"all":           {true, boolean},
	"any":           {true, boolean},
	"none":          {true, boolean},
	"one":           {true, boolean},
	"count":         {true, func(schema.Type, operand) schema.Type { return schema.Of(schema.Int) }},
	"filter":        {true, func(list schema.Type, _ operand) schema.Type { return list }},
	"find":          {true, func(list schema.Type, _ operand) schema.Type { return elementType(list) }},
	"findLast":      {true, func(list schema.Type, _ operand) schema.Type { return elementType(list) }},
	"findIndex":     {true, func(schema.Type, operand) schema.Type { return schema.Of(schema.Int) }},
	"findLastIndex": {true, func(schema.Type, operand) schema.Type { return schema.Of(schema.Int) }},
	"map":           {false, func(_ schema.Type, body operand) schema.Type { return schema.ListOf(body.typ) }},
}

func boolean(schema.Type, operand) schema.Type { return schema.Of(schema.Bool) }

// aggregatePrefix marks, in the text that expr parses, a call that is an aggregate and not expr's function of that name.
// No name of ours starts so, because functions are spelt as the tables here do.
const aggregatePrefix = 'A' - 'a'

// functionSpelling is how expr's parser is to see the function at token i: as the tables spell it, whatever case it is
// typed in, and aggregates with their first letter in upper case.
func (b *builder) functionSpelling(i int) string {
	name := b.text.Tokens[i].Text
	for _, candidate := range b.functionNames() {
		if strings.EqualFold(candidate, name) {
			name = candidate
			break
		}
	}
	if isAggregate(name) && b.aggregateCall(i) {
		return string(rune(name[0])+aggregatePrefix) + name[1:]
	}
	return name
}

func isAggregate(name string) bool {
	return slices.ContainsFunc(AggregateFunctions(), func(f AggregateFunction) bool { return f.Name == name })
}

// aggregateCall tells count(x) and min(x) from expr's count(list, .pid > 1) and min(x, y).
func (b *builder) aggregateCall(i int) bool {
	if i > 0 && b.text.Tokens[i-1].Is("|") {
		return false
	}
	depth := 0
	for j, t := range b.text.Tokens[i+1:] {
		switch {
		case t.Is("("), t.Is("["), t.Is("{"):
			depth++
		case t.Is(")"), t.Is("]"), t.Is("}"):
			if depth--; depth == 0 {
				return true
			}
		case depth == 1 && (t.Is(",") || t.Is("#")):
			return false
		case depth == 1 && t.Is(".") && b.text.Tokens[i+j].Kind == syntax.Operator && !b.text.Tokens[i+j].Is(")"):
			return false
		}
	}
	return false
}

// functionNames are all functions that may be called, for spelling and suggestions.
func (b *builder) functionNames() []string {
	var names []string
	for _, f := range append(Builtins(), b.scope.Functions...) {
		names = append(names, f.Name)
	}
	for name := range closures {
		names = append(names, name)
	}
	for _, f := range AggregateFunctions() {
		names = append(names, f.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// callFunction lowers a call by name.
func (b *builder) callFunction(name string, arguments []ast.Node, at syntax.Range) (operand, error) {
	if strings.ToLower(name[:1]) != name[:1] {
		lower := strings.ToLower(name[:1]) + name[1:]
		for _, f := range AggregateFunctions() {
			if f.Name == lower {
				return b.aggregate(f, arguments, at)
			}
		}
	}
	if _, ok := closures[name]; ok {
		return b.closure(name, arguments, at)
	}
	for _, f := range append(Builtins(), b.scope.Functions...) {
		if f.Name == name {
			return b.plainCall(f, arguments, at)
		}
	}
	if isAggregate(name) {
		return operand{}, syntax.Errorf(at, "%s takes one argument", name).WithHint("for example: %s(rtt)", name)
	}
	e := syntax.Errorf(at, "unknown function %q", b.tokens[at.Start].Text)
	if near := syntax.Nearest(name, b.functionNames()); near != "" {
		return operand{}, e.WithHint("did you mean %s()?", near)
	}
	return operand{}, e.WithHint("functions: %s", strings.Join(b.functionNames(), ", "))
}

// plainCall lowers a function of values.
func (b *builder) plainCall(f Function, arguments []ast.Node, at syntax.Range) (operand, error) {
	operands := make([]operand, len(arguments))
	for i, node := range arguments {
		o, err := b.lower(node)
		if err != nil {
			return operand{}, err
		}
		operands[i] = o
	}
	if err := b.checkArguments(f, operands, at); err != nil {
		return operand{}, err
	}
	result := b.apply(f.Result, f.Call, operands...)
	result.unit = f.Unit
	if f.Like > 0 {
		like := operands[f.Like-1]
		result.typ, result.unit = like.typ, like.unit
	}
	if list := operands[0].typ; f.Result.Kind == schema.Any && f.Like == 0 && list.Kind == schema.List {
		result.typ = elementType(list)
	}
	result.costly = result.costly || f.Costly
	result.at = result.at.Join(at)
	return result, nil
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
		return syntax.Errorf(at, "%s takes %s", f.Name, countOf(required, max(most, required))).WithHint("it is called so: %s", f.Signature())
	}
	for i, o := range operands {
		p := f.Params[min(i, len(f.Params)-1)]
		if len(p.Kinds) == 0 || o.typ.Kind == schema.Any || slices.Contains(p.Kinds, o.typ.Kind) {
			continue
		}
		return syntax.Errorf(o.at, "%s is %s, and %s takes %s", o.name(b), article(o.typ), f.Name, kindList(p.Kinds)).
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

// aggregate lowers a call such as sum(bytes_sent) to the result that the group's row will have.
func (b *builder) aggregate(f AggregateFunction, arguments []ast.Node, at syntax.Range) (operand, error) {
	if b.scope.Aggregates == nil {
		return operand{}, syntax.Errorf(at, "%s() needs a group: it is computed from many rows", f.Name).
			WithHint("aggregates stand in group and stats, for example: group by process: n = count()")
	}
	if len(arguments) > 1 || len(arguments) == 0 && !f.Bare {
		return operand{}, syntax.Errorf(at, "%s takes one argument", f.Name).WithHint("for example: %s(rtt)", f.Name)
	}
	call := Aggregate{Name: f.Name, New: f.New}
	typ, unit := schema.Of(schema.Any), schema.None
	if len(arguments) == 1 {
		argument, err := b.aggregateArgument(f, arguments[0])
		if err != nil {
			return operand{}, err
		}
		call.Argument, typ = argument, argument.Type
		if f.Unit {
			unit = argument.Unit
		}
	}
	i := len(*b.scope.Aggregates)
	*b.scope.Aggregates = append(*b.scope.Aggregates, call)
	row := b.row
	node := b.call(func(...any) (any, error) { return (*row).(Aggregated).Aggregate(i), nil })
	return operand{node: node, at: at, typ: f.Result(typ), unit: unit}, nil
}

// aggregateArgument compiles the argument as an expression of its own, over the rows that are grouped.
func (b *builder) aggregateArgument(f AggregateFunction, node ast.Node) (*Expression, error) {
	inner := *b
	inner.row, inner.columns = new(schema.Row), nil
	inner.scope.Aggregates = nil
	argument, err := inner.lower(node)
	if err != nil {
		return nil, err
	}
	if len(f.Takes) > 0 && argument.typ.Kind != schema.Any && !slices.Contains(f.Takes, argument.typ.Kind) {
		return nil, syntax.Errorf(argument.at, "%s is %s, and %s takes %s", argument.name(b), article(argument.typ), f.Name, kindList(f.Takes)).
			WithHint("for any kind of value: count, dcount, min, max, list, any")
	}
	return inner.finish(argument)
}

// closure lowers expr's any(list, .pid > 1) and its kin. A list that is NULL gives NULL.
func (b *builder) closure(name string, arguments []ast.Node, at syntax.Range) (operand, error) {
	if len(arguments) != 2 {
		return operand{}, syntax.Errorf(at, "%s takes a list and a condition", name).WithHint("for example: %s(owners, .pid > 1000)", name)
	}
	list, err := b.lower(arguments[0])
	if err != nil {
		return operand{}, err
	}
	if list.typ.Kind != schema.List && list.typ.Kind != schema.Flags && list.typ.Kind != schema.Any {
		return operand{}, syntax.Errorf(list.at, "%s takes a list, and %s is %s", name, list.name(b), article(list.typ)).
			WithHint("for example: %s(owners, .pid > 1000)", name)
	}
	predicate, ok := arguments[1].(*ast.PredicateNode)
	if !ok {
		return operand{}, syntax.Errorf(at, "%s takes a list and a condition", name).WithHint("for example: %s(owners, .pid > 1000)", name)
	}
	body, err := b.closureBody(list, predicate, closures[name].condition)
	if err != nil {
		return operand{}, err
	}
	// The list is read twice, to keep expr's loop away from NULL; columns remember their last value.
	call := &ast.BuiltinNode{Name: name, Arguments: []ast.Node{list.node, &ast.PredicateNode{Node: body.node}}}
	result := operand{at: at.Join(list.at).Join(body.at), typ: closures[name].result(list.typ, body), costly: list.costly || body.costly}
	result.node = &ast.ConditionalNode{Cond: b.test(list, "!=", []any{nil}, func(v any) bool { return v != nil }).node, Exp1: call, Exp2: &ast.NilNode{}}
	return result, nil
}

func (b *builder) closureBody(list operand, predicate *ast.PredicateNode, condition bool) (operand, error) {
	b.scopes = append(b.scopes, elementType(list.typ))
	defer func() { b.scopes = b.scopes[:len(b.scopes)-1] }()
	if condition {
		return b.lowerCondition(predicate.Node)
	}
	return b.lower(predicate.Node)
}

// elementType is the type of a list's elements.
func elementType(list schema.Type) schema.Type {
	switch {
	case list.Kind == schema.Flags:
		return schema.Type{Kind: schema.Enum, Words: list.Words}
	case list.Elem != nil:
		return *list.Elem
	}
	return schema.Of(schema.Any)
}
