package expression

import "slices"

// A Term is a predicate in negation normal form: what it says, as conjunctions and disjunctions of tests, a test being
// a leaf or its opposite. A table walks it to have its source test some of the conditions. What the source cannot test
// is true there; so the source gives a superset of the rows, because nothing above a test is negated.
type Term struct {
	Kind  TermKind
	Parts []Term // of AllOf, which is true for none, and AnyOf, which is false for none
	Leaf  Leaf   // of Test and TestNot
}

// TermKind says what a term is.
type TermKind uint8

// The kinds. The zero Term says nothing: it may be true or false.
const (
	Anything TermKind = iota
	AllOf
	AnyOf
	Test
	TestNot
)

// Term is the predicate's negation normal form for some rows. possible gives all values that a column has in these
// rows, nil where it may have any: tests that have one result for them are no part of the term.
func (p Predicate) Term(possible func(column string) []any) Term { return p.term(possible, false) }

// term is the term of the predicate, or of its opposite.
func (p Predicate) term(possible func(string) []any, negated bool) Term {
	switch p.connective {
	case leaf:
		return p.leaf.term(possible, negated)
	case negation:
		return p.parts[0].term(possible, !negated)
	case conjunction, disjunction:
		kind := p.termKind(negated)
		return Term{Kind: kind, Parts: p.appendParts(nil, kind, possible, negated)}
	}
	return Term{}
}

// termKind is the kind of the term of a conjunction or disjunction; Anything for other predicates.
func (p Predicate) termKind(negated bool) TermKind {
	switch {
	case p.connective != conjunction && p.connective != disjunction:
		return Anything
	case (p.connective == conjunction) != negated:
		return AllOf
	}
	return AnyOf
}

// appendParts appends the parts of a conjunction or disjunction, and those of its parts that are of the same kind, so
// that a chain of them is one list.
func (p Predicate) appendParts(list []Term, kind TermKind, possible func(string) []any, negated bool) []Term {
	for _, part := range p.parts {
		opposite := negated
		for part.connective == negation {
			part, opposite = part.parts[0], !opposite
		}
		if part.termKind(opposite) == kind {
			list = part.appendParts(list, kind, possible, opposite)
		} else {
			list = append(list, part.term(possible, opposite))
		}
	}
	return list
}

func (l Leaf) term(possible func(string) []any, negated bool) Term {
	kind := Test
	if negated {
		kind = TestNot
	}
	values := possible(l.Column)
	if len(values) == 0 {
		return Term{Kind: kind, Leaf: l}
	}
	holds := l.Test(values[0])
	switch {
	case slices.ContainsFunc(values, func(v any) bool { return l.Test(v) != holds }):
		return Term{Kind: kind, Leaf: l}
	case holds != negated:
		return Term{Kind: AllOf}
	}
	return Term{Kind: AnyOf}
}
