package expression

import (
	"slices"

	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// operand is a lowered part of the expression and what is known about it.
type operand struct {
	node      ast.Node
	at        syntax.Range
	typ       schema.Type
	unit      schema.Unit
	constant  bool // value is known now
	value     any
	number    bool           // a constant without a unit, which takes the unit of what it is compared with
	column    *schema.Column // set for a column and nothing more
	word      string         // set for a bare word that is no column; node is nil
	certain   bool           // never NULL
	costly    bool
	predicate Predicate
}

// name describes the operand in an error.
func (o operand) name(b *builder) string {
	return short(syntax.Expression{Tokens: b.between(b.balanced(o.at))})
}

func short(e syntax.Expression) string {
	text := e.String()
	if len(text) > 40 {
		return unnamed
	}
	return text
}

// unnamed stands for an operand that is too long for an error.
const unnamed = "this"

// between are the tokens inside a range.
func (b *builder) between(at syntax.Range) []syntax.Token {
	tokens := b.text.Tokens
	from, _ := slices.BinarySearchFunc(tokens, at.Start, func(t syntax.Token, start int) int { return t.Range.Start - start })
	to, _ := slices.BinarySearchFunc(tokens, at.End+1, func(t syntax.Token, end int) int { return t.Range.End - end })
	return tokens[from:max(from, to)]
}

// balanced makes a range longer until it holds the end of every bracket that it opens: of f(x the call's, too.
func (b *builder) balanced(at syntax.Range) syntax.Range {
	depth := 0
	for _, t := range b.between(syntax.Range{Start: at.Start, End: b.text.Range().End}) {
		if depth <= 0 && t.Range.Start >= at.End {
			break
		}
		switch {
		case t.Is("("), t.Is("["), t.Is("{"):
			depth++
		case t.Is(")"), t.Is("]"), t.Is("}"):
			depth--
		}
		at.End = max(at.End, t.Range.End)
	}
	return at
}

// maxFolded bounds the constants that are computed while the query is compiled, and kept as long as it.
const maxFolded = 4 << 10

// apply lowers a pure function of operands. A NULL argument gives NULL, and so does a failure, of which the plan's
// warnings tell. Constants are folded.
func (b *builder) apply(typ schema.Type, function func(args []any) (any, error), operands ...operand) operand {
	return b.applyAt(operands[0].at, typ, function, operands...)
}

// applyAt is apply where the function's name stands somewhere.
func (b *builder) applyAt(at syntax.Range, typ schema.Type, function func(args []any) (any, error), operands ...operand) operand {
	result := operand{typ: typ, at: at, constant: true}
	nodes := make([]ast.Node, len(operands))
	values := make([]any, len(operands))
	for i, o := range operands {
		nodes[i], values[i] = o.node, o.value
		result.at = result.at.Join(o.at)
		result.costly = result.costly || o.costly
		result.constant = result.constant && o.constant
	}
	if result.constant && size(values) <= maxFolded {
		if value, err := strict(function, values); err == nil && size(value) <= maxFolded {
			return constant(result.at, typ, value)
		}
	}
	result.constant = false
	at = result.at
	result.node = b.call(func(args ...any) (any, error) {
		value, err := strict(function, args)
		if err != nil {
			b.complain(operand{at: at}.name(b), err)
		}
		return value, nil
	}, nodes...)
	return result
}

// strict calls a function that knows no NULL.
func strict(function func(args []any) (any, error), args []any) (any, error) {
	if slices.Contains(args, nil) {
		return nil, nil
	}
	value, err := function(args)
	if err == nil && size(value) > maxSize {
		err = errTooLarge
	}
	if err != nil {
		return nil, err
	}
	return value, nil
}

// complainOnce tells of the first failure of an expression, which stands for all rows.
func complainOnce(warn func(string)) func(call string, err error) {
	told := warn == nil
	return func(call string, err error) {
		if !told {
			told = true
			if call == unnamed {
				call = "an expression"
			}
			warn(call + " is NULL in some rows: " + runtimeMessage(err))
		}
	}
}

// test lowers a question about one value, which is never answered with NULL. op and values say what is asked, for the
// predicate that a scan sees.
func (b *builder) test(o operand, op string, values []any, holds func(any) bool) operand {
	result := operand{typ: schema.Of(schema.Bool), at: o.at, certain: true, costly: o.costly}
	switch {
	case o.constant:
		return constant(o.at, result.typ, holds(o.value))
	case o.column != nil:
		get, row := o.column.Get, b.row
		result.node = b.call(func(...any) (any, error) {
			v := get(*row)
			return holds(v), b.work.spend(size(v) / textStep) // a column that a stage computes may be long, too
		})
		text := leafText(o.column.Name, op, values)
		result.predicate = Predicate{connective: leaf, leaf: Leaf{o.column.Name, op, values, holds, text}}
	default:
		result.node = b.call(func(args ...any) (any, error) { return holds(args[0]), nil }, o.node)
	}
	return result
}

// constant is an operand whose value is known.
func constant(at syntax.Range, typ schema.Type, value any) operand {
	o := operand{node: &ast.ConstantNode{Value: value}, at: at, typ: typ, constant: true, value: value, certain: value != nil}
	if holds, ok := value.(bool); ok {
		o.predicate = settled(holds)
	}
	return o
}
