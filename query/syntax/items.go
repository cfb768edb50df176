package syntax

// Listed reads elements separated by commas.
func Listed[T any](p *Parser, element func(*Parser) (T, *Error)) ([]T, *Error) {
	var list []T
	for {
		if len(list) == maxItems {
			return nil, tooMany(p.peek(0).Range)
		}
		e, err := element(p)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
		if !p.Skip(",") {
			return list, nil
		}
	}
}

// Items reads the elements of select and its kin up to the end of the stage; star says that * is one.
func (p *Parser) Items(star bool) ([]Item, *Error) {
	missing := p.Missing("a column or an expression", "laddr, lport, loss = retrans / segs_out")
	return p.itemsIn(p.rest(), missing, star)
}

// ItemsUntil reads elements up to a word or operator that is in no bracket, and that one too; found says that it was
// there. Otherwise, and where the separator is "", it reads up to the end of the stage. Where there are no elements,
// what and example tell what is missing.
func (p *Parser) ItemsUntil(separator, what, example string) (items []Item, found bool, err *Error) {
	missing := p.Missing(what, example)
	start := p.at
	tokens := p.rest()
	if i := separated(tokens, separator); i >= 0 {
		tokens, found, p.at = tokens[:i], true, start+i+1
	}
	items, err = p.itemsIn(tokens, missing, false)
	return items, found, err
}

// separated finds a word or operator that is in no bracket. The colon of a ? b : c separates nothing.
func separated(tokens []Token, separator string) int {
	depth, questions := 0, 0
	for i, t := range tokens {
		depth += nesting(t)
		switch {
		case depth > 0:
		case t.Is("?"):
			questions++
		case t.Is(":") && questions > 0:
			questions--
		case t.IsWord(separator), t.Is(separator):
			return i
		}
	}
	return -1
}

// itemsIn reads the elements that the tokens are; missing is the error when there are none.
func (p *Parser) itemsIn(tokens []Token, missing *Error, star bool) ([]Item, *Error) {
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

func (p *Parser) item(tokens []Token, star bool) (Item, *Error) {
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
func (p *Parser) parts(tokens []Token, missing *Error) ([][]Token, *Error) {
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

// Keys reads the elements of sort and top; descending is what holds where nothing is said.
func (p *Parser) Keys(descending bool) ([]Key, *Error) {
	missing := p.Missing("a column to sort by", "sort rtt desc")
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
func (p *Parser) key(tokens []Token, descending bool) (Key, *Error) {
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
