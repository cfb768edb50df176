package expression

import (
	"fmt"

	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// maxLowered bounds the nodes that are lowered. expr's parser bounds those that it makes, but gives some to two parents
// (the b of a < b < c), so that what is nested in them doubles at each level.
const maxLowered = 20_000

// lower types a node and turns it into one that runs without failing on NULL. A bare word is an error here.
func (b *builder) lower(node ast.Node) (operand, error) {
	o, err := b.lowerWord(node)
	if err == nil && o.word != "" {
		return operand{}, b.unknownColumn(o)
	}
	return o, err
}

// lowerWord is lower for the places where a bare word may stand for a value.
func (b *builder) lowerWord(node ast.Node) (operand, error) {
	if b.lowered++; b.lowered > maxLowered {
		return operand{}, b.tooLarge()
	}
	at := b.place(node)
	switch n := node.(type) {
	case *ast.IdentifierNode:
		return b.identifier(n, at)
	case *ast.NilNode:
		return constant(at, schema.Of(schema.Any), nil), nil
	case *ast.BoolNode:
		return constant(at, schema.Of(schema.Bool), n.Value), nil
	case *ast.UnaryNode:
		return b.unary(n, at)
	case *ast.BinaryNode:
		return b.binary(n, at)
	case *ast.ConditionalNode:
		return b.conditional(n)
	case *ast.ArrayNode:
		return b.array(n, at)
	case *ast.BuiltinNode:
		return b.callFunction(n.Name, n.Arguments, at)
	case *ast.CallNode:
		if callee, ok := n.Callee.(*ast.IdentifierNode); ok {
			return b.callFunction(callee.Value, n.Arguments, at)
		}
	case *ast.PointerNode:
		return b.pointer(n, at)
	case *ast.MemberNode:
		return b.member(n, at)
	case *ast.SliceNode:
		return b.slice(n, at)
	case *ast.ChainNode:
		return b.lower(n.Node)
	}
	return operand{}, syntax.Errorf(at, "netql's expressions have no %s", construct(node)).WithHint("use columns, literals, operators and functions")
}

// construct names what expr knows and netql leaves out.
func construct(node ast.Node) string {
	switch node.(type) {
	case *ast.MapNode:
		return "maps"
	case *ast.CallNode:
		return "methods"
	}
	return fmt.Sprintf("%T", node)
}

// place is the range of the token at which expr puts a node.
func (b *builder) place(node ast.Node) syntax.Range {
	start := b.text.Range().Start + node.Location().From
	if t, ok := b.tokens[start]; ok {
		return t.Range
	}
	return b.text.Range()
}

// identifier is a literal behind its placeholder, a column, or a bare word.
func (b *builder) identifier(n *ast.IdentifierNode, at syntax.Range) (operand, error) {
	t := b.tokens[at.Start]
	delete(b.masked, at.Start)
	switch t.Kind {
	case syntax.Number, syntax.Literal, syntax.String:
		return b.literal(t), nil
	case syntax.Quoted:
		return b.column(t.Value.(string), at)
	}
	return b.column(t.Text, at)
}

func (b *builder) literal(t syntax.Token) operand {
	if q, ok := t.Value.(syntax.Quantity); ok {
		o := constant(t.Range, schema.Of(goKind(q.Number)), q.Number)
		o.unit, o.number = q.Unit, q.Unit == schema.None
		return o
	}
	o := constant(t.Range, schema.Of(goKind(t.Value)), t.Value)
	o.number = t.Kind == syntax.Number
	return o
}

// column finds a column whatever its case; the exact spelling wins.
func (b *builder) column(name string, at syntax.Range) (operand, error) {
	c, ok := FindColumn(b.scope.Schema, name)
	if !ok {
		return operand{at: at, word: name}, nil
	}
	if b.scope.Aggregates != nil {
		return operand{}, syntax.Errorf(at, "%s is one value for each row, and a group has many", c.Name).
			WithHint("say which: max(%s), avg(%s), list(%s) ... or group by it", c.Name, c.Name, c.Name)
	}
	b.columns = append(b.columns, c.Name)
	b.comparing = b.comparing || c.Comparing
	get, row := c.Get, b.row
	return operand{
		node: b.call(func(...any) (any, error) { return get(*row), nil }),
		at:   at, typ: c.Type, unit: c.Unit, column: c, costly: c.Costly,
	}, nil
}

// array is a list of values of one kind.
func (b *builder) array(n *ast.ArrayNode, at syntax.Range) (operand, error) {
	elements := make([]operand, len(n.Nodes))
	list := operand{at: at, certain: true, constant: true}
	var common operand // stands for the elements so far
	for i, node := range n.Nodes {
		element, err := b.lower(node)
		if err != nil {
			return operand{}, err
		}
		elements[i] = element
		list.costly = list.costly || element.costly
		list.constant = list.constant && element.constant
		if i == 0 {
			common = element
			continue
		}
		typ, ok := resultType(common, element)
		if !ok && !(network(common.typ) && network(element.typ)) {
			return operand{}, mixedList(elements[0], element)
		}
		common = operand{typ: typ}
	}
	list.typ = common.typ
	return b.listOf(list, elements), nil
}

// listOf makes an operand of the elements of a list, whose common type it has so far.
func (b *builder) listOf(list operand, elements []operand) operand {
	nodes, values := make([]ast.Node, len(elements)), make([]any, len(elements))
	for i, element := range elements {
		element = b.widen(element, list.typ)
		nodes[i], values[i] = element.node, element.value
	}
	list.node, list.typ = &ast.ArrayNode{Nodes: nodes}, schema.ListOf(list.typ)
	if list.constant {
		list.value = values
	}
	return list
}

func mixedList(first, other operand) error {
	return syntax.Errorf(other.at, "the list mixes kinds: %s and %s", first.typ, other.typ).WithHint("all elements must be of one kind")
}

// conditional is a ? b : c; a condition that is NULL chooses c.
func (b *builder) conditional(n *ast.ConditionalNode) (operand, error) {
	question, err := b.lowerCondition(n.Cond)
	if err != nil {
		return operand{}, err
	}
	one, err := b.lower(n.Exp1)
	if err != nil {
		return operand{}, err
	}
	other, err := b.lower(n.Exp2)
	if err != nil {
		return operand{}, err
	}
	typ, ok := resultType(one, other)
	if !ok {
		typ = schema.Of(schema.Any)
	}
	one, other = b.widen(one, typ), b.widen(other, typ)
	result := operand{
		node: &ast.ConditionalNode{Ternary: true, Cond: question.node, Exp1: one.node, Exp2: other.node},
		at:   question.at.Join(one.at).Join(other.at), typ: typ, unit: commonUnit(one, other),
		certain: one.certain && other.certain, costly: question.costly || one.costly || other.costly,
	}
	if typ.Kind == schema.Bool && !result.certain {
		return b.truth(result), nil
	}
	return result, nil
}

// FindColumn finds a column by its exact name, else by its name in another case.
func FindColumn(s schema.Schema, name string) (*schema.Column, bool) {
	if c, ok := s.Column(name); ok {
		return c, true
	}
	for _, c := range s.Columns {
		if equalFold(c.Name, name) {
			return c, true
		}
	}
	return nil, false
}
