package expression

import (
	"net/netip"
	"slices"

	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// in lowers x in [list], x in low..high, address in prefix, and x in list column.
func (b *builder) in(n *syntax.Binary) (operand, error) {
	left, err := b.lowerWord(n.Left)
	if err != nil {
		return operand{}, err
	}
	switch right := n.Right.(type) {
	case *syntax.Array:
		return b.inList(left, right)
	case *syntax.Binary:
		if ends, ok := rangeOf(right); ok {
			return b.inInterval(left, ends)
		}
		return operand{}, syntax.Errorf(right.Operator.Range, "in needs a list or a range on its right").
			WithHint("for example: in [80, 443], in 1..1023")
	}
	return b.inValue(left, n.Right)
}

// inList lowers x in [a, b, c]. Where all elements are constants the test is one lookup. A range is an element too, and
// so is a prefix, which holds what lies in it.
func (b *builder) inList(left operand, list *syntax.Array) (operand, error) {
	if left.word != "" {
		return operand{}, b.unknownColumn(left)
	}
	var constants []any
	var ranges []operand
	others := []operand{left}
	var first operand
	for _, node := range list.Elements {
		if ends, ok := rangeOf(node); ok {
			in, err := b.inInterval(left, ends)
			if err != nil {
				return operand{}, err
			}
			ranges = append(ranges, in)
			continue
		}
		element, err := b.listElement(node, left)
		if err != nil {
			return operand{}, err
		}
		if first.source == nil {
			first = element
		} else if !b.mixable(first, element) {
			return operand{}, mixedList(first, element)
		}
		if !element.constant {
			others = append(others, element)
			continue
		}
		value, err := b.convertElement(element, left)
		if err != nil {
			return operand{}, err
		}
		constants = append(constants, value)
	}
	if len(others) > 1 {
		ranges = append(ranges, b.inMixed(others, membership(constants)))
	} else if len(constants) > 0 || len(ranges) == 0 {
		ranges = append(ranges, b.test(left, "in", constants, membership(constants)))
	}
	any := ranges[0]
	for _, one := range ranges[1:] {
		any = connected("or", any, one)
	}
	return any, nil
}

// rangeOf is low..high, if the node is one.
func rangeOf(node syntax.Expression) (*syntax.Binary, bool) {
	ends, ok := node.(*syntax.Binary)
	return ends, ok && ends.Operator.Name == ".."
}

// listElement lowers an element that left is compared with.
func (b *builder) listElement(node syntax.Expression, left operand) (operand, error) {
	element, err := b.lowerWord(node)
	if err == nil && element.word != "" {
		element, err = b.resolve(element, left)
	}
	if err == nil && !element.constant {
		err = b.comparable(left, element)
	}
	return element, err
}

// mixable says whether two elements may stand in one list. 0 is a duration, too.
func (b *builder) mixable(first, element operand) bool {
	_, ok := commonType(first.typ, element.typ)
	zero := func(o operand) bool { return o.number && o.value == 0 }
	duration := first.typ.Kind == schema.Duration || element.typ.Kind == schema.Duration
	return ok || network(first.typ) && network(element.typ) || duration && (zero(first) || zero(element))
}

func (b *builder) convertElement(element, left operand) (any, error) {
	if element.isNull() {
		return nil, syntax.Errorf(element.at(), "NULL is in no list").WithHint("write: or %s == nil", left.name())
	}
	return b.convert(element, left)
}

// inMixed lowers x in a list of which some elements are known only when a row is there. The first operand is x.
func (b *builder) inMixed(operands []operand, constants func(any) bool) operand {
	result := operand{typ: schema.Of(schema.Bool), certain: true}
	nodes := make([]ast.Node, len(operands))
	equal := make([]func(x, y any) bool, len(operands))
	for i, o := range operands {
		nodes[i], equal[i] = o.node, equalityOf(operands[0].typ, o.typ)
		if o.typ.Kind == schema.Prefix {
			equal[i] = inside
		}
		result.costly = result.costly || o.costly
	}
	result.node = b.call(func(args ...any) (any, error) {
		for i, element := range args[1:] {
			if equal[i+1](args[0], element) {
				return true, nil
			}
		}
		return constants(args[0]), nil
	}, nodes...)
	return result
}

// membership tests for any of the values; never true for NULL.
func membership(values []any) func(any) bool {
	exact := map[any]bool{}
	var others []func(any) bool
	for _, value := range values {
		switch value := value.(type) {
		case int, string:
			exact[value] = true
		case netip.Prefix:
			others = append(others, insideOf(value))
		default:
			others = append(others, equality(value))
		}
	}
	return func(v any) bool {
		switch x := v.(type) {
		case int, string:
			if exact[v] {
				return true
			}
		case float64:
			if x == float64(int(x)) && exact[int(x)] {
				return true
			}
		}
		return slices.ContainsFunc(others, func(holds func(any) bool) bool { return holds(v) })
	}
}

// inInterval lowers x in low..high; both ends belong to it.
func (b *builder) inInterval(left operand, ends *syntax.Binary) (operand, error) {
	if left.word != "" {
		return operand{}, b.unknownColumn(left)
	}
	var limits [2]any
	for i, node := range []syntax.Expression{ends.Left, ends.Right} {
		end, err := b.lowerWord(node)
		if err == nil && end.word != "" {
			end, err = b.resolve(end, left)
		}
		if err != nil {
			return operand{}, err
		}
		if !end.constant || end.isNull() {
			return operand{}, syntax.Errorf(end.at(), "the ends of a range must be constants").
				WithHint("write x >= a and x <= b")
		}
		if limits[i], err = b.convert(end, left); err != nil {
			return operand{}, err
		}
	}
	if err := b.ordered(left, "in"); err != nil {
		return operand{}, err
	}
	low, high := limits[0], limits[1]
	if schema.Compare(low, high) > 0 {
		return operand{}, syntax.Errorf(left.at().Join(ends.Range), "this range is empty: it ends before it begins").
			WithHint("write the smaller end first")
	}
	above, below := order(low, orders[">="]), order(high, orders["<="])
	return b.test(left, Interval, []any{low, high}, func(v any) bool { return above(v) && below(v) }), nil
}
