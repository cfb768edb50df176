package expression

import (
	"net/netip"
	"slices"

	"netql/query/schema"
	"netql/query/syntax"
)

// inValue lowers address in prefix, and x in a list that a column or function gives.
func (b *builder) inValue(left operand, node syntax.Expression) (operand, error) {
	right, err := b.lowerWord(node)
	if err != nil {
		return operand{}, err
	}
	holds := right.typ.Kind == schema.Flags || right.typ.Kind == schema.List
	if left.word != "" && right.word == "" && holds {
		left, err = b.resolve(left, right)
	}
	switch {
	case err != nil:
		return operand{}, err
	case left.word != "":
		return operand{}, b.unknownColumn(left)
	case right.word != "":
		return b.inWord(left, right)
	}
	switch right.typ.Kind {
	case schema.Prefix:
		return b.inPrefix(left, right)
	case schema.Flags:
		return b.holdsFlag(right, left)
	case schema.List, schema.Any:
		return b.holdsElement(right, left)
	}
	e := syntax.Errorf(right.at(), "in needs a list, a range or a prefix on its right, and %s", right.described())
	if textual(right.typ) {
		return operand{}, e.WithHint("for a part of text: %s contains ...", right.name())
	}
	return operand{}, e.WithHint("for example: in [80, 443], in 1..1023, in 10.0.0.0/8")
}

// inWord lowers state in LISTEN, which is meant as a list of one word.
func (b *builder) inWord(left, word operand) (operand, error) {
	element, err := b.resolve(word, left)
	if err != nil {
		return operand{}, err
	}
	value, err := b.convertElement(element, left)
	return b.test(left, "in", []any{value}, membership([]any{value})), err
}

// holdsElement lowers list contains x, and x in list.
func (b *builder) holdsElement(list, element operand) (operand, error) {
	typ := elementType(list.typ)
	if element.constant {
		side := operand{typ: typ, source: list.source, unit: list.unit}
		if typ.Kind == schema.Object {
			return operand{}, syntax.Errorf(list.at(), "%s is a list of records", list.name()).
				WithHint("for example: any(%s, .pid == 1)", list.name())
		}
		value, err := b.convertElement(element, side)
		if err != nil {
			return operand{}, err
		}
		holds := equality(value)
		if host, ok := hostOf(element); ok && typ.Kind == schema.Prefix {
			holds = func(v any) bool { return addressInPrefix(host, v) } // as where the address comes from a column
		}
		test := func(v any) bool { return slices.ContainsFunc(elements(v), holds) }
		return b.test(list, "contains", []any{value}, test), nil
	}
	if err := b.comparable(operand{typ: typ, source: list.source}, element); err != nil {
		return operand{}, err
	}
	equal := equalityOf(typ, element.typ)
	result := operand{typ: schema.Of(schema.Bool), certain: true, costly: list.costly || element.costly}
	result.node = b.call(func(args ...any) (any, error) {
		return slices.ContainsFunc(elements(args[0]), func(v any) bool { return equal(v, args[1]) }), nil
	}, list.node, element.node)
	return result, nil
}

// hostOf is the address that a literal is, if it is one and no prefix.
func hostOf(literal operand) (netip.Addr, bool) {
	if s, ok := literal.value.(string); ok {
		host, err := netip.ParseAddr(s)
		return host, err == nil
	}
	host, ok := literal.value.(netip.Addr)
	return host, ok
}

func (b *builder) inPrefix(left, right operand) (operand, error) {
	if !network(left.typ) && left.typ.Kind != schema.Any {
		return operand{}, syntax.Errorf(left.at(), "%s, and only an address can be in a prefix", left.described()).
			WithHint("for example: raddr in 10.0.0.0/8")
	}
	if prefix, ok := right.value.(netip.Prefix); ok {
		return b.test(left, "in", []any{prefix.Masked()}, insideOf(prefix)), nil
	}
	result := operand{typ: schema.Of(schema.Bool), certain: true, costly: left.costly || right.costly}
	test := func(args ...any) (any, error) { return inside(args[0], args[1]), nil }
	result.node = b.call(test, left.node, right.node)
	return result, nil
}

// insideOf tests whether an address or a whole prefix lies in a prefix.
func insideOf(prefix netip.Prefix) func(any) bool {
	prefix = prefix.Masked()
	return func(v any) bool { return inside(v, prefix) }
}

// inside says whether an address or a whole prefix lies in the prefix.
func inside(v, prefix any) bool {
	outer, ok := prefix.(netip.Prefix)
	if inner, isPrefix := v.(netip.Prefix); ok && isPrefix {
		return inner.Bits() >= outer.Bits() && outer.Contains(inner.Addr())
	}
	return ok && within(v, outer)
}
