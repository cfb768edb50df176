package expression

import (
	"net/netip"

	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// binary dispatches the operators that stand between two operands.
func (b *builder) binary(n *ast.BinaryNode, at syntax.Range) (operand, error) {
	switch n.Operator {
	case "and", "or", "&&", "||":
		return b.connect(n)
	case "??":
		return b.coalesce(n)
	case "==", "!=", "<", "<=", ">", ">=":
		return b.compare(n)
	case "in":
		return b.in(n)
	case "contains", "matches", "startsWith", "endsWith":
		return b.textTest(n)
	case "..":
		return b.interval(n)
	case "-":
		if word, ok := b.hyphenated(n, at); ok {
			return word, nil
		}
	}
	return b.arithmetic(n, at)
}

// hyphenated takes time-wait, written without blanks, for one bare word when time is no column.
func (b *builder) hyphenated(n *ast.BinaryNode, minus syntax.Range) (operand, bool) {
	left, ok := b.wordStart(n.Left)
	if !ok || left.at.End != minus.Start {
		return operand{}, false
	}
	end, ok := n.Right.(*ast.IdentifierNode)
	right := b.tokens[minus.End]
	if !ok || b.place(end) != right.Range || right.Kind != syntax.Name && right.Kind != syntax.Number {
		return operand{}, false
	}
	delete(b.masked, minus.End)
	return operand{word: left.word + "-" + right.Text, at: left.at.Join(right.Range)}, true
}

// wordStart is what stands before a hyphen: a word that is no column, or words joined by hyphens.
func (b *builder) wordStart(node ast.Node) (operand, bool) {
	at := b.place(node)
	switch n := node.(type) {
	case *ast.IdentifierNode:
		t := b.tokens[at.Start]
		_, column := FindColumn(b.scope.Schema, t.Text)
		return operand{word: t.Text, at: at}, t.Kind == syntax.Name && !column
	case *ast.BinaryNode:
		if n.Operator == "-" {
			return b.hyphenated(n, at)
		}
	}
	return operand{}, false
}

// mirrored is the operator after its operands have changed places.
var mirrored = map[string]string{"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// orders say which results of a comparison an operator accepts.
var orders = map[string]func(int) bool{
	"==": func(c int) bool { return c == 0 },
	"!=": func(c int) bool { return c != 0 },
	"<":  func(c int) bool { return c < 0 },
	"<=": func(c int) bool { return c <= 0 },
	">":  func(c int) bool { return c > 0 },
	">=": func(c int) bool { return c >= 0 },
}

// compare lowers == != < <= > >=. A comparison with NULL is false, != is true; == nil and != nil test for NULL.
func (b *builder) compare(n *ast.BinaryNode) (operand, error) {
	left, right, err := b.pair(n)
	if err != nil {
		return operand{}, err
	}
	op, at := n.Operator, left.at.Join(right.at)
	if left.constant && !right.constant {
		left, right, op = right, left, mirrored[op]
	}
	var result operand
	if right.constant {
		result, err = b.compareConstant(left, op, right)
	} else {
		result, err = b.compareTwo(left, op, right)
	}
	result.at = at
	return result, err
}

// pair lowers two operands, one of which may be a bare word that the other gives a meaning.
func (b *builder) pair(n *ast.BinaryNode) (left, right operand, err error) {
	if left, err = b.lowerWord(n.Left); err != nil {
		return
	}
	if right, err = b.lowerWord(n.Right); err != nil {
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
		return operand{}, syntax.Errorf(c.at, "NULL is neither larger nor smaller than anything").WithHint("test it with == nil or != nil")
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
		return operand{}, syntax.Errorf(c.at, "a prefix is no limit for an address").WithHint("write %s in %s", o.name(b), schema.Format(value))
	}
	return b.test(o, op, []any{value}, order(value, orders[op])), nil
}

// ordered refuses < and its kin for what has no order that a person would agree on.
func (b *builder) ordered(o operand, op string) error {
	if op == "==" || op == "!=" {
		return nil
	}
	switch o.typ.Kind {
	case schema.Enum, schema.Bool, schema.Flags, schema.List, schema.Object:
		return syntax.Errorf(o.at, "%s cannot be compared with %s: it is %s", o.name(b), op, article(o.typ)).WithHint("compare it with ==, != or in")
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
		return operand{}, syntax.Errorf(left.at.Join(right.at), "an address is neither larger nor smaller than a prefix").
			WithHint("write %s in %s", left.name(b), right.name(b))
	}
	accept, equal := orders[op], sameness(left.typ, right.typ)
	result := operand{typ: schema.Of(schema.Bool), certain: true, costly: left.costly || right.costly}
	result.node = b.call(func(args ...any) (any, error) {
		x, y := args[0], args[1]
		switch op {
		case "==":
			return equal(x, y), nil
		case "!=":
			return !equal(x, y), nil
		}
		return alike(x, y) && accept(schema.Compare(x, y)), nil
	}, left.node, right.node)
	return result, nil
}

func (b *builder) comparable(left, right operand) error {
	if _, ok := commonType(left.typ, right.typ); !ok && !(network(left.typ) && network(right.typ)) {
		return syntax.Errorf(left.at.Join(right.at), "%s is %s, and %s is %s: they are never equal",
			left.name(b), article(left.typ), right.name(b), article(right.typ)).WithHint("string(...) makes text of anything")
	}
	return nil
}
