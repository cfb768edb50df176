package syntax

// Subquery reads a query in brackets, or a named one, with its arguments in brackets, if that is what comes next; nil
// where something else does.
func (p *Parser) Subquery() (*Query, *Error) {
	switch first := p.peek(0); {
	case first.Is("("):
		return p.bracketedQuery()
	case first.isName():
		if d := p.settings.find(first.name()); d != nil {
			p.at++
			return p.namedQuery(d, first)
		}
	}
	return nil, nil
}

// bracketedQuery reads ( QUERY ).
func (p *Parser) bracketedQuery() (*Query, *Error) {
	end, depth := p.at, 0
	for ; end < len(p.tokens); end++ {
		switch t := p.tokens[end]; {
		case t.Kind == Operator && closing[t.Text] != "":
			depth++
		case t.Is(")"), t.Is("]"), t.Is("}"):
			depth--
		}
		if depth == 0 {
			break
		}
	}
	if p.cursor != nil && end == len(p.tokens) {
		return nil, p.openQuery()
	}
	inner := p.inner()
	inner.at, inner.tokens = p.at+1, p.tokens[:end]
	if end < len(p.tokens) {
		inner.text = p.text[:p.tokens[end].Range.Start-p.base]
	}
	q, err := inner.query()
	p.at = min(end+1, len(p.tokens))
	return p.took(inner, q, err)
}

// openQuery notes what may stand at a cursor in a query in brackets that are not closed yet.
func (p *Parser) openQuery() *Error {
	inner := p.inner()
	inner.at++
	*inner.cursor = Cursor{}
	inner.toCursor()
	p.at = len(p.tokens)
	return p.Missing(")", "(QUERY)")
}

// namedQuery reads the arguments of a named query, and gives it with them.
func (p *Parser) namedQuery(d *Definition, name Token) (*Query, *Error) {
	inner := p.inner()
	q := &Query{language: p.language}
	if open := p.peek(0); !open.Is("(") || open.Range.Start != name.Range.End {
		inner.tokens = p.tokens[:p.at]
	}
	err := inner.expand(q, d, name)
	p.at = inner.at
	return p.took(inner, q, err)
}

// inner is a parser for a query inside this one.
func (p *Parser) inner() *Parser {
	inner := *p
	inner.depth, inner.until, inner.joined = 0, "", 0
	return &inner
}

// took counts a query inside this one.
func (p *Parser) took(inner *Parser, q *Query, err *Error) (*Query, *Error) {
	p.expansions = inner.expansions
	if err != nil {
		return nil, err
	}
	p.joined += len(q.Stages) + inner.joined
	if p.joined > maxStages {
		return nil, tooManyStages(p.tokens[p.at-1].Range)
	}
	return q, nil
}
