package syntax

import (
	"errors"
	"slices"
)

// expansion is a named query in a query, and the place of its name.
type expansion struct {
	definition *Definition
	at         Range
	outer      int // the index of the expansion in whose definition that place is; -1 for the query itself
}

// begin reads the beginning of a query: a table and its filter, or a named query with its arguments and, where it has
// no parameters, a filter.
func (p *Parser) begin(q *Query) *Error {
	name := p.Take()
	definition := p.settings.find(name.name())
	if definition == nil {
		if name.IsWord("def") && p.peek(0).isName() {
			return Errorf(name.Range, "def stands in a file of named queries").
				WithHint("here it is: alias %s ...", p.peek(0).Text)
		}
		q.Table = p.identifier(name)
		return p.filter(q)
	}
	if err := p.expand(q, definition, name); err != nil {
		return err
	}
	n := len(q.Stages)
	if p.Ends() {
		return nil
	}
	if n > 0 {
		if err := p.checkLast(q.Stages[n-1]); err != nil {
			return err
		}
	}
	return p.filter(q)
}

func (s Settings) find(name string) *Definition {
	if s.Definition == nil {
		return nil
	}
	return s.Definition(name)
}

// expand puts the stages of a named query at the beginning of a query. The parser stands behind the name.
func (p *Parser) expand(q *Query, d *Definition, name Token) *Error {
	switch {
	case d.reading:
		return Errorf(name.Range, "%s is made of itself", d.Name).
			WithHint("begin with a table, or with another named query")
	case d.problem != nil:
		return d.problem.usedAt(name.Range)
	}
	arguments, err := p.arguments(d, name)
	if err != nil {
		return err
	}
	q.Table = d.Query.Table
	for _, stage := range d.Query.Stages {
		q.Stages = append(q.Stages, arguments.stage(stage))
	}
	p.word = name
	self := len(p.expansions)
	p.expansions = append(p.expansions, expansion{d, name.Range, -1})
	for _, inner := range d.Query.expansions {
		inner.outer += self + 1 // that of the definition's own query is -1
		p.expansions = append(p.expansions, inner)
	}
	p.joined += d.Query.joined
	if arguments.err != nil {
		return arguments.err
	}
	return nil
}

// usedAt is the error of a named query that is used here. The error itself is left as it is.
func (e *Error) usedAt(at Range) *Error {
	used := *e
	used.uses = append(slices.Clone(e.uses), at)
	return &used
}

// WithoutUse is the error without the use in the query's text, for a named query that was only tried.
func (e *Error) WithoutUse() *Error {
	inside := *e
	inside.uses = e.uses[:max(0, len(e.uses)-1)]
	return &inside
}

// Located lets an error of the query tell in which file it is, and what uses that, if it is in a named query.
func (q *Query) Located(err error) error {
	if inText, ok := errors.AsType[*Error](err); ok {
		inText.locate(q.expansions)
	}
	return err
}

// located is Located for an error of the query that is being parsed.
func (p *Parser) located(err *Error) *Error {
	err.locate(p.expansions)
	return err
}

func (e *Error) locate(expansions []expansion) {
	if e.sources != nil {
		return // it was found when the file was read
	}
	innermost := -1
	for i, x := range expansions {
		e.sources = append(e.sources, x.definition.source)
		if x.definition.holds(e.Range) {
			innermost = i
		}
	}
	for i := innermost; i >= 0; i = expansions[i].outer {
		e.uses = append(e.uses, expansions[i].at)
	}
	e.Incomplete = e.Incomplete && innermost < 0
}

// holds says whether the range lies in the definition.
func (d *Definition) holds(r Range) bool { return d.base <= r.Start && r.Start <= d.base+len(d.text) }
