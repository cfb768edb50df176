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

// ItemList says what the items of a stage are.
type ItemList struct {
	What, Example    string // what is missing where there is none, and an example of it
	Star, Aggregates bool   // * is an item; items may be made of aggregates
	Until            string // a word that ends them; "" is none
}

// Items reads the elements of select and the like, as far as they go.
func (p *Parser) Items(list ItemList) ([]Item, *Error) {
	p.until, p.context = list.Until, context{aggregates: list.Aggregates}
	defer func() { p.until = "" }()
	return Listed(p, func(p *Parser) (Item, *Error) { return p.item(list) })
}

func (p *Parser) item(list ItemList) (Item, *Error) {
	if err := p.requireElement(list.What, list.Example); err != nil {
		if list.Star {
			p.Expect(ExpectWord{"*", "all columns"})
		}
		return Item{}, err
	}
	if star := p.peek(0); star.Is("*") {
		if !list.Star {
			return Item{}, Errorf(star.Range, "* stands only in select").WithHint("name the columns, or use select *")
		}
		p.at++
		return Item{Star: true}, nil
	}
	var item Item
	if first := p.peek(0); first.isName() && p.peek(1).Is("=") {
		name := p.identifier(first)
		item.Name = &name
		p.at += 2
		if p.atElementEnd() {
			p.expectOperand()
			e := Errorf(name.Range, "the expression for %s is missing", name).WithHint("for example: %s = lport", name)
			e.Incomplete = p.done()
			return Item{}, e
		}
	}
	var err *Error
	item.Expression, err = p.parseExpression()
	if err == nil && item.Name == nil && p.Skip("as") {
		return p.named(item)
	}
	return item, err
}

// named reads the name behind as, which is SQL's way to name an item.
func (p *Parser) named(item Item) (Item, *Error) {
	if !p.peek(0).isName() {
		return item, p.Missing("a name", "select lport as port")
	}
	name := p.identifier(p.Take())
	item.Name, p.ended = &name, p.at
	return item, nil
}

// requireElement is an error where an element of a list is missing.
func (p *Parser) requireElement(what, example string) *Error {
	before := p.tokens[p.at-1]
	switch t := p.peek(0); {
	case t.Is(","):
		return strayComma(t)
	case !p.atElementEnd():
		return nil
	case before.Is(","):
		p.expectOperand()
		e := strayComma(before)
		e.Incomplete = p.done()
		return e
	}
	p.expectOperand()
	return p.Missing(what, example)
}

func strayComma(comma Token) *Error {
	return Errorf(comma.Range, "something is missing beside this comma").
		WithHint("leave the comma out, or name a column")
}

// Keys reads the elements of sort and top; descending is what holds where nothing is said.
func (p *Parser) Keys(descending bool) ([]Key, *Error) {
	p.context = context{}
	return Listed(p, func(p *Parser) (Key, *Error) { return p.key(descending) })
}

// key reads [-] expression [asc|desc].
func (p *Parser) key(descending bool) (Key, *Error) {
	if err := p.requireElement("a column to sort by", "sort rtt desc"); err != nil {
		return Key{}, err
	}
	descending = p.Skip("-") || descending
	expression, err := p.parseExpression()
	if err != nil {
		return Key{}, err
	}
	switch {
	case p.Keyword("desc", "the largest first"):
		descending = true
	case p.Keyword("asc", "the smallest first"):
		descending = false
	}
	return Key{expression, descending}, nil
}
