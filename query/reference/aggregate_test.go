package reference

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"
)

// aggregate is a random aggregate: its text, and what it gives for the rows of a group.
type aggregate struct {
	text  string
	kind  kind
	value func([]row) any
}

// values are those of an expression that are not NULL.
func (e expression) values(rows []row) (values []any) {
	for _, r := range rows {
		if v := e.value(r); v != nil {
			values = append(values, v)
		}
	}
	return values
}

func (g *generator) aggregate() aggregate {
	switch g.IntN(10) {
	case 0:
		return aggregate{"count()", whole, func(rows []row) any { return len(rows) }}
	case 1:
		e := g.expression(g.ordered(), 2)
		return aggregate{"count(" + e.text + ")", whole, func(rows []row) any { return len(e.values(rows)) }}
	case 2:
		e := g.measured()
		return aggregate{"sum(" + e.text + ")", e.kind, func(rows []row) any { return sum(e.values(rows)) }}
	case 3:
		e := g.measured()
		k := fraction
		if e.kind == duration {
			k = duration
		}
		return aggregate{"avg(" + e.text + ")", k, func(rows []row) any { return mean(e.values(rows), k) }}
	case 4:
		e, percent := g.measured(), []int{50, 90, 95, 99}[g.IntN(4)]
		return aggregate{fmt.Sprintf("p%d(%s)", percent, e.text), e.kind, func(rows []row) any {
			return percentile(e.values(rows), float64(percent), e.kind)
		}}
	case 8:
		e, percent := g.measured(), []float64{0, 12.5, 50, 75, 99.9, 100}[g.IntN(6)]
		return aggregate{fmt.Sprintf("percentile(%s, %v)", e.text, percent), e.kind, func(rows []row) any {
			return percentile(e.values(rows), percent, e.kind)
		}}
	case 9:
		e := g.measured()
		k := fraction
		if e.kind == duration {
			k = duration
		}
		return aggregate{"stddev(" + e.text + ")", k, func(rows []row) any { return deviation(e.values(rows), k) }}
	case 5:
		e := g.leaf(g.ordered())
		return aggregate{"dcount(" + e.text + ")", whole, func(rows []row) any { return len(different(e, rows)) }}
	case 6:
		e := g.leaf(text)
		return aggregate{"list(" + e.text + ")", texts, func(rows []row) any { return different(e, rows) }}
	}
	name, e := []string{"min", "max"}[g.IntN(2)], g.leaf(g.pick(whole, fraction, text, state, address, duration, port))
	return aggregate{name + "(" + e.text + ")", e.kind, func(rows []row) any {
		values := e.values(rows)
		if len(values) == 0 {
			return nil
		}
		compare := func(a, b any) int { return order(e.kind, a, b) }
		if name == "min" {
			return slices.MinFunc(values, compare)
		}
		return slices.MaxFunc(values, compare)
	}}
}

// measured is an expression that can be summed.
func (g *generator) measured() expression {
	for {
		if e := g.expression(g.pick(whole, fraction, duration), 2); e.kind != port {
			return e
		}
	}
}

// sum is exact where no value has a fraction.
func sum(values []any) any {
	if len(values) == 0 {
		return nil
	}
	whole, total, fractions := new(big.Int), 0.0, false
	for _, v := range values {
		total += number(v)
		switch v := v.(type) {
		case int:
			whole.Add(whole, big.NewInt(int64(v)))
		case time.Duration:
			whole.Add(whole, big.NewInt(int64(v)))
		default:
			fractions = true
		}
	}
	if _, ok := values[0].(time.Duration); ok {
		return time.Duration(nearest(whole))
	}
	if fractions {
		return known(total)
	}
	return nearest(whole)
}

// mean adds in the order of the rows, as fractions are added.
func mean(values []any, k kind) any {
	if len(values) == 0 {
		return nil
	}
	total := 0.0
	for _, v := range values {
		total += number(v)
	}
	if k == duration {
		return span(total / float64(len(values)))
	}
	return total / float64(len(values))
}

// deviation is the standard deviation of a sample, computed with more digits than any answer has.
func deviation(values []any, k kind) any {
	if len(values) < 2 {
		return nil
	}
	precise := func() *big.Float { return new(big.Float).SetPrec(300) }
	mean, squares := precise(), precise()
	for _, v := range values {
		mean.Add(mean, exact(v))
	}
	mean.Quo(mean, exact(len(values)))
	for _, v := range values {
		difference := precise().Sub(exact(v), mean)
		squares.Add(squares, difference.Mul(difference, difference))
	}
	root, _ := squares.Sqrt(squares.Quo(squares, exact(len(values)-1))).Float64()
	if k == duration {
		return span(root)
	}
	return root
}

// percentile is the smallest value that so many per cent do not exceed.
func percentile(values []any, percent float64, k kind) any {
	slices.SortFunc(values, func(a, b any) int { return order(k, a, b) })
	for i, v := range values {
		if float64((i+1)*100) >= percent*float64(len(values)) {
			return v
		}
	}
	return nil
}

// different are the different values, in order.
func different(e expression, rows []row) []any {
	values := e.values(rows)
	slices.SortFunc(values, func(a, b any) int { return order(e.kind, a, b) })
	return slices.CompactFunc(values, func(a, b any) bool { return order(e.kind, a, b) == 0 })
}

// grouped is group and stats.
func (g *generator) grouped() stage {
	by, names := g.some()
	one := g.oneIn(4)
	if one {
		by, names = nil, ""
	}
	prefix, columns := g.fresh(), slices.Clone(by)
	var parts []string
	var aggregates []aggregate
	for i := range 1 + g.IntN(3) {
		a, name := g.aggregate(), fmt.Sprint(prefix, i)
		columns, aggregates = append(columns, column{name, a.kind}), append(aggregates, a)
		parts = append(parts, name+" = "+a.text)
	}
	text := "group by " + names + ": " + strings.Join(parts, ", ")
	if one {
		text = "stats " + strings.Join(parts, ", ")
	}
	return stage{text, columns, func(rows []row) []row {
		all := groups(rows, by)
		if one {
			all = [][]row{rows}
		}
		var made []row
		for _, group := range all {
			r := row{}
			for i, a := range aggregates {
				r[fmt.Sprint(prefix, i)] = a.value(group)
			}
			if len(by) > 0 {
				only(group[0], by, r)
			}
			made = append(made, r)
		}
		return made
	}}
}
