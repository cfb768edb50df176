package expression

import (
	"slices"
	"strings"

	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// operand is a lowered part of the expression and what is known about it.
type operand struct {
	node      ast.Node
	source    syntax.Expression // what it was in the query
	typ       schema.Type
	unit      schema.Unit
	constant  bool // value is known now
	value     any
	number    bool           // a constant without a unit, which takes the unit of what it is compared with
	column    *schema.Column // set where the operand is a column and nothing more
	word      string         // set for a bare word that is no column; node is nil
	unknown   *syntax.Error  // of a word: what is wrong where it means nothing; nil: that it is no column
	certain   bool           // never NULL
	costly    bool
	counters  []*schema.Column // of a number that only falls if one of these columns starts again; see addedCounters
	predicate Predicate
}

// at is the operand's place in the query.
func (o operand) at() syntax.Range { return o.source.Span() }

// name describes the operand in an error.
func (o operand) name() string { return shortText(o.source) }

// typed is the name as it was typed where it is a percentage, which the name has as a fraction.
func (o operand) typed() string {
	if c, ok := o.source.(*syntax.Constant); ok && strings.HasSuffix(c.Text, "%") {
		return c.Text
	}
	return o.name()
}

// described is the operand with its kind: rtt is a duration.
func (o operand) described() string { return o.name() + " is " + article(o.typ) }

func shortText(n syntax.Expression) string {
	text := n.String()
	if len(text) > 40 {
		return unnamed
	}
	return text
}

// unnamed stands for an operand that is too long for an error.
const unnamed = "this"

// function computes a value of others, none of which is NULL.
type function func(args []any) (any, error)

// maxFolded bounds the constants that are computed while the query is compiled, and kept as long as it.
const maxFolded = 4 << 10

// apply lowers a node to a pure function of operands. A NULL argument gives NULL, and so does a failure, of which the
// plan's warnings tell. Constants are folded, but not to NULL: x == 1/0 does not ask whether x is NULL.
func (b *builder) apply(n syntax.Expression, typ schema.Type, call function, operands ...operand) operand {
	result := operand{typ: typ, source: n, constant: true}
	nodes := make([]ast.Node, len(operands))
	values := make([]any, len(operands))
	for i, o := range operands {
		nodes[i], values[i] = o.node, o.value
		result.costly = result.costly || o.costly
		result.constant = result.constant && o.constant
	}
	if result.constant && size(values) <= maxFolded {
		if value, err := strict(call, values); err == nil && value != nil && size(value) <= maxFolded {
			return constant(n, typ, value)
		}
	}
	result.constant = false
	result.node = b.call(func(args ...any) (any, error) {
		value, err := strict(call, args)
		if err != nil {
			b.warn(n, err)
		}
		return value, nil
	}, nodes...)
	return result
}

// strict calls a function that knows no NULL.
func strict(call function, args []any) (any, error) {
	if slices.Contains(args, nil) {
		return nil, nil
	}
	value, err := call(args)
	if err == nil && size(value) > maxSize {
		err = errTooLarge
	}
	if err != nil {
		return nil, err
	}
	return value, nil
}

// warnOnce makes a function that warns of the first failure of an expression, which stands for those in other rows.
func warnOnce(scope Scope) func(failed syntax.Expression, err error) {
	told := scope.Warn == nil
	return func(failed syntax.Expression, err error) {
		if told {
			return
		}
		told = true
		if scope.Typed != nil {
			failed = scope.Typed(failed)
		}
		text := shortText(failed)
		if text == unnamed {
			text = "an expression"
		}
		scope.Warn(text + " is NULL in some rows: " + runtimeMessage(err))
	}
}

// test lowers a question about one value, which is never answered with NULL. op and values say what is asked, for the
// predicate that a scan sees.
func (b *builder) test(o operand, op string, values []any, holds func(any) bool) operand {
	result := operand{typ: schema.Of(schema.Bool), source: o.source, certain: true, costly: o.costly}
	switch {
	case o.constant:
		return constant(o.source, result.typ, holds(o.value))
	case o.column != nil:
		get, row := lastText(o.column.Value), b.row
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

// lastText gives values as interfaces, and a text that is the last one again as the interface that there is: words such
// as those of states come again and again, and each interface is an allocation.
func lastText(value func(schema.Row) schema.Scalar) func(schema.Row) any {
	var last any = ""
	return func(row schema.Row) any {
		v := value(row)
		text, ok := v.Text()
		switch {
		case !ok:
			return v.Any()
		case text != last.(string):
			last = text
		}
		return last
	}
}

// constant is an operand whose value is known.
func constant(n syntax.Expression, typ schema.Type, value any) operand {
	o := operand{source: n, typ: typ, constant: true, value: value, certain: value != nil}
	o.node = &ast.ConstantNode{Value: value}
	if holds, ok := value.(bool); ok {
		o.predicate = constantPredicate(holds)
	}
	return o
}
