package expression

import (
	"math"
	"strings"

	"netql/query/schema"
	"netql/query/syntax"
)

// element is # in a closure: the current element.
func (b *builder) element(n *syntax.Element) (operand, error) {
	if len(b.scopes) == 0 {
		const message = "# stands for the element inside any(), all(), filter() and their kin"
		return operand{}, syntax.Errorf(n.Range, message).
			WithHint(`for example: any(owners, .process == "nginx")`)
	}
	return b.scopes[len(b.scopes)-1], nil
}

// index lowers list[index].
func (b *builder) index(n *syntax.Index) (operand, error) {
	object, err := b.lower(n.Object)
	if err != nil {
		return operand{}, err
	}
	index, err := b.lower(n.Index)
	if err != nil {
		return operand{}, err
	}
	if object.typ.Kind != schema.List && object.typ.Kind != schema.Flags && object.typ.Kind != schema.Any {
		return operand{}, syntax.Errorf(object.at(), "%s, and only lists have elements", object.described()).
			WithHint("for example: owners[0]")
	}
	if index.typ.Kind != schema.Int && index.typ.Kind != schema.Any {
		return operand{}, syntax.Errorf(index.at(), "an element is chosen by its number, and %s", index.described()).
			WithHint("for example: owners[0]")
	}
	result := b.apply(n, elementType(object.typ), func(args []any) (any, error) {
		i, ok := args[1].(int)
		if !ok {
			return nil, nil
		}
		return element(args[0], i), nil
	}, object, index)
	result.unit = object.unit
	return result, nil
}

// field lowers record.name.
func (b *builder) field(n *syntax.Field) (operand, error) {
	if word, ok := b.bareWord(n); ok {
		return word, nil
	}
	object, err := b.lower(n.Object)
	if err != nil {
		return operand{}, err
	}
	if object.typ.Kind != schema.Object && object.typ.Kind != schema.Any {
		return operand{}, syntax.Errorf(n.Range, "%s, and only records have parts", object.described()).
			WithHint("for example: owners[0].pid")
	}
	name, typ := n.Name.Name, schema.Of(schema.Any)
	if object.typ.Kind == schema.Object {
		var names []string
		found := false
		for _, f := range object.typ.Fields {
			if names = append(names, f.Name); equalFold(f.Name, name) {
				name, typ, found = f.Name, f.Type, true
			}
		}
		if !found {
			return operand{}, syntax.Errorf(n.Name.Range, "the record has no part %q", name).
				WithHint("its parts: %s", strings.Join(names, ", "))
		}
	}
	return b.apply(n, typ, func(args []any) (any, error) {
		record, ok := args[0].(schema.Record)
		if !ok {
			return nil, nil
		}
		return record.Field(name), nil
	}, object), nil
}

// slice lowers list[from:to] and text[from:to]; what lies outside is left out.
func (b *builder) slice(n *syntax.Slice) (operand, error) {
	object, err := b.lower(n.Object)
	if err != nil {
		return operand{}, err
	}
	operands := []operand{object}
	for i, node := range []syntax.Expression{n.From, n.To} {
		end := constant(n, schema.Of(schema.Int), []int{0, math.MaxInt}[i])
		if node != nil {
			if end, err = b.lower(node); err != nil {
				return operand{}, err
			}
			if end.typ.Kind != schema.Int && end.typ.Kind != schema.Any {
				return operand{}, syntax.Errorf(end.at(), "a position is a number, and %s", end.described()).
					WithHint("for example: process[0:3]")
			}
		}
		operands = append(operands, end)
	}
	typ := object.typ
	switch typ.Kind {
	case schema.Enum:
		typ = schema.Of(schema.Text)
	case schema.Flags:
		typ = schema.ListOf(elementType(typ))
	}
	if typ.Kind != schema.Text && typ.Kind != schema.List && typ.Kind != schema.Any {
		return operand{}, syntax.Errorf(object.at(), "%s, and only text and lists can be cut", object.described()).
			WithHint("string(...) makes text of anything")
	}
	result := b.apply(n, typ, cut, operands...)
	result.unit = object.unit
	return result, nil
}

// cut counts from the end where a position is negative; text is counted in characters.
func cut(args []any) (any, error) {
	from, ok := args[1].(int)
	to, both := args[2].(int)
	if !ok || !both {
		return nil, nil
	}
	if s, ok := args[0].(string); ok {
		var starts []int
		for i := range s {
			starts = append(starts, i)
		}
		from, to = bounds(len(starts), from, to)
		starts = append(starts, len(s))
		return s[starts[from]:starts[to]], nil
	}
	all := elements(args[0])
	if all == nil {
		return nil, nil
	}
	from, to = bounds(len(all), from, to)
	return all[from:to], nil
}

// bounds are the positions inside of n elements.
func bounds(n, from, to int) (int, int) {
	inside := func(i int) int {
		if i < 0 {
			i += n
		}
		return max(0, min(i, n))
	}
	from, to = inside(from), inside(to)
	return from, max(from, to)
}
