package syntax

import (
	"slices"
	"strings"
)

// endsEarly is the error for an operand that is missing at the end of the expression.
func (p *Parser) endsEarly() *Error {
	last := p.tokens[p.at-1]
	e := Errorf(Range{last.Range.End, last.Range.End}, "the expression ends too early")
	e.Incomplete = p.done()
	return e.WithHint("something is missing after %s", last.Text)
}

// unexpected is the error for a token that cannot continue an expression.
func (p *Parser) unexpected() *Error {
	t := p.peek(0)
	e := Errorf(t.Range, "unexpected %s", t.Text)
	switch {
	case p.done():
		return p.endsEarly()
	case t.Is("="):
		return Errorf(t.Range, "= names an item; it does not compare").WithHint("to compare, write ==").WithFix(
			t.Range, "==")
	case t.Is(":"):
		return p.strayColon()
	case t.isUnit() && p.at > 0 && p.tokens[p.at-1].Kind == Number:
		return e.WithHint("a unit sticks to its number: 5ms, 4MiB").WithFix(Range{p.tokens[p.at-1].Range.End,
			t.Range.Start}, "")
	case t.operation().Name == "not" && p.at+1 == len(p.tokens):
		e.Incomplete = true
		return e.WithHint("an operator follows it: not in, not contains")
	case p.startsStage(t):
		return Errorf(t.Range, "a stage needs a | before it").WithFix(t.Range, "| %s", t.Text)
	case t.Kind == Name && !operatorWords[t.Keyword()]:
		return e.WithHint("two names in a row: is an operator such as == or and missing, or a | before a stage?")
	}
	return e.WithHint("an operator or a value is missing before it")
}

// startsStage says whether a word that stands where the expression before it has ended begins a stage.
func (p *Parser) startsStage(t Token) bool {
	_, known := p.language.Stage(t.Text)
	return known && t.Kind == Name && p.depth == 0
}

func (p *Parser) strayColon() *Error {
	t, after := p.peek(0), p.peek(1)
	if p.at > 0 && p.tokens[p.at-1].Kind == Literal && after.Kind == Number {
		before := p.tokens[p.at-1]
		return Errorf(before.Range.Join(after.Range), "an address with a port is text").
			WithHint("it is written \"%s:%s\"", before.Text, after.Text).
			WithFix(before.Range.Join(after.Range), "\"%s:%s\"", before.Text, after.Text)
	}
	return Errorf(t.Range, "unexpected :").
		WithHint("a colon stands in a ? b : c, and in group between the keys and the aggregates")
}

// isUnit says whether the word is a unit, which people may have taken off its number.
func (t Token) isUnit() bool {
	return t.Kind == Name && (slices.Contains(knownUnits, t.Text) || usualUnits[strings.ToLower(t.Text)] != "")
}
