package expression

import (
	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// lowerCondition lowers a node that must be true or false.
func (b *builder) lowerCondition(node ast.Node) (operand, error) {
	o, err := b.lower(node)
	if err != nil {
		return operand{}, err
	}
	return b.condition(o)
}

// condition makes an operand one that is true or false; NULL is false.
func (b *builder) condition(o operand) (operand, error) {
	switch o.typ.Kind {
	case schema.Bool, schema.Any:
		return b.truth(o), nil
	}
	e := syntax.Errorf(o.at, "a condition is needed here, and %s is %s", o.name(b), article(o.typ))
	if o.typ.Kind == schema.Enum || o.typ.Numeric() {
		return operand{}, e.WithHint("compare it, for example with ==")
	}
	return operand{}, e.WithHint("compare it with == or !=, or test it with == nil")
}

// truth turns NULL, and what is no bool, into false.
func (b *builder) truth(o operand) operand {
	if o.typ.Kind == schema.Bool && o.certain {
		return o
	}
	return b.test(o, "==", []any{true}, func(v any) bool { t, _ := v.(bool); return t })
}

func (b *builder) unary(n *ast.UnaryNode, at syntax.Range) (operand, error) {
	if n.Operator == "-" || n.Operator == "+" {
		return b.sign(n, at)
	}
	o, err := b.lower(n.Node)
	if err != nil {
		return operand{}, err
	}
	if o.typ.Kind != schema.Bool && o.typ.Kind != schema.Any {
		return operand{}, syntax.Errorf(at.Join(o.at), "%s applies to %s alone, which is %s", n.Operator, o.name(b), article(o.typ)).
			WithHint("write not (... == ...), or x not in [...]")
	}
	o = b.truth(o)
	if o.constant {
		return constant(at.Join(o.at), o.typ, o.value != true), nil
	}
	o.node = &ast.UnaryNode{Operator: "not", Node: o.node}
	o.predicate, o.at, o.column = not(o.predicate), at.Join(o.at), nil
	return o, nil
}

// connect lowers "and" and "or". What is costly is tried last: neither side has an effect, so the order is free.
func (b *builder) connect(n *ast.BinaryNode) (operand, error) {
	left, err := b.lowerCondition(n.Left)
	if err != nil {
		return operand{}, err
	}
	right, err := b.lowerCondition(n.Right)
	if err != nil {
		return operand{}, err
	}
	at := left.at.Join(right.at)
	if left.costly && !right.costly {
		left, right = right, left
	}
	word, kind := "and", conjunction
	if n.Operator == "or" || n.Operator == "||" {
		word, kind = "or", disjunction
	}
	return operand{
		node: &ast.BinaryNode{Operator: word, Left: left.node, Right: right.node},
		at:   at, typ: schema.Of(schema.Bool), certain: true, costly: left.costly || right.costly,
		predicate: join(kind, []Predicate{left.predicate, right.predicate}),
	}, nil
}

// coalesce is a ?? b: b where a is NULL.
func (b *builder) coalesce(n *ast.BinaryNode) (operand, error) {
	left, err := b.lower(n.Left)
	if err != nil {
		return operand{}, err
	}
	right, err := b.lower(n.Right)
	if err != nil {
		return operand{}, err
	}
	typ, ok := resultType(left, right)
	if !ok {
		return operand{}, syntax.Errorf(right.at, "%s is %s, and %s is %s", left.name(b), article(left.typ), right.name(b), article(right.typ)).
			WithHint("both sides of ?? must be of one kind; string(...) makes text")
	}
	left, right = b.widen(left, typ), b.widen(right, typ)
	return operand{
		node: &ast.BinaryNode{Operator: "??", Left: left.node, Right: right.node},
		at:   left.at.Join(right.at), typ: typ, unit: commonUnit(left, right),
		certain: right.certain, costly: left.costly || right.costly,
	}, nil
}

func article(t schema.Type) string {
	switch t.Kind {
	case schema.Text, schema.Flags:
		return t.String()
	case schema.Int, schema.Address, schema.Enum, schema.Endpoint, schema.Any:
		return "an " + t.String()
	}
	return "a " + t.String()
}
