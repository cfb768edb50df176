package reference

import (
	"slices"
	"strings"
)

// condition makes one that is true or false; NULL opposite anything is false, and true for !=.
func (g *generator) condition(depth int) expression {
	switch g.IntN(12) {
	case 11:
		return g.bareWord()
	case 10:
		return g.choice(truth, depth)
	case 0, 1:
		return g.connected(depth)
	case 2:
		x := g.expression(truth, depth-1)
		return expression{"not " + x.at(levelNot), truth, levelNot, func(r row) any { return !x.isTrue(r) }}
	case 3:
		return g.nullTest()
	case 4:
		return g.membership(depth)
	case 5:
		return g.textTest(depth)
	case 6:
		return g.ofElements()
	case 7:
		return g.chain(depth)
	case 8:
		return g.equality(depth)
	}
	k := g.pick(whole, fraction, duration, text, address, port)
	x, y := g.expression(k, depth-1), g.expression(k, depth-1)
	op := []string{"==", "!=", "<", "<=", ">", ">="}[g.IntN(6)]
	return expression{x.at(levelSum) + " " + op + " " + y.at(levelSum), truth, levelCompare, func(r row) any {
		return compared(k, x.value(r), op, y.value(r))
	}}
}

// compared is a comparison of two values.
func compared(k kind, x any, op string, y any) bool {
	if x == nil || y == nil {
		return op == "!="
	}
	c := order(k, x, y)
	switch op {
	case "==":
		return c == 0
	case "!=":
		return c != 0
	case "<":
		return c < 0
	case "<=":
		return c <= 0
	case ">":
		return c > 0
	}
	return c >= 0
}

// bareWord is a comparison of a column of texts with a word without quotes, or that it is in a list of such words.
func (g *generator) bareWord() expression {
	names := g.named(text)
	if len(names) == 0 {
		return g.nullTest()
	}
	name, word, other := names[g.IntN(len(names))], "nginx", "Curl"
	if g.oneIn(2) {
		return expression{name + " in (" + word + ", " + other + ")", truth, levelCompare, func(r row) any {
			return r[name] == word || r[name] == other
		}}
	}
	return expression{name + " != " + word, truth, levelCompare, func(r row) any { return r[name] != word }}
}

// equality is that of kinds that have no order: states and truths.
func (g *generator) equality(depth int) expression {
	op, k := []string{"==", "!="}[g.IntN(2)], g.pick(state, truth)
	names := g.named(k)
	if len(names) == 0 {
		return g.nullTest()
	}
	name := names[g.IntN(len(names))]
	y := g.leaf(k)
	if k == truth && depth > 1 {
		y = g.expression(truth, depth-1)
	}
	return expression{name + " " + op + " " + y.at(levelSum), truth, levelCompare, func(r row) any {
		return compared(k, r[name], op, y.value(r))
	}}
}

// chain is a < b < c.
func (g *generator) chain(depth int) expression {
	k := g.pick(whole, duration, port)
	x, y, z := g.expression(k, depth-1), g.expression(k, depth-1), g.expression(k, depth-1)
	return expression{
		x.at(levelSum) + " <= " + y.at(levelSum) + " < " + z.at(levelSum), truth, levelCompare,
		func(r row) any {
			return compared(k, x.value(r), "<=", y.value(r)) && compared(k, y.value(r), "<", z.value(r))
		},
	}
}

func (g *generator) connected(depth int) expression {
	x, y := g.expression(truth, depth-1), g.expression(truth, depth-1)
	if g.oneIn(2) {
		return expression{x.at(levelAnd) + " and " + y.at(levelNot), truth, levelAnd, func(r row) any {
			return x.isTrue(r) && y.isTrue(r)
		}}
	}
	return expression{x.at(levelOr) + " or " + y.at(levelAnd), truth, levelOr, func(r row) any {
		return x.isTrue(r) || y.isTrue(r)
	}}
}

func (g *generator) nullTest() expression {
	c, _ := g.of()
	if g.oneIn(2) {
		return expression{c.name + " == nil", truth, levelCompare, func(r row) any { return r[c.name] == nil }}
	}
	return expression{c.name + " != nil", truth, levelCompare, func(r row) any { return r[c.name] != nil }}
}

// membership is x in [a, b, c..d], and x in c..d.
func (g *generator) membership(depth int) expression {
	k := g.pick(whole, duration, text, address, port)
	x := g.expression(k, depth-1)
	var elements []string
	var tests []func(v any) bool
	for range 1 + g.IntN(3) {
		a, b := pools[k][g.IntN(len(pools[k]))], pools[k][g.IntN(len(pools[k]))]
		if k == text || g.oneIn(2) {
			elements = append(elements, literal(a, k))
			tests = append(tests, func(v any) bool { return order(k, v, a) == 0 })
			continue
		}
		if order(k, a, b) > 0 {
			a, b = b, a
		}
		elements = append(elements, literal(a, k)+".."+literal(b, k))
		tests = append(tests, func(v any) bool { return order(k, v, a) >= 0 && order(k, v, b) <= 0 })
	}
	list := "[" + strings.Join(elements, ", ") + "]"
	if len(elements) == 1 && strings.Contains(elements[0], "..") {
		list = elements[0]
	}
	word, wanted := " in ", true
	if g.oneIn(3) {
		word, wanted = " not in ", false
	}
	return expression{x.at(levelSum) + word + list, truth, levelCompare, func(r row) any {
		v := x.value(r)
		in := v != nil && slices.ContainsFunc(tests, func(test func(any) bool) bool { return test(v) })
		return in == wanted
	}}
}

// textTest is contains, startsWith, endsWith and matches.
func (g *generator) textTest(depth int) expression {
	x := g.expression(text, depth-1)
	if g.oneIn(4) {
		return g.matching(x)
	}
	word := []string{"contains", "startsWith", "endsWith"}[g.IntN(3)]
	y := g.expression(text, depth-1)
	return expression{x.at(levelSum) + " " + word + " " + y.at(levelSum), truth, levelCompare, func(r row) any {
		s, ok := x.value(r).(string)
		part, both := y.value(r).(string)
		if !ok || !both {
			return false
		}
		switch word {
		case "contains":
			return strings.Contains(s, part)
		case "startsWith":
			return strings.HasPrefix(s, part)
		}
		return strings.HasSuffix(s, part)
	}}
}

// ofElements is a condition on the elements of a list, or whether it holds a value.
func (g *generator) ofElements() expression {
	list := g.leaf(texts)
	if g.oneIn(3) {
		want := pools[text][g.IntN(len(pools[text]))]
		return expression{list.text + " contains " + literal(want, text), truth, levelCompare, func(r row) any {
			all, _ := list.value(r).([]any)
			return slices.Contains(all, want)
		}}
	}
	name, element := []string{"any", "all", "none", "one"}[g.IntN(4)], g.element()
	return expression{name + "(" + list.text + ", " + element.text + ")", truth, levelOperand, func(r row) any {
		all, ok := list.value(r).([]any)
		if !ok {
			return nil
		}
		n := 0
		for _, v := range all {
			if element.isTrue(row{"#": v}) {
				n++
			}
		}
		return map[string]bool{"any": n > 0, "all": n == len(all), "none": n == 0, "one": n == 1}[name]
	}}
}
