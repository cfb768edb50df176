package expression

import (
	"slices"
	"strconv"
	"strings"

	"netql/query/schema"
)

// Predicate is what a condition says about single columns. A scan may use it to leave rows out early. It is always a
// hint: the condition itself is evaluated again, so a predicate that says less than the condition only costs time.
// The zero Predicate says nothing.
type Predicate struct {
	connective connective
	parts      []Predicate
	leaf       Leaf
}

type connective uint8

const (
	unknown connective = iota
	leaf
	conjunction
	disjunction
	negation
)

// Leaf compares one column with what the query gives.
type Leaf struct {
	Column string
	Op     string         // == != < <= > >= in contains matches ..., and Interval for in low..high
	Values []any          // what it is compared with: one value, or the elements of a list
	Test   func(any) bool // the comparison itself, for any value of the column, NULL too
	text   string
}

// Interval is the operator of a leaf whose values are the ends of a range.
const Interval = ".."

// And is true where all predicates are. And of none says nothing.
func And(parts ...Predicate) Predicate {
	if len(parts) == 0 {
		return Predicate{}
	}
	return join(conjunction, parts)
}

// constantPredicate is the predicate of a condition that is true, or false, for every row.
func constantPredicate(holds bool) Predicate {
	if holds {
		return Predicate{connective: conjunction}
	}
	return Predicate{connective: disjunction}
}

func join(c connective, parts []Predicate) Predicate {
	if len(parts) == 1 {
		return parts[0]
	}
	return Predicate{connective: c, parts: parts}
}

func not(p Predicate) Predicate { return Predicate{connective: negation, parts: []Predicate{p}} }

// truth is an answer in Kleene's logic.
type truth uint8

const (
	no truth = iota
	maybe
	yes
)

// May says whether a row of which only some columns are known can satisfy the predicate. value gives a column's value,
// nil for NULL, and whether it is known. So a scan asks, for each state of a socket: can a row in this state be wanted?
func (p Predicate) May(value func(column string) (any, bool)) bool { return p.truth(value) != no }

// Certain says whether every row of which some columns are known satisfies the condition that the predicate is about.
func (p Predicate) Certain(value func(column string) (any, bool)) bool { return p.truth(value) == yes }

func (p Predicate) truth(value func(string) (any, bool)) truth {
	switch p.connective {
	case leaf:
		v, known := value(p.leaf.Column)
		switch {
		case !known:
			return maybe
		case p.leaf.Test(v):
			return yes
		}
		return no
	case negation:
		return yes - p.parts[0].truth(value)
	case conjunction:
		result := yes
		for _, part := range p.parts {
			result = min(result, part.truth(value))
		}
		return result
	case disjunction:
		result := no
		for _, part := range p.parts {
			result = max(result, part.truth(value))
		}
		return result
	}
	return maybe
}

// Mentions says whether the predicate mentions a value of a column anywhere.
func (p Predicate) Mentions(column string, value any) bool {
	return slices.Contains(p.Values(column), value)
}

// Values are all values that the predicate compares a column with, anywhere.
func (p Predicate) Values(column string) (values []any) {
	if p.connective == leaf && p.leaf.Column == column {
		return p.leaf.Values
	}
	for _, part := range p.parts {
		values = append(values, part.Values(column)...)
	}
	return values
}

// MapColumns is the predicate for the rows of an earlier stage: name gives the column's name there, false where it has
// none. A leaf about such a column says nothing.
func (p Predicate) MapColumns(name func(string) (string, bool)) Predicate {
	if p.connective == leaf {
		column, ok := name(p.leaf.Column)
		if !ok {
			return Predicate{}
		}
		p.leaf.text = strings.Replace(p.leaf.text, p.leaf.Column, column, 1)
		p.leaf.Column = column
		return p
	}
	renamed := Predicate{connective: p.connective, parts: make([]Predicate, len(p.parts))}
	for i, part := range p.parts {
		renamed.parts[i] = part.MapColumns(name)
	}
	return renamed
}

// String is the predicate as a condition; "?" stands for what it does not know.
func (p Predicate) String() string {
	var b strings.Builder
	p.write(&b)
	return b.String()
}

func (p Predicate) write(b *strings.Builder) {
	switch p.connective {
	case leaf:
		b.WriteString(p.leaf.text)
		return
	case unknown:
		b.WriteString("?")
		return
	case conjunction, disjunction:
		if len(p.parts) == 0 {
			b.WriteString(strconv.FormatBool(p.connective == conjunction))
			return
		}
	case negation:
		b.WriteString("not ")
	}
	b.WriteString("(")
	for i, part := range p.parts {
		if i > 0 {
			b.WriteString(map[connective]string{conjunction: " and ", disjunction: " or "}[p.connective])
		}
		part.write(b)
	}
	b.WriteString(")")
}

// leafText is the leaf as it would stand in a query.
func leafText(column, op string, values []any) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = schema.Format(value)
		if value == nil {
			texts[i] = "nil"
		}
	}
	if op == Interval {
		return column + " in " + strings.Join(texts, "..")
	}
	if len(texts) == 1 {
		return column + " " + op + " " + texts[0]
	}
	return column + " " + op + " [" + strings.Join(texts, ", ") + "]"
}
