package expression

import (
	"math"
	"time"

	"netql/query/schema"
	"netql/query/syntax"
)

// arithmetic lowers + - * / % and **. An operation on NULL gives NULL, and so does a division by zero.
func (b *builder) arithmetic(n *syntax.Binary) (operand, error) {
	left, right, err := b.lowerBoth(n)
	if err != nil {
		return operand{}, err
	}
	op := n.Operator.Name
	for _, rule := range arithmeticRules {
		if rule.op == op && rule.left(left) && rule.right(right) {
			result := b.apply(n, rule.result(left.typ, right.typ), rule.apply, left, right)
			unit, err := b.arithmeticUnit(op, left, right)
			result.unit = unit
			result.number = result.constant && left.number && right.number
			result.counters = addedCounters(op, left, right)
			return result, err
		}
	}
	e := syntax.Errorf(n.Operator.Range, "%s: %s, and %s", shortText(n), left.described(), right.described())
	if left.typ.Kind == schema.Duration && right.number {
		value := schema.Format(right.value)
		return operand{}, e.WithHint("durations have a unit: %sms, %ss", value, value)
	}
	return operand{}, e.WithHint("there is no %s for these", op)
}

// arithmeticRule says what an operator does with two kinds.
type arithmeticRule struct {
	op          string
	left, right func(operand) bool
	result      func(left, right schema.Type) schema.Type
	apply       func(args []any) (any, error)
}

func isTextual(o operand) bool  { return textual(o.typ) }
func isDuration(o operand) bool { return o.typ.Kind == schema.Duration }
func isTime(o operand) bool     { return o.typ.Kind == schema.Time }
func isSize(o operand) bool     { return o.unit == schema.Bytes }
func isRate(o operand) bool     { return o.unit == schema.BitsPerSecond }
func isAmount(o operand) bool   { return o.typ.Numeric() || o.typ.Kind == schema.Any }

func givesText(_, _ schema.Type) schema.Type     { return schema.Of(schema.Text) }
func givesFloat(_, _ schema.Type) schema.Type    { return schema.Of(schema.Float) }
func givesDuration(_, _ schema.Type) schema.Type { return schema.Of(schema.Duration) }
func givesTime(_, _ schema.Type) schema.Type     { return schema.Of(schema.Time) }

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

// arithmeticRules are tried in order.
var arithmeticRules = []arithmeticRule{
	{"+", isTextual, isTextual, givesText, func(a []any) (any, error) { return a[0].(string) + a[1].(string), nil }},
	{"+", isDuration, isDuration, givesDuration, func(a []any) (any, error) { return spans(a, addInt), nil }},
	{"-", isDuration, isDuration, givesDuration, func(a []any) (any, error) { return spans(a, subInt), nil }},
	{"/", isSize, isDuration, givesFloat, func(a []any) (any, error) { return floats(a, bitsPerSecond), nil }},
	{"*", isRate, isDuration, givesFloat, func(a []any) (any, error) { return floats(a, bytesIn), nil }},
	{"*", isDuration, isRate, givesFloat, func(a []any) (any, error) { return floats(a, bytesIn), nil }},
	{"*", isDuration, isAmount, givesDuration, func(a []any) (any, error) { return durations(a, multiply), nil }},
	{"*", isAmount, isDuration, givesDuration, func(a []any) (any, error) { return durations(a, multiply), nil }},
	{"/", isDuration, isAmount, givesDuration, func(a []any) (any, error) { return durations(a, divide), nil }},
	{"/", isDuration, isDuration, givesFloat, func(a []any) (any, error) { return floats(a, divide), nil }},
	{"/", isAmount, isDuration, givesFloat, func(a []any) (any, error) { return floats(a, perSecond), nil }},
	{"-", isTime, isTime, givesDuration,
		func(a []any) (any, error) { return a[0].(time.Time).Sub(a[1].(time.Time)), nil }},
	{"+", isTime, isDuration, givesTime,
		func(a []any) (any, error) { return a[0].(time.Time).Add(a[1].(time.Duration)), nil }},
	{"-", isTime, isDuration, givesTime,
		func(a []any) (any, error) { return a[0].(time.Time).Add(-a[1].(time.Duration)), nil }},
	{"+", isAmount, isAmount, widest, func(a []any) (any, error) { return numbers(a, addInt, add), nil }},
	{"-", isAmount, isAmount, widest, func(a []any) (any, error) { return numbers(a, subInt, subtract), nil }},
	{"*", isAmount, isAmount, widest, func(a []any) (any, error) { return numbers(a, mulInt, multiply), nil }},
	{"/", isAmount, isAmount, givesFloat, func(a []any) (any, error) { return floats(a, divide), nil }},
	{"%", isAmount, isAmount, widest, remainder},
	{"**", isAmount, isAmount, givesFloat, func(a []any) (any, error) { return floats(a, math.Pow), nil }},
}

// arithmeticUnit is the unit of a result. Numbers without a unit take part in any unit; what has none is Mixed,
// opposite which any literal may stand. Bytes by time are bits per second, and those times time are bytes.
func (b *builder) arithmeticUnit(op string, left, right operand) (schema.Unit, error) {
	l, r := left.unit, right.unit
	switch {
	case op == "+" || op == "-":
		if left.constant {
			return commonUnit(left, right), b.sameUnit(left, right)
		}
		if right.constant {
			return commonUnit(left, right), b.sameUnit(right, left)
		}
		return commonUnit(left, right), nil
	case op == "/" && l == schema.Bytes && isDuration(right):
		return schema.BitsPerSecond, nil
	case op == "*" && (isRate(left) && isDuration(right) || isDuration(left) && isRate(right)):
		return schema.Bytes, nil
	case (op == "*" || op == "/") && r == schema.None && !isDuration(right):
		return l, nil
	case op == "*" && l == schema.None && !isDuration(left):
		return r, nil
	case op == "/" && l == r:
		return schema.None, nil
	case op == "%" && (l == r || r == schema.None), op == "**" && l == schema.None && r == schema.None:
		return l, nil
	}
	return schema.Mixed, nil
}

// sign lowers -x and +x.
func (b *builder) sign(n *syntax.Unary) (operand, error) {
	o, err := b.lower(n.Operand)
	if err != nil {
		return operand{}, err
	}
	if !o.typ.Numeric() && o.typ.Kind != schema.Duration && o.typ.Kind != schema.Any {
		return operand{}, syntax.Errorf(n.Range, "%s: %s, not a number", shortText(n), o.described()).
			WithHint("only numbers and durations have a sign")
	}
	if n.Operator.Name == "+" {
		return o, nil
	}
	typ := o.typ
	if typ.Kind == schema.Port {
		typ = schema.Of(schema.Int)
	}
	result := b.apply(n, typ, negative, o)
	result.unit, result.number = o.unit, o.number
	return result, nil
}

func negative(args []any) (any, error) {
	switch v := args[0].(type) {
	case int:
		return subInt(0, v), nil
	case float64:
		return -v, nil
	case time.Duration:
		return time.Duration(subInt(0, int(v))), nil
	}
	return nil, nil
}
