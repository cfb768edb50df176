package reference

import (
	"fmt"
	"math"
	"math/big"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// expression is a random expression: its text, and what it gives for a row.
type expression struct {
	text  string
	kind  kind
	level int // of the operators in docs/language.md: the larger, the tighter it binds
	value func(row) any
}

// The levels, from the loosest.
const (
	levelOr = iota
	levelAnd
	levelNot
	levelCompare
	levelSum
	levelProduct
	levelSign
	levelPower
	levelOperand
)

// at is the text where an operand must bind as tightly as the level.
func (e expression) at(level int) string {
	if e.level < level {
		return "(" + e.text + ")"
	}
	return e.text
}

// isTrue says whether a condition holds; NULL does not.
func (e expression) isTrue(r row) bool { return e.value(r) == true }

// expression makes one of a kind, at most so deep.
func (g *generator) expression(k kind, depth int) expression {
	if depth == 0 || g.oneIn(3) {
		return g.leaf(k)
	}
	switch k {
	case whole, fraction, port:
		return g.arithmetic(depth)
	case truth:
		return g.condition(depth)
	case duration:
		return g.span(depth)
	case text:
		return g.textOf(depth)
	}
	if k == address {
		return g.choice(k, depth)
	}
	return g.leaf(k)
}

// leaf is a column or a literal.
func (g *generator) leaf(k kind) expression {
	if names := g.named(k); len(names) > 0 && !g.oneIn(4) {
		name := names[g.IntN(len(names))]
		return expression{name, k, levelOperand, func(r row) any { return r[name] }}
	}
	v := valueOf(g.Rand, k)
	if f, ok := v.(float64); ok && g.oneIn(4) && math.Abs(f) < 100 {
		return expression{"(" + strconv.FormatFloat(100*f, 'f', -1, 64) + "%)", k, levelOperand,
			func(row) any { return v }}
	}
	return expression{literal(v, k), k, levelOperand, func(row) any { return v }}
}

func literal(v any, k kind) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(v)
	case time.Duration:
		return strings.ReplaceAll(v.String(), "µ", "u")
	case netip.Addr:
		return v.String()
	case float64:
		return bracketed(strconv.FormatFloat(v, 'f', 2, 64))
	case []any:
		parts := make([]string, len(v))
		for i := range v {
			parts[i] = literal(v[i], text)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	}
	return bracketed(fmt.Sprint(v))
}

// bracketed puts negative numbers into brackets.
func bracketed(number string) string {
	if strings.HasPrefix(number, "-") {
		return "(" + number + ")"
	}
	return number
}

// arithmetic makes a number: a whole one where all of its parts are.
func (g *generator) arithmetic(depth int) expression {
	switch g.IntN(9) {
	case 0:
		return g.numeric("/", levelProduct, depth, fraction, func(x, y float64) any { return known(x / y) }, nil)
	case 1:
		return g.numeric("*", levelProduct, depth, whole,
			func(x, y float64) any { return known(x * y) }, exactly((*big.Int).Mul))
	case 2:
		return g.numeric("%", levelProduct, depth, whole,
			func(x, y float64) any { return known(math.Mod(x, y)) }, func(x, y int) any {
				if y == 0 {
					return nil
				}
				return x % y
			})
	case 3:
		return g.numeric("-", levelSum, depth, whole,
			func(x, y float64) any { return known(x - y) }, exactly((*big.Int).Sub))
	case 4:
		x, y := g.expression(duration, depth-1), g.expression(duration, depth-1)
		return g.operation(x, "/", y, levelProduct, fraction,
			func(v []any) any { return known(number(v[0]) / number(v[1])) })
	case 5:
		x := g.someNumber(depth)
		return expression{"-" + x.at(levelPower), x.kind, levelSign, func(r row) any {
			return null(func(v []any) any {
				if i, ok := v[0].(int); ok {
					return exactly((*big.Int).Sub)(0, i)
				}
				return -number(v[0])
			})(x.value(r))
		}}
	case 6:
		return g.numberOf(depth)
	case 7:
		return g.choice(g.pick(whole, fraction), depth)
	}
	return g.numeric("+", levelSum, depth, whole,
		func(x, y float64) any { return known(x + y) }, exactly((*big.Int).Add))
}

func (g *generator) someNumber(depth int) expression {
	return g.expression(g.pick(whole, whole, fraction, port), depth-1)
}

// numeric is an operation on two numbers; ints is for two whole ones, where the result is whole, too.
func (g *generator) numeric(
	op string, level, depth int, k kind, floats func(x, y float64) any, ints func(x, y int) any,
) expression {
	x, y := g.someNumber(depth), g.someNumber(depth)
	if x.kind == fraction || y.kind == fraction {
		k = fraction
	}
	return g.operation(x, op, y, level, k, func(v []any) any {
		a, ok := v[0].(int)
		b, both := v[1].(int)
		if ok && both && ints != nil {
			return ints(a, b)
		}
		return floats(number(v[0]), number(v[1]))
	})
}

// operation is one that groups from the left.
func (g *generator) operation(
	x expression, op string, y expression, level int, k kind, f func(v []any) any,
) expression {
	apply := null(f)
	return expression{x.at(level) + " " + op + " " + y.at(level+1), k, level, func(r row) any {
		return apply(x.value(r), y.value(r))
	}}
}

// call is a function of values.
func (g *generator) call(name string, k kind, f func(v []any) any, arguments ...expression) expression {
	parts := make([]string, len(arguments))
	for i, a := range arguments {
		parts[i] = a.text
	}
	apply := null(f)
	return expression{name + "(" + strings.Join(parts, ", ") + ")", k, levelOperand, func(r row) any {
		values := make([]any, len(arguments))
		for i, a := range arguments {
			values[i] = a.value(r)
		}
		return apply(values...)
	}}
}

// fixed is a literal.
func fixed(text string, k kind, v any) expression {
	return expression{text, k, levelOperand, func(row) any { return v }}
}

// multiple is the largest multiple of the width that is not above a number or a duration.
func multiple[V int | time.Duration](x any, width V) any {
	if f, ok := x.(float64); ok {
		return known(math.Floor(f/float64(width)) * float64(width))
	}
	n, by := big.NewInt(int64(x.(V))), big.NewInt(int64(width))
	return V(nearest(n.Sub(n, new(big.Int).Mod(n, by)))) // the rest is not negative
}

// ofFractions is a function that leaves whole numbers as they are.
func ofFractions(f func(float64) any) func(v []any) any {
	return func(v []any) any {
		if i, ok := v[0].(int); ok {
			return i
		}
		return f(number(v[0]))
	}
}

// roundedWhole is a whole number rounded to a multiple of a power of ten, half away from zero.
func roundedWhole(i, zeros int) int {
	if zeros <= 0 {
		return i
	}
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(zeros)), nil)
	size := new(big.Int).Abs(big.NewInt(int64(i)))
	size.Add(size, new(big.Int).Quo(power, big.NewInt(2)))
	size.Mul(size.Quo(size, power), power)
	if i < 0 {
		size.Neg(size)
	}
	return nearest(size)
}

// numberOf is a function that gives a number.
func (g *generator) numberOf(depth int) expression {
	switch g.IntN(10) {
	case 7:
		x, width := g.leaf(whole), 1+g.IntN(5)
		return g.call("bucket", x.kind, func(v []any) any { return multiple(v[0], width) }, x,
			fixed(fmt.Sprint(width), whole, width))
	case 8:
		digits := g.IntN(4) - 1
		x := g.leaf(g.pick(whole, fraction))
		return g.call("round", fraction, func(v []any) any {
			if i, ok := v[0].(int); ok {
				return roundedWhole(i, -digits)
			}
			power := math.Pow(10, float64(digits))
			return math.Round(number(v[0])*power) / power
		}, x, fixed(fmt.Sprint(digits), whole, digits))
	case 0:
		return g.call("round", fraction, ofFractions(func(f float64) any { return math.Round(f) }), g.someNumber(depth))
	case 1:
		return g.call("ceil", fraction, ofFractions(func(f float64) any { return math.Ceil(f) }), g.someNumber(depth))
	case 2:
		return g.call("int", whole, ofFractions(truncated), g.someNumber(depth))
	case 3:
		return g.call("float", fraction, func(v []any) any { return number(v[0]) / 1e9 },
			g.expression(duration, depth-1))
	case 4:
		x := g.expression(text, depth-1)
		return g.call("len", whole, func(v []any) any { return utf8.RuneCountInString(v[0].(string)) }, x)
	case 5:
		return g.call("len", whole, func(v []any) any { return len(v[0].([]any)) }, g.leaf(texts))
	case 6:
		x, y := g.expression(text, depth-1), g.expression(text, depth-1)
		return g.call("indexOf", whole, func(v []any) any {
			before, _, found := strings.Cut(v[0].(string), v[1].(string))
			if !found {
				return -1
			}
			return utf8.RuneCountInString(before)
		}, x, y)
	}
	list, condition := g.leaf(texts), g.element()
	return expression{"count(" + list.text + ", " + condition.text + ")", whole, levelOperand, func(r row) any {
		all, ok := list.value(r).([]any)
		if !ok {
			return nil
		}
		n := 0
		for _, v := range all {
			if condition.isTrue(row{"#": v}) {
				n++
			}
		}
		return n
	}}
}

// element is a condition on the element of a list.
func (g *generator) element() expression {
	want := pools[text][g.IntN(len(pools[text]))].(string)
	if g.oneIn(2) {
		return expression{"# == " + literal(want, text), truth, levelCompare, func(r row) any { return r["#"] == want }}
	}
	return expression{"# startsWith " + literal(want, text), truth, levelCompare, func(r row) any {
		return strings.HasPrefix(r["#"].(string), want)
	}}
}

// span makes a duration.
func (g *generator) span(depth int) expression {
	x := g.expression(duration, depth-1)
	switch g.IntN(5) {
	case 3:
		width := pools[duration][1+g.IntN(5)].(time.Duration)
		return g.call("bucket", duration, func(v []any) any { return multiple(v[0].(time.Duration), width) }, x,
			fixed(literal(width, duration), duration, width))
	case 0:
		return g.operation(x, "+", g.expression(duration, depth-1), levelSum, duration, ofSpans((*big.Int).Add))
	case 1:
		return g.operation(x, "-", g.expression(duration, depth-1), levelSum, duration, ofSpans((*big.Int).Sub))
	case 2:
		factor := g.leaf(g.pick(whole, fraction))
		return g.operation(x, "*", factor, levelProduct, duration, func(v []any) any {
			return span(number(v[0]) * number(v[1]))
		})
	}
	return g.choice(duration, depth)
}

// textOf makes a text.
func (g *generator) textOf(depth int) expression {
	x, y := g.expression(text, depth-1), g.expression(text, depth-1)
	switch g.IntN(8) {
	case 6:
		length := 1 + g.IntN(32)
		return g.call("string", text, func(v []any) any {
			prefix, err := v[0].(netip.Addr).Prefix(length)
			if err != nil {
				return nil
			}
			return prefix.String()
		}, g.networkLeaf(length))
	case 0:
		return g.operation(x, "+", y, levelSum, text, func(v []any) any { return v[0].(string) + v[1].(string) })
	case 1:
		return g.call("lower", text, func(v []any) any { return strings.ToLower(v[0].(string)) }, x)
	case 2:
		return g.call("replace", text, func(v []any) any {
			return strings.ReplaceAll(v[0].(string), v[1].(string), v[2].(string))
		}, x, y, g.leaf(text))
	case 3:
		return g.call("string", text, func(v []any) any { return fmt.Sprint(v[0]) },
			g.leaf(g.pick(whole, state, address)))
	case 4:
		return g.call("join", text, func(v []any) any {
			parts := make([]string, len(v[0].([]any)))
			for i, part := range v[0].([]any) {
				parts[i] = part.(string)
			}
			return strings.Join(parts, v[1].(string))
		}, g.leaf(texts), g.leaf(text))
	case 5:
		return g.call("first", text, func(v []any) any {
			if list := v[0].([]any); len(list) > 0 {
				return list[0]
			}
			return nil
		}, g.leaf(texts))
	}
	return g.choice(text, depth)
}

// networkLeaf is a prefix of this length, with the value of the address in it.
func (g *generator) networkLeaf(length int) expression {
	x := g.leaf(address)
	x.text = fmt.Sprintf("network(%s, %d)", x.text, length)
	return x
}

// choice is a ? b : c, or a ?? b; both stand in brackets. Of numbers it is what both are.
func (g *generator) choice(k kind, depth int) expression {
	x, y := g.expression(k, depth-1), g.expression(k, depth-1)
	switch {
	case x.kind == y.kind:
		k = x.kind
	case x.kind == fraction || y.kind == fraction:
		k = fraction
	}
	of := func(v any) any {
		if i, ok := v.(int); ok && x.kind != y.kind && k == fraction {
			return float64(i)
		}
		return v
	}
	if g.oneIn(2) {
		return expression{"(" + x.at(levelOperand) + " ?? " + y.at(levelOperand) + ")", k, levelOperand,
			func(r row) any {
				if v := x.value(r); v != nil {
					return of(v)
				}
				return of(y.value(r))
			}}
	}
	c := g.expression(truth, depth-1)
	return expression{"(" + c.at(levelOr) + " ? " + x.text + " : " + y.text + ")", k, levelOperand, func(r row) any {
		if c.isTrue(r) {
			return of(x.value(r))
		}
		return of(y.value(r))
	}}
}

// matching is a test of text by a regular expression.
func (g *generator) matching(x expression) expression {
	patterns := []string{"^a", "n.*x", "[0-9]+", "(?i)CURL", "^$", "."}
	pattern := patterns[g.IntN(len(patterns))]
	re := regexp.MustCompile(pattern)
	return expression{x.at(levelSum) + " matches " + strconv.Quote(pattern), truth, levelCompare, func(r row) any {
		s, ok := x.value(r).(string)
		return ok && re.MatchString(s)
	}}
}

// pick is one of the kinds.
func (g *generator) pick(kinds ...kind) kind { return kinds[g.IntN(len(kinds))] }

// named are the columns of a kind.
func (g *generator) named(k kind) (names []string) {
	for _, c := range g.columns {
		if c.kind == k {
			names = append(names, c.name)
		}
	}
	return names
}

// of is a column of any kind but those.
func (g *generator) of(except ...kind) (column, bool) {
	columns := slices.DeleteFunc(slices.Clone(g.columns),
		func(c column) bool { return slices.Contains(except, c.kind) })
	if len(columns) == 0 {
		return column{}, false
	}
	return columns[g.IntN(len(columns))], true
}

// ordered is a kind that some column has, and that can be a key.
func (g *generator) ordered() kind {
	c, _ := g.of(texts)
	return c.kind
}
