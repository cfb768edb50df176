package syntax

// columns reads names separated by commas.
func (p *parser) columns() ([]Identifier, *Error) {
	var columns []Identifier
	for {
		t := p.peek(0)
		if t.Kind != Name && t.Kind != Quoted {
			return nil, p.missing("a column", "drop pid, process")
		}
		columns = append(columns, t.identifier())
		p.at++
		if !p.peek(0).Is(",") {
			return columns, nil
		}
		p.at++
	}
}

func (t Token) identifier() Identifier {
	if name, ok := t.Value.(string); ok && t.Kind == Quoted {
		return Identifier{t.Range, name}
	}
	return Identifier{t.Range, t.Text}
}

// items reads the elements of select and its kin up to the end of the stage.
func (p *parser) items(star bool) ([]Item, *Error) {
	missing := p.missing("a column or an expression", "laddr, lport, loss = retrans / segs_out")
	return parseItems(p.rest(), missing, star)
}

func parseItems(tokens []Token, missing *Error, star bool) ([]Item, *Error) {
	var items []Item
	for _, part := range splitCommas(tokens) {
		item, err := parseItem(part, missingIn(tokens, part, missing), star)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	return items, nil
}

// missingIn is the error for an empty part between commas; the last one may still come.
func missingIn(tokens, part []Token, missing *Error) *Error {
	if len(tokens) == 0 || len(part) > 0 {
		return missing
	}
	comma := tokens[len(tokens)-1]
	for _, t := range tokens {
		if t.Is(",") {
			comma = t
		}
	}
	e := Errorf(comma.Range, "something is missing beside this comma").WithHint("leave the comma out, or name a column")
	e.Incomplete = missing.Incomplete || tokens[len(tokens)-1].Is(",")
	return e
}

func parseItem(tokens []Token, missing *Error, star bool) (Item, *Error) {
	if len(tokens) == 1 && tokens[0].Is("*") {
		if !star {
			return Item{}, Errorf(tokens[0].Range, "* stands only in select").WithHint("name the columns, or use select *")
		}
		return Item{Star: true}, nil
	}
	var item Item
	if len(tokens) > 1 && tokens[1].Is("=") && (tokens[0].Kind == Name || tokens[0].Kind == Quoted) {
		name := tokens[0].identifier()
		item.Name = &name
		if tokens = tokens[2:]; len(tokens) == 0 {
			e := Errorf(name.Range, "the expression for %s is missing", name).WithHint("for example: %s = lport", name)
			e.Incomplete = true
			return Item{}, e
		}
	}
	expression, err := newExpression(tokens, missing)
	item.Expression = expression
	return item, err
}

// splitCommas splits at the commas that are in no bracket.
func splitCommas(tokens []Token) [][]Token {
	var parts [][]Token
	depth, start := 0, 0
	for i, t := range tokens {
		depth += nesting(t)
		if depth == 0 && t.Is(",") {
			parts = append(parts, tokens[start:i])
			start = i + 1
		}
	}
	return append(parts, tokens[start:])
}

// keys reads the elements of sort and top; descending is what holds where nothing is said.
func (p *parser) keys(descending bool) ([]Key, *Error) {
	missing := p.missing("a column to sort by", "sort rtt desc")
	tokens := p.rest()
	var keys []Key
	for _, part := range splitCommas(tokens) {
		key := Key{Descending: descending}
		if len(part) > 1 && part[0].Is("-") {
			key.Descending, part = true, part[1:]
		}
		if n := len(part); n > 1 && part[n-2].operand() && (part[n-1].IsWord("asc") || part[n-1].IsWord("desc")) {
			key.Descending, part = part[n-1].IsWord("desc"), part[:n-1]
		}
		expression, err := newExpression(part, missingIn(tokens, part, missing))
		if err != nil {
			return nil, err
		}
		key.Expression = expression
		keys = append(keys, key)
	}
	return keys, nil
}
