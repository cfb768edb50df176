package syntax

// columns reads names separated by commas.
func (p *parser) columns() ([]Identifier, *Error) {
	var columns []Identifier
	for {
		t := p.peek(0)
		if !t.isName() {
			return nil, p.missing("a column", "drop pid, process")
		}
		if len(columns) == maxItems {
			return nil, tooMany(t.Range)
		}
		columns = append(columns, t.identifier())
		p.at++
		if !p.peek(0).Is(",") {
			return columns, nil
		}
		p.at++
	}
}

// items reads the elements of select and its kin up to the end of the stage.
func (p *parser) items(star bool) ([]Item, *Error) {
	missing := p.missing("a column or an expression", "laddr, lport, loss = retrans / segs_out")
	return p.itemsIn(p.rest(), missing, star)
}

// itemsIn reads the elements that the tokens are; missing is the error when there are none.
func (p *parser) itemsIn(tokens []Token, missing *Error, star bool) ([]Item, *Error) {
	parts, err := p.parts(tokens, missing)
	if err != nil {
		return nil, err
	}
	items := make([]Item, len(parts))
	for i, part := range parts {
		if items[i], err = p.item(part, star); err != nil {
			return nil, err
		}
	}
	return items, nil
}

func (p *parser) item(tokens []Token, star bool) (Item, *Error) {
	if len(tokens) == 1 && tokens[0].Is("*") {
		if !star {
			return Item{}, Errorf(tokens[0].Range, "* stands only in select").WithHint("name the columns, or use select *")
		}
		return Item{Star: true}, nil
	}
	var item Item
	if len(tokens) > 1 && tokens[1].Is("=") && tokens[0].isName() {
		name := tokens[0].identifier()
		item.Name = &name
		if len(tokens) == 2 {
			e := Errorf(name.Range, "the expression for %s is missing", name).WithHint("for example: %s = lport", name)
			e.Incomplete = p.open(tokens)
			return Item{}, e
		}
		tokens = tokens[2:]
	}
	var err *Error
	item.Expression, err = p.expression(tokens)
	return item, err
}

// parts splits tokens at the commas that are in no bracket; missing is the error when there are none.
func (p *parser) parts(tokens []Token, missing *Error) ([][]Token, *Error) {
	if len(tokens) == 0 {
		return nil, missing
	}
	var parts [][]Token
	depth, start := 0, 0
	for i, t := range tokens {
		depth += nesting(t)
		if depth > 0 || !t.Is(",") {
			continue
		}
		if i == start {
			return nil, strayComma(t)
		}
		if parts = append(parts, tokens[start:i]); len(parts) == maxItems {
			return nil, tooMany(t.Range)
		}
		start = i + 1
	}
	if start == len(tokens) {
		e := strayComma(tokens[start-1])
		e.Incomplete = p.open(tokens)
		return nil, e
	}
	return append(parts, tokens[start:]), nil
}

func strayComma(comma Token) *Error {
	return Errorf(comma.Range, "something is missing beside this comma").WithHint("leave the comma out, or name a column")
}

// keys reads the elements of sort and top; descending is what holds where nothing is said.
func (p *parser) keys(descending bool) ([]Key, *Error) {
	missing := p.missing("a column to sort by", "sort rtt desc")
	parts, err := p.parts(p.rest(), missing)
	if err != nil {
		return nil, err
	}
	keys := make([]Key, len(parts))
	for i, part := range parts {
		if keys[i], err = p.key(part, descending); err != nil {
			return nil, err
		}
	}
	return keys, nil
}

// key reads [-] expression [asc|desc].
func (p *parser) key(tokens []Token, descending bool) (Key, *Error) {
	if len(tokens) > 1 && tokens[0].Is("-") {
		descending, tokens = true, tokens[1:]
	}
	if n := len(tokens); n > 1 && tokens[n-2].EndsValue() && tokens[n-1].isDirection() {
		descending, tokens = tokens[n-1].IsWord("desc"), tokens[:n-1]
	}
	expression, err := p.expression(tokens)
	return Key{expression, descending}, err
}

// isDirection says whether the token may end a key.
func (t Token) isDirection() bool { return t.IsWord("asc") || t.IsWord("desc") }
