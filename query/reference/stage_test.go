package reference

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
)

// stage is a random stage: its text, the columns that it leaves, and what it does to the rows.
type stage struct {
	text    string
	columns []column
	apply   func([]row) []row
}

// stage makes one over the columns that there are.
func (g *generator) stage() stage {
	makers := []func() stage{
		g.where, g.where, g.selected, g.extend, g.drop, g.sorted, g.limited, g.top, g.counted, g.grouped, g.distinct,
		g.joined,
	}
	return makers[g.IntN(len(makers))]()
}

func (g *generator) where() stage {
	c := g.expression(truth, 3)
	if g.oneIn(3) {
		c.text = strings.ReplaceAll(c.text, " == ", " = ")
	}
	return stage{"where " + c.text, g.columns, func(rows []row) []row {
		return slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return !c.isTrue(r) })
	}}
}

// item is a named expression of some kind.
func (g *generator) item(name string) (column, expression) {
	e := g.expression(g.pick(whole, fraction, text, truth, duration, address, port, state), 3)
	return column{name, e.kind}, e
}

// items are some of them. What they give is computed for each row.
func (g *generator) items(prefix string) (columns []column, list string, fill func(from, to row)) {
	var parts []string
	var computed []expression
	for i := range 1 + g.IntN(3) {
		name := fmt.Sprint(prefix, i)
		c, e := g.item(name)
		columns, computed, parts = append(columns, c), append(computed, e), append(parts, name+" = "+e.text)
	}
	return columns, strings.Join(parts, ", "), func(from, to row) {
		for i, e := range computed {
			to[columns[i].name] = e.value(from)
		}
	}
}

// each is a stage that makes a row of each.
func each(f func(r row) row) func([]row) []row {
	return func(rows []row) []row {
		made := make([]row, len(rows))
		for i, r := range rows {
			made[i] = f(r)
		}
		return made
	}
}

func (g *generator) selected() stage {
	columns, list, fill := g.items(g.fresh())
	kept := g.columns[g.IntN(len(g.columns))]
	text := "select " + kept.name + ", " + list
	return stage{text, append([]column{kept}, columns...), each(func(r row) row {
		made := row{kept.name: r[kept.name]}
		fill(r, made)
		return made
	})}
}

func (g *generator) extend() stage {
	columns, list, fill := g.items(g.fresh())
	return stage{"extend " + list, slices.Concat(g.columns, columns), each(func(r row) row {
		made := maps.Clone(r)
		fill(r, made)
		return made
	})}
}

func (g *generator) drop() stage {
	if len(g.columns) < 3 {
		return g.limited()
	}
	i := g.IntN(len(g.columns))
	left := slices.Delete(slices.Clone(g.columns), i, i+1)
	return stage{"drop " + g.columns[i].name, left, func(rows []row) []row { return rows }}
}

// key is what rows are ordered by.
type key struct {
	expression
	descending bool
}

// key makes one. A minus in front of a key would be its direction, so that such a one stands in brackets.
func (g *generator) key() key {
	k := key{g.expression(g.ordered(), 1), true}
	if strings.HasPrefix(k.text, "-") {
		k.text = "(" + k.text + ")"
	}
	return k
}

func compareBy(keys []key) func(a, b row) int {
	return func(a, b row) int {
		for _, k := range keys {
			if c := nullLast(k.kind, k.value(a), k.value(b), k.descending); c != 0 {
				return c
			}
		}
		return 0
	}
}

func (g *generator) sorted() stage {
	var keys []key
	var parts []string
	for range 1 + g.IntN(2) {
		k := g.key()
		text := k.text + " desc"
		if g.oneIn(2) {
			text, k.descending = k.text, false
		}
		keys, parts = append(keys, k), append(parts, text)
	}
	return stage{"sort " + strings.Join(parts, ", "), g.columns, func(rows []row) []row {
		return slices.SortedStableFunc(slices.Values(rows), compareBy(keys))
	}}
}

func firstOf(rows []row, n int) []row { return rows[:min(n, len(rows))] }

func (g *generator) limited() stage {
	n := g.IntN(30)
	return stage{fmt.Sprint("limit ", n), g.columns, func(rows []row) []row { return firstOf(rows, n) }}
}

func (g *generator) top() stage {
	n, k := g.IntN(10), g.key()
	text := fmt.Sprint("top ", n, " by ", k.text)
	if g.oneIn(3) {
		text, k.descending = text+" asc", false
	}
	return stage{text, g.columns, func(rows []row) []row {
		return firstOf(slices.SortedStableFunc(slices.Values(rows), compareBy([]key{k})), n)
	}}
}

// groups are rows that agree on the columns, in the order of these.
func groups(rows []row, by []column) [][]row {
	var keys []key
	for _, c := range by {
		keys = append(keys, key{expression: expression{kind: c.kind, value: func(r row) any { return r[c.name] }}})
	}
	compare := compareBy(keys)
	var found [][]row
	for _, r := range slices.SortedStableFunc(slices.Values(rows), compare) {
		if n := len(found); n > 0 && compare(found[n-1][0], r) == 0 {
			found[n-1] = append(found[n-1], r)
		} else {
			found = append(found, []row{r})
		}
	}
	return found
}

// some are one or two columns, and their names.
func (g *generator) some() (columns []column, names string) {
	first, _ := g.of()
	second, _ := g.of()
	if first == second || g.oneIn(2) {
		return []column{first}, first.name
	}
	return []column{first, second}, first.name + ", " + second.name
}

func (g *generator) counted() stage {
	if g.oneIn(4) {
		return stage{"count", []column{{"count", whole}}, func(rows []row) []row { return []row{{"count": len(rows)}} }}
	}
	by, names := g.some()
	number := free("count", by)
	return stage{"count by " + names, append(slices.Clone(by), column{number, whole}), func(rows []row) []row {
		var made []row
		for _, group := range groups(rows, by) {
			made = append(made, only(group[0], by, row{number: len(group)}))
		}
		return slices.SortedStableFunc(slices.Values(made), func(a, b row) int {
			return b[number].(int) - a[number].(int)
		})
	}}
}

// free is the name, with _2 and so on where it is taken.
func free(name string, columns []column) string {
	taken := func(name string) bool {
		return slices.ContainsFunc(columns, func(c column) bool { return c.name == name })
	}
	unused := name
	for n := 2; taken(unused); n++ {
		unused = fmt.Sprint(name, "_", n)
	}
	return unused
}

// only is a row of these columns and others.
func only(r row, columns []column, others row) row {
	for _, c := range columns {
		others[c.name] = r[c.name]
	}
	return others
}

func (g *generator) distinct() stage {
	by, names := g.some()
	if g.oneIn(4) {
		by, names = g.columns, ""
	}
	return stage{strings.TrimSpace("distinct " + names), by, func(rows []row) []row {
		var made []row
		for _, r := range rows {
			one := only(r, by, row{})
			same := func(other row) bool { return len(groups([]row{one, other}, by)) == 1 }
			if !slices.ContainsFunc(made, same) {
				made = append(made, one)
			}
		}
		return made
	}}
}

// joined joins the table of peers by a port, a number, or the network in which an address is.
func (g *generator) joined() stage {
	k := g.pick(port, whole, address)
	there := map[kind]string{port: "port", whole: "n", address: "net"}[k]
	here := g.named(k)
	if len(here) == 0 || g.hasJoined {
		return g.where()
	}
	g.hasJoined = true
	match := here[g.IntN(len(here))]
	left, on := g.oneIn(2), match+" == "+there
	if k == address {
		on = match + " in " + there
	}
	text, all := "join ", k == address && g.oneIn(3)
	if left {
		text += "left "
	}
	if all {
		text += "all "
	}
	text += "peers on " + on
	columns, names := slices.Clone(g.columns), map[string]string{}
	for _, c := range peerColumns {
		if c.name == there && match == there {
			continue // the same column of both
		}
		name := free(c.name, columns)
		names[c.name], columns = name, append(columns, column{name, c.kind})
	}
	return stage{text, columns, func(rows []row) []row {
		var made []row
		for _, r := range rows {
			partners := partnersOf(r[match], k, g.peers, there, all)
			if len(partners) == 0 && left {
				partners = []row{{}}
			}
			for _, p := range partners {
				both := maps.Clone(r)
				for from, to := range names {
					both[to] = p[from]
				}
				made = append(made, both)
			}
		}
		return made
	}}
}

// partnersOf are the rows that are joined to a value: those with an equal one, or, to an address, those with the
// longest prefix that it is in, or with all of them, the longest first.
func partnersOf(v any, k kind, rows []row, name string, all bool) (found []row) {
	for _, r := range rows {
		prefix, _ := r[name].(netip.Prefix)
		a, _ := v.(netip.Addr)
		if k == address && prefix.Contains(a) || k != address && compared(k, r[name], "==", v) {
			found = append(found, r)
		}
	}
	if k != address {
		return found
	}
	bits := func(r row) int { return r[name].(netip.Prefix).Bits() }
	slices.SortStableFunc(found, func(a, b row) int { return bits(b) - bits(a) })
	if !all {
		found = slices.DeleteFunc(found, func(r row) bool { return bits(r) < bits(found[0]) })
	}
	return found
}
