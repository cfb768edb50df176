package ss

import "strings"

// term is a condition of a query, or one that always or never holds.
type term struct {
	text  string
	binds binding
}

// binding is how tightly the outermost operator of a term binds, as in netql: or, and, not, everything else.
type binding uint8

const (
	constant binding = iota // text says which: always or never
	byOr
	byAnd
	byNot
	tightly
)

var (
	always = term{"true", constant}
	never  = term{"false", constant}
)

// comparison is a condition of one comparison.
func comparison(text string) term { return term{text, tightly} }

// oneOf is the condition that a column has one of some words.
func oneOf(column string, words []string) term {
	if len(words) == 1 {
		return comparison(column + " == " + words[0])
	}
	return comparison(column + " in [" + strings.Join(words, ", ") + "]")
}

// within is the text, in brackets if its outermost operator binds less tightly than the one around it.
func (t term) within(around binding) string {
	if t.binds < around {
		return "(" + t.text + ")"
	}
	return t.text
}

// both holds where both hold.
func both(a, b term) term {
	switch {
	case a == never || b == never:
		return never
	case a == always:
		return b
	case b == always:
		return a
	}
	return term{a.within(byAnd) + " and " + b.within(byAnd), byAnd}
}

// either holds where one holds.
func either(a, b term) term {
	switch {
	case a == always || b == always:
		return always
	case a == never:
		return b
	case b == never:
		return a
	}
	return term{a.within(byOr) + " or " + b.within(byOr), byOr}
}

// negated holds where the term does not: a comparison with NULL is false, so its negation holds.
func negated(t term) term {
	switch t {
	case always:
		return never
	case never:
		return always
	}
	if inner, negation := strings.CutPrefix(t.text, "not "); negation && t.binds == byNot {
		return comparison(inner)
	}
	left, right, equal := strings.Cut(t.text, " == ")
	if t.binds == tightly && equal && !strings.Contains(left, `"`) { // which is true of NULL where == is not
		return comparison(left + " != " + right)
	}
	return term{"not " + t.within(tightly), byNot}
}
