package expression

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// ListFunction is a function of a list and of a condition, or an expression, about each of its elements. It is one of
// expr-lang's; in the second argument # is the element, and .name a part of it.
type ListFunction struct {
	Name, Doc string

	condition bool
	result    func(list, body operand) operand // the type and unit of what it gives
}

// Signature is the function as it is called.
func (f ListFunction) Signature() string {
	if f.condition {
		return f.Name + "(list, condition)"
	}
	return f.Name + "(list, expression)"
}

func givesInt(_, _ operand) operand         { return operand{typ: schema.Of(schema.Int)} }
func givesBool(_, _ operand) operand        { return operand{typ: schema.Of(schema.Bool)} }
func givesElement(list, _ operand) operand  { return elementOf(list) }
func givesElements(list, _ operand) operand { return listLike(elementOf(list)) }
func givesResults(_, body operand) operand  { return listLike(body) }
func listLike(element operand) operand {
	return operand{typ: schema.ListOf(element.typ), unit: element.unit}
}
func elementOf(list operand) operand { return operand{typ: elementType(list.typ), unit: list.unit} }

// ListFunctions are all functions of lists and conditions.
var ListFunctions = []ListFunction{
	{"any", "Whether the condition holds for some element.", true, givesBool},
	{"all", "Whether the condition holds for all elements.", true, givesBool},
	{"none", "Whether the condition holds for no element.", true, givesBool},
	{"one", "Whether the condition holds for exactly one element.", true, givesBool},
	{"count", "The number of elements for which the condition holds.", true, givesInt},
	{"filter", "The elements for which the condition holds.", true, givesElements},
	{"find", "The first element for which the condition holds.", true, givesElement},
	{"findLast", "The last element for which the condition holds.", true, givesElement},
	{"findIndex", "The place, from 0, of the first element for which the condition holds.", true, givesInt},
	{"findLastIndex", "The place, from 0, of the last element for which the condition holds.", true, givesInt},
	{"map", "What the expression gives for each element.", false, givesResults},
}

func listFunction(name string) (ListFunction, bool) {
	i := slices.IndexFunc(ListFunctions, func(f ListFunction) bool { return f.Name == name })
	if i < 0 {
		return ListFunction{}, false
	}
	return ListFunctions[i], true
}

// listCall lowers any(list, .pid > 1) and the other ListFunctions. A list that is NULL gives NULL.
func (b *builder) listCall(f ListFunction, n *syntax.Call) (operand, error) {
	usage := syntax.Errorf(n.Name.Range, "%s takes a list and a condition", f.Name).
		WithHint("for example: %s(owners, .pid > 1000)", f.Name)
	if len(n.Arguments) != 2 {
		return operand{}, usage
	}
	list, err := b.lower(n.Arguments[0])
	if err != nil {
		return operand{}, err
	}
	if list.typ.Kind != schema.List && list.typ.Kind != schema.Flags && list.typ.Kind != schema.Any {
		return operand{}, syntax.Errorf(list.at(), "%s takes a list, and %s", f.Name, list.described()).
			WithHint("%s", usage.Hint)
	}
	before := b.lowered
	body, err := b.closureBody(list, n.Arguments[1], f.condition)
	if err != nil {
		return operand{}, err
	}
	turn := b.lowered - before // what an element costs, without the loops inside
	result := f.result(list, body)
	result.node, result.costly = b.loop(f.Name, list.node, body.node, turn), list.costly || body.costly
	return result, nil
}

// loop makes a loop of expr's over a list. Such a loop fails on NULL, so that a list which is NULL is replaced by an
// empty one and the result by NULL. Each turn costs so many steps of work.
func (b *builder) loop(name string, list, body ast.Node, turn int) ast.Node {
	null := false
	before := b.call(func(args ...any) (any, error) {
		all := elements(args[0])
		null = all == nil
		return append([]any{}, all...), b.work.spend(len(all) * turn)
	}, list)
	loop := &ast.BuiltinNode{Name: name, Arguments: []ast.Node{before, &ast.PredicateNode{Node: body}}}
	return b.call(func(args ...any) (any, error) {
		if null {
			return nil, nil
		}
		return args[0], nil
	}, loop)
}

// maxLoops is how deep loops over lists may nest: each multiplies the work by the length of its list.
const maxLoops = 4

func (b *builder) closureBody(list operand, body syntax.Expression, condition bool) (operand, error) {
	if len(b.scopes) == maxLoops {
		return operand{}, syntax.Errorf(list.at(), "loops over lists nest deeper than %d", maxLoops).
			WithHint("use fewer any(), all(), filter() inside one another")
	}
	element := elementOf(list)
	element.node = &ast.PointerNode{}
	b.scopes = append(b.scopes, element)
	defer func() { b.scopes = b.scopes[:len(b.scopes)-1] }()
	if condition {
		return b.lowerCondition(body)
	}
	return b.lower(body)
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
