package syntax

// operand reads a column, a literal, a list, a call or something in brackets, and the parts of it that are asked for.
func (p *Parser) operand() (Expression, *Error) {
	t := p.peek(0)
	if p.done() {
		p.expectOperand()
	}
	if p.atElementEnd() && p.at > p.first {
		return nil, p.endsEarly()
	}
	if err := p.count(); err != nil {
		return nil, err
	}
	n, err := p.primary(t)
	for err == nil {
		before := n
		if n, err = p.part(t.Range.Start, before); n == before {
			break
		}
	}
	return n, err
}

// primary reads an operand without its parts.
func (p *Parser) primary(t Token) (Expression, *Error) {
	switch {
	case t.Is("(") && p.context.operator == "in" && !p.context.listed:
		return p.bracketedList()
	case t.Is("("):
		return p.bracketed(")")
	case t.Is("["):
		return p.elements()
	case t.Is("{"):
		return nil, unknownConstruct(t.Range, "maps")
	case t.Is("#"):
		p.at++
		return &Element{node{t.Range}}, nil
	case t.Is("."):
		return &Element{node{t.Range}}, nil // the point is read as that of a part
	case t.Kind == Operator, operatorWords[t.Keyword()]:
		return nil, p.unexpected()
	case t.Kind == Name && t.Keyword() == "" && p.peek(1).Is("("):
		return p.call()
	case t.Kind == Placeholder:
		parameter, err := p.Parameter()
		return parameter, err
	}
	p.at++
	switch t.Kind {
	case Name, Quoted:
		if word := t.Keyword(); word != "" {
			return &Constant{node{t.Range}, Name, word, keywordValues[word]}, nil
		}
		name := p.identifier(t)
		return &Word{node{t.Range}, name.Name, name.reserved}, nil
	}
	return &Constant{node{t.Range}, t.Kind, t.Text, t.Value}, nil
}

// keywordValues are the values of the words that are constants.
var keywordValues = map[string]any{"true": true, "false": false, "nil": nil}

func unknownConstruct(at Range, what string) *Error {
	return Errorf(at, "netql's expressions have no %s", what).
		WithHint("use columns, literals, operators and functions")
}

// bracketed reads what stands in brackets, of which the next token is the first.
func (p *Parser) bracketed(closing string) (Expression, *Error) {
	defer p.enter(context{})()
	n, err := p.expression(levelConditional)
	if err != nil {
		return nil, err
	}
	return n, p.close(closing)
}

// enter reads an opening bracket. The function that it gives puts things back behind the closing one.
func (p *Parser) enter(inside context) (leave func()) {
	outside := p.context
	inside.condition, inside.aggregates = outside.condition, outside.aggregates
	if inside.list == nil {
		inside.list = outside.list
	}
	p.at++
	p.depth++
	p.context = inside
	return func() {
		p.depth--
		p.context = outside
	}
}

func (p *Parser) close(closing string) *Error {
	if !p.peek(0).Is(closing) {
		return p.unexpected()
	}
	p.at++
	return nil
}

func (p *Parser) elements() (Expression, *Error) {
	start := p.peek(0).Range.Start
	inside := context{}
	if p.context.operator == "in" {
		inside = context{left: p.context.left, operator: "in", listed: true}
	}
	elements, err := p.list("]", inside)
	return &Array{p.from(start), elements}, err
}

// bracketedList reads round brackets right behind in, as SQL has them: a list where there is a comma, or a literal and
// nothing else; otherwise brackets around an expression.
func (p *Parser) bracketedList() (Expression, *Error) {
	start := p.peek(0).Range.Start
	defer p.enter(context{left: p.context.left, operator: "in", listed: true})()
	first, err := p.expression(levelConditional)
	if err != nil {
		return nil, err
	}
	literal, ok := first.(*Constant)
	if !p.peek(0).Is(",") && (!ok || literal.Kind == Name) {
		return first, p.close(")")
	}
	elements := []Expression{first}
	for p.Skip(",") && !p.peek(0).Is(")") {
		n, err := p.expression(levelConditional)
		if err != nil {
			return nil, err
		}
		elements = append(elements, n)
	}
	err = p.close(")")
	return &Array{p.from(start), elements}, err
}

// list reads expressions up to the closing bracket; the opening one is the next token. A comma may stand after the
// last.
func (p *Parser) list(closing string, inside context) (nodes []Expression, err *Error) {
	defer p.enter(inside)()
	for !p.peek(0).Is(closing) {
		n, err := p.element(closing)
		if err != nil {
			return nil, err
		}
		if nodes = append(nodes, n); closing == ")" && inside.list == nil {
			p.context.list = nodes[0]
		}
		if !p.peek(0).Is(",") {
			break
		}
		p.at++
	}
	return nodes, p.close(closing)
}

// element reads one of a list. Braces around an argument are brackets: expr-lang has them around conditions on
// elements.
func (p *Parser) element(closing string) (Expression, *Error) {
	if p.peek(0).Is("{") && closing == ")" && !p.peek(2).Is(":") {
		return p.bracketed("}")
	}
	return p.expression(levelConditional)
}

// call reads a function's name and its arguments.
func (p *Parser) call() (Expression, *Error) {
	name := p.identifier(p.Take())
	arguments, err := p.list(")", context{})
	return &Call{p.from(name.Range.Start), name, arguments, false}, err
}

// piped reads the rest of left | name(arguments).
func (p *Parser) piped(start int, left Expression) (Expression, *Error) {
	if t := p.peek(0); t.Kind != Name || t.Keyword() != "" || !p.peek(1).Is("(") {
		if p.done() {
			p.Expect(ExpectFunction{})
			return nil, p.endsEarly()
		}
		return nil, Errorf(t.Range, "a | inside brackets hands a value to a function, and %s is none", t.Text).
			WithHint(`for example: (process | lower())`)
	}
	if err := p.count(); err != nil {
		return nil, err
	}
	name := p.identifier(p.Take())
	arguments, err := p.list(")", context{list: left})
	return &Call{p.from(start), name, append([]Expression{left}, arguments...), true}, err
}

// part reads one .name, [index] or [from:to] after an object; it is the object itself where none follows.
func (p *Parser) part(start int, object Expression) (Expression, *Error) {
	t := p.peek(0)
	if !t.Is(".") && !t.Is("?.") && !t.Is("[") {
		return object, nil
	}
	if err := p.count(); err != nil {
		return nil, err
	}
	if t.Is("[") {
		return p.subscript(start, object)
	}
	p.at++
	if p.done() { // only in a text that is cut off
		p.Expect(ExpectPart{object, p.context.list})
		return nil, p.endsEarly()
	}
	name := p.identifier(p.Take())
	if p.peek(0).Is("(") {
		return nil, unknownConstruct(name.Range, "methods")
	}
	return &Field{p.from(start), object, name, t.Is("?.")}, nil
}

// subscript reads [index], or [from:to] of which either end may be left out.
func (p *Parser) subscript(start int, object Expression) (Expression, *Error) {
	defer p.enter(context{})()
	var from, to Expression
	var err *Error
	if !p.peek(0).Is(":") {
		if from, err = p.expression(levelConditional); err != nil {
			return nil, err
		}
	}
	if from != nil && !p.peek(0).Is(":") {
		err = p.close("]")
		return &Index{p.from(start), object, from}, err
	}
	p.at++
	if !p.peek(0).Is("]") {
		if to, err = p.expression(levelConditional); err != nil {
			return nil, err
		}
	}
	err = p.close("]")
	return &Slice{p.from(start), object, from, to}, err
}
