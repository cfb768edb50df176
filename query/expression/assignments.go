package expression

import (
	"fmt"
	"net/netip"
	"slices"
)

// An Assignment gives some columns a value each.
type Assignment map[string]any

// Assignments lists the values that the predicate gives to some columns: {a: 1, b: 3} and {a: 2, b: 3} for a in [1, 2]
// and b == 3. Each row that satisfies the predicate has the values of one of them; what else the predicate says does
// not count, so that the list may have more. A column that is not given one value each, as by a > 1, is missing in an
// assignment. The list is cut off after more than most of them.
func (p Predicate) Assignments(columns []string, most int) []Assignment {
	switch p.connective {
	case leaf:
		return p.leaf.assignments(columns, most)
	case conjunction:
		all := []Assignment{{}}
		for _, part := range p.parts {
			all = product(all, part.Assignments(columns, most), most)
		}
		return all
	case disjunction:
		var all []Assignment
		for _, part := range p.parts {
			all = distinctAssignments(append(all, part.Assignments(columns, most)...))
		}
		return all[:min(len(all), most+1)]
	}
	return []Assignment{{}}
}

// assignments: == and in give one value or some, a range of whole numbers each of them, and == nil none.
func (l Leaf) assignments(columns []string, most int) []Assignment {
	anything := []Assignment{{}}
	if !slices.Contains(columns, l.Column) {
		return anything
	}
	values := l.Values
	switch l.Op {
	case "==", "in":
	case Interval:
		low, ok := values[0].(int)
		high, both := values[1].(int)
		if !ok || !both {
			return anything
		}
		values = nil
		for n := low; n <= high && len(values) <= most; n++ {
			values = append(values, n)
		}
	default:
		return anything
	}
	var all []Assignment
	for _, value := range values {
		switch value.(type) {
		case nil:
			all = append(all, Assignment{})
		case netip.Prefix, float64:
			return anything
		default:
			all = append(all, Assignment{l.Column: value})
		}
	}
	return distinctAssignments(all)
}

// product is each of the one with each of the other, without those that contradict each other.
func product(one, other []Assignment, most int) (all []Assignment) {
	for _, a := range one {
		for _, b := range other {
			if both, ok := a.With(b); ok {
				all = append(all, both)
			}
			if len(all) > most {
				return all
			}
		}
	}
	return distinctAssignments(all)
}

// With has the values of both; false where these give a column different ones.
func (a Assignment) With(other Assignment) (Assignment, bool) {
	both := Assignment{}
	for column, value := range a {
		both[column] = value
	}
	for column, value := range other {
		if before, ok := both[column]; ok && before != value {
			return nil, false
		}
		both[column] = value
	}
	return both, true
}

// Key is a text that equal assignments share.
func (a Assignment) Key() string {
	names := make([]string, 0, len(a))
	for name := range a {
		names = append(names, name)
	}
	slices.Sort(names)
	var key string
	for _, name := range names {
		key += fmt.Sprintf("%s=%#v;", name, a[name])
	}
	return key
}

// distinctAssignments leaves out those that were there before.
func distinctAssignments(all []Assignment) []Assignment {
	seen := map[string]bool{}
	return slices.DeleteFunc(all, func(a Assignment) bool {
		key := a.Key()
		before := seen[key]
		seen[key] = true
		return before
	})
}
