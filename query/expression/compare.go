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
	left, err := b.lowerWord(n.Left)
	right, ok := b.tokens[minus.End]
	if err != nil || left.word == "" || left.at.End != minus.Start || !ok {
		return operand{}, false
	}
	delete(b.masked, minus.End)
	return operand{word: left.word + "-" + right.Text, at: left.at.Join(right.Range)}, true
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
	holds := equality(value, o.typ)
	if op == "==" || op == "!=" {
		wanted := op == "=="
		return b.test(o, op, []any{value}, func(v any) bool { return holds(v) == wanted }), nil
	}
	if _, prefix := value.(netip.Prefix); prefix && o.typ.Kind == schema.Address {
		return operand{}, syntax.Errorf(c.at, "a prefix is no limit for an address").WithHint("write %s in %s", o.name(b), schema.Format(value))
	}
	accept := orders[op]
	if limit, ok := value.(int); ok {
		return b.test(o, op, []any{value}, intOrder(limit, accept)), nil
	}
	return b.test(o, op, []any{value}, func(v any) bool { return v != nil && accept(schema.Compare(v, value)) }), nil
}

// intOrder is the comparison that most conditions are made of.
func intOrder(limit int, accept func(int) bool) func(any) bool {
	return func(v any) bool {
		switch v := v.(type) {
		case int:
			switch {
			case v < limit:
				return accept(-1)
			case v > limit:
				return accept(1)
			}
			return accept(0)
		case nil:
			return false
		}
		return accept(schema.Compare(v, limit))
	}
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

// equality tests for one value; never true for NULL. An address without a zone stands for every zone, and equals a
// prefix when it lies in it.
func equality(want any, typ schema.Type) func(any) bool {
	switch want := want.(type) {
	case int:
		return func(v any) bool {
			if i, ok := v.(int); ok {
				return i == want
			}
			f, ok := v.(float64)
			return ok && f == float64(want)
		}
	case float64:
		return func(v any) bool { return v != nil && schema.Compare(v, want) == 0 }
	case string:
		return func(v any) bool { s, ok := v.(string); return ok && s == want }
	case netip.Addr:
		return func(v any) bool { return sameAddr(v, want) }
	case netip.Prefix:
		if typ.Kind == schema.Address {
			want = want.Masked()
			return func(v any) bool { return within(v, want) }
		}
	}
	key := schema.Key(want)
	return func(v any) bool { return v != nil && schema.Key(v) == key }
}

func sameAddr(v any, want netip.Addr) bool {
	a, ok := v.(netip.Addr)
	return ok && (a == want || want.Zone() == "" && a.Zone() != "" && a.WithZone("") == want)
}

// within says whether a value is an address in the prefix. Prefixes know no zones and no mapped addresses.
func within(v any, prefix netip.Prefix) bool {
	a, ok := v.(netip.Addr)
	return ok && prefix.Contains(a.WithZone("").Unmap())
}

// compareTwo compares two values that are known only when a row is there.
func (b *builder) compareTwo(left operand, op string, right operand) (operand, error) {
	if err := b.comparable(left, right); err != nil {
		return operand{}, err
	}
	if err := b.ordered(left, op); err != nil {
		return operand{}, err
	}
	accept, equal := orders[op], op == "==" || op == "!="
	typ, network := left.typ, left.typ.Kind != right.typ.Kind && network(left.typ)
	result := operand{typ: schema.Of(schema.Bool), certain: true, costly: left.costly || right.costly}
	result.node = b.call(func(args ...any) (any, error) {
		x, y := args[0], args[1]
		switch {
		case x == nil || y == nil:
			return op == "!=", nil
		case network && equal:
			return (belongs(x, y) || belongs(y, x)) == (op == "=="), nil
		}
		return accept(typ.Compare(x, y)), nil
	}, left.node, right.node)
	return result, nil
}

func belongs(v, prefix any) bool {
	p, ok := prefix.(netip.Prefix)
	return ok && within(v, p)
}

func (b *builder) comparable(left, right operand) error {
	if _, ok := commonType(left.typ, right.typ); !ok {
		return syntax.Errorf(left.at.Join(right.at), "%s is %s, and %s is %s: they are never equal",
			left.name(b), article(left.typ), right.name(b), article(right.typ)).WithHint("string(...) makes text of anything")
	}
	return nil
}
