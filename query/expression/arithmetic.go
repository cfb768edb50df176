package expression

import (
	"math"
	"time"

	"github.com/expr-lang/expr/ast"

	"netql/query/schema"
	"netql/query/syntax"
)

// arithmetic lowers + - * / % and **. An operation on NULL gives NULL, and so does a division by zero.
func (b *builder) arithmetic(n *ast.BinaryNode, at syntax.Range) (operand, error) {
	left, err := b.lower(n.Left)
	if err != nil {
		return operand{}, err
	}
	right, err := b.lower(n.Right)
	if err != nil {
		return operand{}, err
	}
	op := n.Operator
	if op == "^" {
		op = "**"
	}
	for _, rule := range arithmeticRules {
		if rule.op == op && rule.left(left.typ) && rule.right(right.typ) {
			result := b.apply(rule.result(left.typ, right.typ), rule.apply, left, right)
			unit, err := b.arithmeticUnit(op, left, right)
			result.unit = unit
			result.number = result.constant && left.number && right.number
			return result, err
		}
	}
	e := syntax.Errorf(at, "%s %s %s: %s is %s, and %s is %s", left.name(b), n.Operator, right.name(b),
		left.name(b), article(left.typ), right.name(b), article(right.typ))
	if left.typ.Kind == schema.Duration && right.number {
		return operand{}, e.WithHint("durations have a unit: %sms, %ss", schema.Format(right.value), schema.Format(right.value))
	}
	return operand{}, e.WithHint("there is no %s for these", n.Operator)
}

// arithmeticRule says what an operator does with two kinds.
type arithmeticRule struct {
	op          string
	left, right func(schema.Type) bool
	result      func(left, right schema.Type) schema.Type
	apply       func(args []any) (any, error)
}

func isKind(kind schema.Kind) func(schema.Type) bool {
	return func(t schema.Type) bool { return t.Kind == kind }
}

func number(t schema.Type) bool { return t.Numeric() || t.Kind == schema.Any }

func always(kind schema.Kind) func(_, _ schema.Type) schema.Type {
	return func(_, _ schema.Type) schema.Type { return schema.Of(kind) }
}

// widest is int for two ints, else float.
func widest(left, right schema.Type) schema.Type {
	if left.Kind == schema.Any || right.Kind == schema.Any {
		return schema.Of(schema.Any)
	}
	if left.Kind == schema.Float || right.Kind == schema.Float {
		return schema.Of(schema.Float)
	}
	return schema.Of(schema.Int)
}

var (
	isDuration = isKind(schema.Duration)
	isTime     = isKind(schema.Time)
)

var arithmeticRules = []arithmeticRule{
	{"+", textual, textual, always(schema.Text), func(a []any) (any, error) { return a[0].(string) + a[1].(string), nil }},
	{"+", isDuration, isDuration, always(schema.Duration), durations(func(a, b float64) float64 { return a + b })},
	{"-", isDuration, isDuration, always(schema.Duration), durations(func(a, b float64) float64 { return a - b })},
	{"*", isDuration, number, always(schema.Duration), durations(func(a, b float64) float64 { return a * b })},
	{"*", number, isDuration, always(schema.Duration), durations(func(a, b float64) float64 { return a * b })},
	{"/", isDuration, number, always(schema.Duration), durations(divide)},
	{"/", isDuration, isDuration, always(schema.Float), floats(divide)},
	{"/", number, isDuration, always(schema.Float), perSecond},
	{"-", isTime, isTime, always(schema.Duration), func(a []any) (any, error) { return a[0].(time.Time).Sub(a[1].(time.Time)), nil }},
	{"+", isTime, isDuration, always(schema.Time), func(a []any) (any, error) { return a[0].(time.Time).Add(a[1].(time.Duration)), nil }},
	{"-", isTime, isDuration, always(schema.Time), func(a []any) (any, error) { return a[0].(time.Time).Add(-a[1].(time.Duration)), nil }},
	{"+", number, number, widest, numbers(addInt, func(a, b float64) float64 { return a + b })},
	{"-", number, number, widest, numbers(subInt, func(a, b float64) float64 { return a - b })},
	{"*", number, number, widest, numbers(mulInt, func(a, b float64) float64 { return a * b })},
	{"/", number, number, always(schema.Float), floats(divide)},
	{"%", number, number, widest, remainder},
	{"**", number, number, always(schema.Float), floats(math.Pow)},
}

// divide leaves the division by zero to finite, which makes NULL of it.
func divide(a, b float64) float64 { return a / b }

// arithmeticUnit is the unit of a result. Numbers without a unit take part in any unit; what has none is Mixed, opposite
// which any literal may stand. Bytes by time are bits per second.
func (b *builder) arithmeticUnit(op string, left, right operand) (schema.Unit, error) {
	l, r := left.unit, right.unit
	switch {
	case op == "+" || op == "-":
		if left.constant && !left.number {
			return r, b.sameUnit(left, right)
		}
		if right.constant && !right.number {
			return l, b.sameUnit(right, left)
		}
		return commonUnit(left, right), nil
	case op == "/" && right.typ.Kind == schema.Duration && l == schema.Bytes:
		return schema.BitsPerSecond, nil
	case (op == "*" || op == "/") && r == schema.None && right.typ.Kind != schema.Duration:
		return l, nil
	case op == "*" && l == schema.None && left.typ.Kind != schema.Duration:
		return r, nil
	case op == "/" && l == r:
		return schema.None, nil
	}
	return schema.Mixed, nil
}

// asFloat reads any number; a duration counts in nanoseconds.
func asFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	case time.Duration:
		return float64(v), true
	}
	return 0, false
}

// finite is NULL for what is no number.
func finite(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return f
}

func floats(f func(a, b float64) float64) func([]any) (any, error) {
	return func(args []any) (any, error) {
		x, ok := asFloat(args[0])
		y, both := asFloat(args[1])
		if !ok || !both {
			return nil, nil
		}
		return finite(f(x, y)), nil
	}
}

// durations is floats for results that are durations again; they saturate.
func durations(f func(a, b float64) float64) func([]any) (any, error) {
	compute := floats(f)
	return func(args []any) (any, error) {
		value, err := compute(args)
		ns, ok := value.(float64)
		if !ok {
			return nil, err
		}
		return time.Duration(max(math.MinInt64, min(ns, math.MaxInt64-1023))), nil
	}
}

// perSecond divides by a time in seconds.
func perSecond(args []any) (any, error) {
	n, ok := asFloat(args[0])
	d, isDuration := args[1].(time.Duration)
	if !ok || !isDuration {
		return nil, nil
	}
	return finite(n / d.Seconds()), nil
}

func numbers(ints func(a, b int) int, others func(a, b float64) float64) func([]any) (any, error) {
	compute := floats(others)
	return func(args []any) (any, error) {
		x, ok := args[0].(int)
		y, both := args[1].(int)
		if ok && both {
			return ints(x, y), nil
		}
		return compute(args)
	}
}

func remainder(args []any) (any, error) {
	x, ok := args[0].(int)
	y, both := args[1].(int)
	if !ok || !both {
		return floats(math.Mod)(args)
	}
	if y == 0 {
		return nil, nil
	}
	return x % y, nil
}

// addInt, subInt and mulInt saturate, as counters do.
func addInt(a, b int) int {
	sum := a + b
	if (sum > a) == (b > 0) {
		return sum
	}
	return limit(b > 0)
}

func subInt(a, b int) int {
	difference := a - b
	if (difference < a) == (b > 0) {
		return difference
	}
	return limit(b < 0)
}

func mulInt(a, b int) int {
	if a == 0 || b == 0 {
		return 0
	}
	if product := a * b; product/b == a && !(a == -1 && b == math.MinInt) && !(b == -1 && a == math.MinInt) {
		return product
	}
	return limit((a > 0) == (b > 0))
}

func limit(positive bool) int {
	if positive {
		return math.MaxInt
	}
	return math.MinInt
}

// sign lowers -x and +x.
func (b *builder) sign(n *ast.UnaryNode, at syntax.Range) (operand, error) {
	o, err := b.lower(n.Node)
	if err != nil {
		return operand{}, err
	}
	if !o.typ.Numeric() && o.typ.Kind != schema.Duration && o.typ.Kind != schema.Any {
		return operand{}, syntax.Errorf(at.Join(o.at), "%s %s: %s is %s, not a number", n.Operator, o.name(b), o.name(b), article(o.typ)).
			WithHint("only numbers and durations have a sign")
	}
	if n.Operator == "+" {
		o.at = at.Join(o.at)
		return o, nil
	}
	typ := o.typ
	if typ.Kind == schema.Port {
		typ = schema.Of(schema.Int)
	}
	result := b.apply(typ, func(args []any) (any, error) {
		switch v := args[0].(type) {
		case int:
			return subInt(0, v), nil
		case float64:
			return -v, nil
		case time.Duration:
			return time.Duration(subInt(0, int(v))), nil
		}
		return nil, nil
	}, o)
	result.unit, result.number, result.at = o.unit, o.number, at.Join(o.at)
	return result, nil
}
