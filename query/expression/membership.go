package expression

import (
	"net/netip"
	"slices"

	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// in lowers x in [list], x in low..high, address in prefix, and x in list column.
func (b *builder) in(n *ast.BinaryNode) (operand, error) {
	left, err := b.lowerWord(n.Left)
	if err != nil {
		return operand{}, err
	}
	at := left.at.Join(b.place(n))
	var result operand
	switch right := n.Right.(type) {
	case *ast.ArrayNode:
		result, err = b.inList(left, right)
	case *ast.BinaryNode:
		if right.Operator != ".." {
			return operand{}, syntax.Errorf(b.place(right), "in needs a list or a range on its right").WithHint("for example: in [80, 443], in 1..1023")
		}
		result, err = b.inInterval(left, right)
	default:
		result, err = b.inValue(left, n.Right)
	}
	if err != nil {
		return operand{}, err
	}
	result.at = result.at.Join(at)
	return result, nil
}

// inList lowers x in [a, b, c]. Where all elements are constants the test is one lookup.
func (b *builder) inList(left operand, list *ast.ArrayNode) (operand, error) {
	if left.word != "" {
		return operand{}, b.unknownColumn(left)
	}
	values := make([]any, len(list.Nodes))
	var first, alternatives operand
	for i, node := range list.Nodes {
		element, err := b.lowerWord(node)
		if err == nil && element.word != "" {
			element, err = b.resolve(element, left)
		}
		if err != nil {
			return operand{}, err
		}
		if i == 0 {
			first = element
		} else if _, ok := commonType(first.typ, element.typ); !ok {
			return operand{}, mixedList(first, element)
		}
		if element.constant {
			if values[i], err = b.convertElement(element, left); err != nil {
				return operand{}, err
			}
			continue
		}
		alternatives, err = b.orEqual(alternatives, left, element)
		if err != nil {
			return operand{}, err
		}
		values[i] = unusedElement{}
	}
	values = slices.DeleteFunc(values, func(v any) bool { return v == unusedElement{} })
	constants := b.test(left, "in", values, membership(values, left.typ))
	return either(constants, alternatives), nil
}

// unusedElement marks the place of a list element that is no constant.
type unusedElement struct{}

func (b *builder) convertElement(element, left operand) (any, error) {
	if element.isNull() {
		return nil, syntax.Errorf(element.at, "NULL is in no list").WithHint("write: or %s == nil", left.name(b))
	}
	return b.convert(element, left)
}

// orEqual is: so far, or left == element.
func (b *builder) orEqual(soFar, left, element operand) (operand, error) {
	equal, err := b.compareTwo(left, "==", element)
	return either(equal, soFar), err
}

func either(a, b operand) operand {
	if b.node == nil {
		return a
	}
	return operand{
		node: &ast.BinaryNode{Operator: "or", Left: a.node, Right: b.node}, at: a.at,
		typ: schema.Of(schema.Bool), certain: true, costly: a.costly || b.costly,
		predicate: join(disjunction, []Predicate{a.predicate, b.predicate}),
	}
}

// membership tests for any of the values; never true for NULL.
func membership(values []any, typ schema.Type) func(any) bool {
	exact := map[any]bool{}
	var others []func(any) bool
	for _, value := range values {
		switch value.(type) {
		case int, string:
			exact[value] = true
		default:
			others = append(others, equality(value, typ))
		}
	}
	ints := slices.ContainsFunc(values, func(v any) bool { _, ok := v.(int); return ok })
	return func(v any) bool {
		switch x := v.(type) {
		case int, string:
			if exact[v] {
				return true
			}
		case float64:
			if ints && x == float64(int(x)) && exact[int(x)] {
				return true
			}
		}
		return slices.ContainsFunc(others, func(holds func(any) bool) bool { return holds(v) })
	}
}

// inInterval lowers x in low..high; both ends belong to it.
func (b *builder) inInterval(left operand, n *ast.BinaryNode) (operand, error) {
	if left.word != "" {
		return operand{}, b.unknownColumn(left)
	}
	var ends [2]any
	at := left.at
	for i, node := range []ast.Node{n.Left, n.Right} {
		end, err := b.lowerWord(node)
		if err == nil && end.word != "" {
			end, err = b.resolve(end, left)
		}
		if err != nil {
			return operand{}, err
		}
		if !end.constant || end.isNull() {
			return operand{}, syntax.Errorf(end.at, "the ends of a range must be constants").WithHint("write x >= a and x <= b")
		}
		if ends[i], err = b.convert(end, left); err != nil {
			return operand{}, err
		}
		at = at.Join(end.at)
	}
	if err := b.ordered(left, "in"); err != nil {
		return operand{}, err
	}
	low, high := ends[0], ends[1]
	if schema.Compare(low, high) > 0 {
		return operand{}, syntax.Errorf(at, "this range is empty: it ends before it begins").WithHint("write the smaller end first")
	}
	result := b.test(left, interval, []any{low, high}, func(v any) bool {
		return v != nil && schema.Compare(low, v) <= 0 && schema.Compare(v, high) <= 0
	})
	result.at = at
	return result, nil
}

// inValue lowers address in prefix, and x in a list that a column or function gives.
func (b *builder) inValue(left operand, node ast.Node) (operand, error) {
	right, err := b.lowerWord(node)
	if err != nil {
		return operand{}, err
	}
	if left.word != "" && right.word == "" && right.typ.Kind == schema.Flags {
		left, err = b.resolve(left, right)
	}
	switch {
	case err != nil:
		return operand{}, err
	case left.word != "":
		return operand{}, b.unknownColumn(left)
	case right.word != "":
		return operand{}, b.unknownColumn(right)
	}
	switch right.typ.Kind {
	case schema.Prefix:
		return b.inPrefix(left, right)
	case schema.Flags:
		return b.holdsFlag(right, left)
	case schema.List, schema.Any:
		result := operand{typ: schema.Of(schema.Bool), at: left.at.Join(right.at), certain: true, costly: left.costly || right.costly}
		result.node = b.call(func(args ...any) (any, error) { return listHolds(args[1], args[0]), nil }, left.node, right.node)
		return result, nil
	}
	e := syntax.Errorf(right.at, "in needs a list, a range or a prefix on its right, and %s is %s", right.name(b), article(right.typ))
	if textual(right.typ) {
		return operand{}, e.WithHint("for a part of text: %s contains ...", right.name(b))
	}
	return operand{}, e.WithHint("for example: in [80, 443], in 1..1023, in 10.0.0.0/8")
}

func listHolds(list, v any) bool {
	elements, _ := list.([]any)
	return v != nil && slices.ContainsFunc(elements, func(element any) bool {
		return element != nil && schema.Compare(element, v) == 0
	})
}

func (b *builder) inPrefix(left, right operand) (operand, error) {
	if !network(left.typ) && left.typ.Kind != schema.Any {
		return operand{}, syntax.Errorf(left.at, "%s is %s, and only an address can be in a prefix", left.name(b), article(left.typ)).
			WithHint("for example: raddr in 10.0.0.0/8")
	}
	if prefix, ok := right.value.(netip.Prefix); ok {
		prefix = prefix.Masked()
		return b.test(left, "in", []any{prefix}, func(v any) bool { return inside(v, prefix) }), nil
	}
	result := operand{typ: schema.Of(schema.Bool), at: left.at.Join(right.at), certain: true, costly: left.costly || right.costly}
	result.node = b.call(func(args ...any) (any, error) { return inside(args[0], args[1]), nil }, left.node, right.node)
	return result, nil
}

// inside says whether an address or a whole prefix lies in the prefix.
func inside(v, prefix any) bool {
	outer, ok := prefix.(netip.Prefix)
	if inner, isPrefix := v.(netip.Prefix); ok && isPrefix {
		return inner.Bits() >= outer.Bits() && outer.Contains(inner.Addr())
	}
	return ok && within(v, outer)
}
