package expression

import (
	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// maxLowered bounds the nodes that are lowered. The parser bounds those that it makes, but the b of a < b < c and the
// a of a ?: c are lowered twice, so that what is nested in them doubles at each level.
const maxLowered = 20_000

// lower types a node and turns it into one that runs without failing on NULL. A bare word is an error here.
func (b *builder) lower(n syntax.Expression) (operand, error) {
	o, err := b.lowerWord(n)
	if err == nil && o.word != "" {
		return operand{}, b.unknownColumn(o)
	}
	return o, err
}

// lowerBoth lowers both operands of a binary operation.
func (b *builder) lowerBoth(n *syntax.Binary) (left, right operand, err error) {
	if left, err = b.lower(n.Left); err == nil {
		right, err = b.lower(n.Right)
	}
	return left, right, err
}

// lowerWord is lower where a bare word may stand for a value: the operand's word is set then, and its node is not.
func (b *builder) lowerWord(n syntax.Expression) (operand, error) {
	if b.lowered++; b.lowered > maxLowered {
		return operand{}, b.tooLarge()
	}
	o, err := b.lowerNode(n)
	o.source = n
	return o, err
}

func (b *builder) lowerNode(n syntax.Expression) (operand, error) {
	switch n := n.(type) {
	case *syntax.Word:
		return b.column(n)
	case *syntax.Constant:
		return b.literal(n), nil
	case *syntax.Unary:
		return b.unary(n)
	case *syntax.Binary:
		return b.binary(n)
	case *syntax.Chain:
		return b.chain(n)
	case *syntax.Conditional:
		return b.conditional(n)
	case *syntax.Array:
		return b.list(n)
	case *syntax.Call:
		return b.callFunction(n)
	case *syntax.Element:
		return b.element(n)
	case *syntax.Field:
		return b.field(n)
	case *syntax.Index:
		return b.index(n)
	case *syntax.Slice:
		return b.slice(n)
	}
	return operand{}, syntax.Errorf(n.Span(), "the engine has no %T", n)
}

func (b *builder) literal(n *syntax.Constant) operand {
	if q, ok := n.Value.(syntax.Quantity); ok {
		o := constant(n, schema.Of(goKind(q.Number)), q.Number)
		o.unit, o.number = q.Unit, q.Unit == schema.None
		return o
	}
	o := constant(n, schema.Of(goKind(n.Value)), n.Value)
	o.number = n.Kind == syntax.Number
	return o
}

// column finds a column whatever its case; the exact spelling wins. What is no column is a bare word.
func (b *builder) column(n *syntax.Word) (operand, error) {
	c, ok := FindColumn(b.scope.Schema, n.Name)
	if !ok {
		return operand{word: n.Name}, nil
	}
	if b.scope.Aggregates != nil {
		return operand{}, syntax.Errorf(n.Range, "%s is one value for each row, and a group has many", c.Name).
			WithHint("say which: max(%s), avg(%s), list(%s) ... or group by it", c.Name, c.Name, c.Name)
	}
	b.columns = append(b.columns, c.Name)
	b.comparing = b.comparing || c.Comparing
	get, row := c.Get, b.row
	o := operand{
		node: b.call(func(...any) (any, error) { return get(*row), nil }),
		typ:  c.Type, unit: c.Unit, column: c, costly: c.Costly,
	}
	if c.Change == schema.Counter || c.ChangeOf != nil {
		o.counters = []*schema.Column{c}
	}
	return o, nil
}

// list is a list of values of one kind.
func (b *builder) list(n *syntax.Array) (operand, error) {
	elements := make([]operand, len(n.Elements))
	list := operand{certain: true, constant: true}
	var common operand // stands for the elements so far
	for i, node := range n.Elements {
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
		common = operand{typ: typ, unit: commonUnit(common, element), number: common.number && element.number}
	}
	list.typ, list.unit = common.typ, common.unit
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
	return syntax.Errorf(other.at(), "the list mixes kinds: %s and %s", first.typ, other.typ).
		WithHint("all elements must be of one kind")
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
