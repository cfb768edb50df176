package expression

import (
	"net/netip"

	"netql/query/schema"
	"netql/query/syntax"
)

// binary dispatches the operators that stand between two operands.
func (b *builder) binary(n *syntax.Binary) (operand, error) {
	result, err := b.positive(n)
	if err == nil && n.Negated {
		result.source = n
		result = negated(result)
	}
	return result, err
}

// positive lowers a binary operation without the not before its operator.
func (b *builder) positive(n *syntax.Binary) (operand, error) {
	switch n.Operator.Name {
	case "and", "or":
		return b.connect(n)
	case "??":
		return b.coalesce(n)
	case "==", "!=", "<", "<=", ">", ">=":
		return b.compare(n.Left, n.Operator.Name, n.Right)
	case "in":
		return b.in(n)
	case "contains", "matches", "startsWith", "endsWith":
		return b.textTest(n)
	case "..":
		return operand{}, syntax.Errorf(n.Operator.Range, "a range stands only after in").
			WithHint("for example: lport in 1..1023")
	}
	if word, ok := b.bareWord(n); ok {
		return word, nil
	}
	return b.arithmetic(n)
}

// mirrored is the operator after its operands have changed places.
var mirrored = map[string]string{"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// orders say for each operator which results of a comparison (-1, 0, 1) make it true.
var orders = map[string]func(int) bool{
	"==": func(c int) bool { return c == 0 },
	"!=": func(c int) bool { return c != 0 },
	"<":  func(c int) bool { return c < 0 },
	"<=": func(c int) bool { return c <= 0 },
	">":  func(c int) bool { return c > 0 },
	">=": func(c int) bool { return c >= 0 },
}

// compare lowers == != < <= > >=. A comparison with NULL is false, != is true; == nil and != nil test for NULL.
func (b *builder) compare(one syntax.Expression, op string, other syntax.Expression) (operand, error) {
	left, right, err := b.pair(one, other)
	if err != nil {
		return operand{}, err
	}
	if left.constant && !right.constant {
		left, right, op = right, left, mirrored[op]
	}
	if right.constant {
		return b.compareConstant(left, op, right)
	}
	return b.compareTwo(left, op, right)
}

// chain lowers a < b < c to what each pair of neighbours says.
func (b *builder) chain(n *syntax.Chain) (operand, error) {
	var all operand
	for i, op := range n.Operators {
		one, err := b.compare(n.Operands[i], op.Name, n.Operands[i+1])
		switch {
		case err != nil:
			return operand{}, err
		case i == 0:
			all = one
		default:
			all = connected("and", all, one)
		}
	}
	return all, nil
}

// pair lowers two operands, one of which may be a bare word that gets its meaning from the other's type.
func (b *builder) pair(one, other syntax.Expression) (left, right operand, err error) {
	if left, err = b.lowerWord(one); err != nil {
		return
	}
	if right, err = b.lowerWord(other); err != nil {
		return
	}
	switch {
	case left.word != "" && right.word != "":
		err = b.unknownColumn(left)
	case left.word != "":
		left, err = b.resolve(left, right)
	case right.word != "":
		right, err = b.resolve(right, left)
	}
	return
}

func (b *builder) compareConstant(o operand, op string, c operand) (operand, error) {
	if c.isNull() {
		switch op {
		case "==":
			return b.test(o, op, []any{nil}, func(v any) bool { return v == nil }), nil
		case "!=":
			return b.test(o, op, []any{nil}, func(v any) bool { return v != nil }), nil
		}
		return operand{}, syntax.Errorf(c.at(), "NULL is neither larger nor smaller than anything").
			WithHint("test it with == nil or != nil")
	}
	value, err := b.convert(c, o)
	if err != nil {
		return operand{}, err
	}
	if err := b.ordered(o, op); err != nil {
		return operand{}, err
	}
	if op == "==" || op == "!=" {
		holds, wanted := equality(value), op == "=="
		return b.test(o, op, []any{value}, func(v any) bool { return holds(v) == wanted }), nil
	}
	if _, prefix := value.(netip.Prefix); prefix && o.typ.Kind == schema.Address {
		return operand{}, syntax.Errorf(c.at(), "a prefix is no limit for an address").
			WithHint("write %s in %s", o.name(), schema.Format(value))
	}
	return b.test(o, op, []any{value}, order(value, orders[op])), nil
}

// ordered refuses < <= > >= and ranges for kinds whose order means nothing to people.
func (b *builder) ordered(o operand, op string) error {
	if op == "==" || op == "!=" {
		return nil
	}
	switch o.typ.Kind {
	case schema.Enum, schema.Bool, schema.Flags, schema.List, schema.Object:
		return syntax.Errorf(o.at(), "%s cannot be compared with %s: it is %s", o.name(), op, article(o.typ)).
			WithHint("compare it with ==, != or in")
	}
	return nil
}

// compareTwo compares two values that are known only when a row is there.
func (b *builder) compareTwo(left operand, op string, right operand) (operand, error) {
	if err := b.comparable(left, right); err != nil {
		return operand{}, err
	}
	if err := b.ordered(left, op); err != nil {
		return operand{}, err
	}
	if isOrder := op != "==" && op != "!="; isOrder && left.typ.Kind != right.typ.Kind && network(left.typ) {
		const message = "an address is neither larger nor smaller than a prefix"
		return operand{}, syntax.Errorf(left.at().Join(right.at()), message).
			WithHint("write %s in %s", left.name(), right.name())
	}
	accept, equal := orders[op], equalityOf(left.typ, right.typ)
	result := operand{typ: schema.Of(schema.Bool), certain: true, costly: left.costly || right.costly}
	result.node = b.call(func(args ...any) (any, error) {
		x, y := args[0], args[1]
		switch op {
		case "==":
			return equal(x, y), nil
		case "!=":
			return !equal(x, y), nil
		}
		return haveOrder(x, y) && accept(schema.Compare(x, y)), nil
	}, left.node, right.node)
	return result, nil
}

func (b *builder) comparable(left, right operand) error {
	if _, ok := commonType(left.typ, right.typ); !ok && !(network(left.typ) && network(right.typ)) {
		return syntax.Errorf(left.at().Join(right.at()), "%s is %s, and %s is %s: they are never equal",
			left.name(), article(left.typ), right.name(), article(right.typ)).
			WithHint("string(...) makes text of anything")
	}
	return nil
}
