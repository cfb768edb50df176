package syntax

// join reads: join [left|inner] table on column [== column], ...
func (p *parser) join(start Token) (Stage, *Error) {
	const example = "join interfaces on dev == name"
	left := p.skipWord("left")
	if !left {
		p.skipWord("inner")
	}
	if !p.peek(0).isName() {
		return nil, p.missing("a table", example)
	}
	j := &Join{Left: left, Table: p.take().identifier()}
	if !p.skipWord("on") {
		return nil, p.missing("on", example)
	}
	for {
		match, err := p.match(example)
		if err != nil {
			return nil, err
		}
		if len(j.On) == maxItems {
			return nil, tooMany(match.Here.Range)
		}
		j.On = append(j.On, match)
		if !p.peek(0).Is(",") {
			j.Range = p.since(start)
			return j, nil
		}
		p.at++
	}
}

func (p *parser) match(example string) (Match, *Error) {
	if !p.peek(0).isName() {
		return Match{}, p.missing("a column", example)
	}
	here := p.take().identifier()
	if t := p.peek(0); t.Is("=") {
		return Match{}, Errorf(t.Range, "= names an item; it does not compare").WithHint("to compare, write ==")
	}
	if !p.peek(0).Is("==") {
		return Match{here, here}, nil
	}
	p.at++
	if !p.peek(0).isName() {
		return Match{}, p.missing("a column", example)
	}
	return Match{here, p.take().identifier()}, nil
}
