package expression

import (
	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// lowerCondition lowers a node that must be true or false.
func (b *builder) lowerCondition(n syntax.Expression) (operand, error) {
	o, err := b.lower(n)
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
	e := syntax.Errorf(o.at(), "a condition is needed here, and %s", o.described())
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

// unary lowers not x, -x and +x.
func (b *builder) unary(n *syntax.Unary) (operand, error) {
	if n.Operator.Name != "not" {
		return b.sign(n)
	}
	o, err := b.lowerCondition(n.Operand)
	if err != nil {
		return operand{}, err
	}
	return negated(o), nil
}

// negated is the opposite of what is true or false.
func negated(o operand) operand {
	if o.constant {
		return constant(o.source, o.typ, o.value != true)
	}
	o.node = &ast.UnaryNode{Operator: "not", Node: o.node}
	o.predicate, o.column = not(o.predicate), nil
	return o
}

// connect lowers "and" and "or".
func (b *builder) connect(n *syntax.Binary) (operand, error) {
	left, err := b.lowerCondition(n.Left)
	if err != nil {
		return operand{}, err
	}
	right, err := b.lowerCondition(n.Right)
	if err != nil {
		return operand{}, err
	}
	return connected(n.Operator.Name, left, right), nil
}

// connected joins two conditions by "and" or "or". What is costly is tried last: neither side has an effect, so the
// order is free.
func connected(word string, left, right operand) operand {
	if left.costly && !right.costly {
		left, right = right, left
	}
	kind := conjunction
	if word == "or" {
		kind = disjunction
	}
	return operand{
		node: &ast.BinaryNode{Operator: word, Left: left.node, Right: right.node},
		typ:  schema.Of(schema.Bool), certain: true, costly: left.costly || right.costly,
		predicate: join(kind, []Predicate{left.predicate, right.predicate}),
	}
}

// coalesce is a ?? b: b where a is NULL.
func (b *builder) coalesce(n *syntax.Binary) (operand, error) {
	outer := b.replaced
	b.replaced = true
	left, err := b.lower(n.Left)
	b.replaced = outer
	if err != nil {
		return operand{}, err
	}
	right, err := b.lower(n.Right)
	if err != nil {
		return operand{}, err
	}
	typ, ok := resultType(left, right)
	if !ok {
		return operand{}, syntax.Errorf(right.at(), "%s, and %s", left.described(), right.described()).
			WithHint("both sides of ?? must be of one kind; string(...) makes text")
	}
	left, right = b.widen(left, typ), b.widen(right, typ)
	return operand{
		node: &ast.BinaryNode{Operator: "??", Left: left.node, Right: right.node},
		typ:  typ, unit: commonUnit(left, right),
		certain: right.certain, costly: left.costly || right.costly,
	}, nil
}

// conditional is a ? b : c; a condition that is NULL chooses c.
func (b *builder) conditional(n *syntax.Conditional) (operand, error) {
	question, err := b.lowerCondition(n.Condition)
	if err != nil {
		return operand{}, err
	}
	then := n.Then
	if then == nil {
		then = n.Condition
	}
	one, err := b.lower(then)
	if err != nil {
		return operand{}, err
	}
	other, err := b.lower(n.Else)
	if err != nil {
		return operand{}, err
	}
	typ, ok := resultType(one, other)
	if !ok {
		typ = schema.Of(schema.Any)
	}
	one, other = b.widen(one, typ), b.widen(other, typ)
	return operand{
		node:   &ast.ConditionalNode{Ternary: true, Cond: question.node, Exp1: one.node, Exp2: other.node},
		source: n, typ: typ, unit: commonUnit(one, other),
		certain: one.certain && other.certain, costly: question.costly || one.costly || other.costly,
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
