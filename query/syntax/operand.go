package syntax

// operand reads a column, a literal, a list, a call or something in brackets, and the parts of it that are asked for.
func (p *treeParser) operand() (Node, *Error) {
	t := p.peek(0)
	if p.done() || p.open == 0 && p.at > p.first && (t.Is("|") || t.Is(",") || t.Is(":")) {
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
func (p *treeParser) primary(t Token) (Node, *Error) {
	switch {
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
	}
	p.at++
	switch t.Kind {
	case Name:
		if word := t.Keyword(); word != "" {
			return &Constant{node{t.Range}, Name, word, keywordValues[word]}, nil
		}
		return &Word{node{t.Range}, t.Text, false}, nil
	case Quoted:
		name := t.identifier()
		return &Word{node{t.Range}, name.Name, name.String() != name.Name}, nil
	}
	return &Constant{node{t.Range}, t.Kind, t.Text, t.Value}, nil
}

// keywordValues are the values of the words that are constants.
var keywordValues = map[string]any{"true": true, "false": false, "nil": nil}

func unknownConstruct(at Range, what string) *Error {
	return Errorf(at, "netql's expressions have no %s", what).WithHint("use columns, literals, operators and functions")
}

// bracketed reads what stands in brackets, of which the next token is the first.
func (p *treeParser) bracketed(closing string) (Node, *Error) {
	p.at++
	p.open++
	defer func() { p.open-- }()
	n, err := p.expression(levelConditional)
	if err != nil {
		return nil, err
	}
	return n, p.close(closing)
}

func (p *treeParser) close(closing string) *Error {
	if !p.peek(0).Is(closing) {
		return p.unexpected()
	}
	p.at++
	return nil
}

func (p *treeParser) elements() (Node, *Error) {
	start := p.peek(0).Range.Start
	elements, err := p.list("]")
	return &List{p.since(start), elements}, err
}

// list reads expressions up to the closing bracket; the opening one is the next token. A comma may stand after the last.
func (p *treeParser) list(closing string) (nodes []Node, err *Error) {
	p.at++
	p.open++
	defer func() { p.open-- }()
	for !p.peek(0).Is(closing) {
		n, err := p.element(closing)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
		if !p.peek(0).Is(",") {
			break
		}
		p.at++
	}
	return nodes, p.close(closing)
}

// element reads one of a list. Braces around an argument are brackets: expr-lang has them around conditions on elements.
func (p *treeParser) element(closing string) (Node, *Error) {
	if p.peek(0).Is("{") && closing == ")" && !p.peek(2).Is(":") {
		return p.bracketed("}")
	}
	return p.expression(levelConditional)
}

// call reads a function's name and its arguments.
func (p *treeParser) call() (Node, *Error) {
	name := p.take().identifier()
	arguments, err := p.list(")")
	return &Call{p.since(name.Range.Start), name, arguments, false}, err
}

// piped reads the rest of left | name(arguments).
func (p *treeParser) piped(start int, left Node) (Node, *Error) {
	if t := p.peek(0); t.Kind != Name || t.Keyword() != "" || !p.peek(1).Is("(") {
		if p.done() {
			return nil, p.endsEarly()
		}
		return nil, Errorf(t.Range, "a | inside brackets hands a value to a function, and %s is none", t.Text).
			WithHint(`for example: (process | lower())`)
	}
	if err := p.count(); err != nil {
		return nil, err
	}
	name := p.take().identifier()
	arguments, err := p.list(")")
	return &Call{p.since(start), name, append([]Node{left}, arguments...), true}, err
}

// part reads one .name, [index] or [from:to] after an object; it is the object itself where none follows.
func (p *treeParser) part(start int, object Node) (Node, *Error) {
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
	name := p.take().identifier()
	if p.peek(0).Is("(") {
		return nil, unknownConstruct(name.Range, "methods")
	}
	return &Field{p.since(start), object, name, t.Is("?.")}, nil
}

// subscript reads [index], or [from:to] of which either end may be left out.
func (p *treeParser) subscript(start int, object Node) (Node, *Error) {
	p.at++
	p.open++
	defer func() { p.open-- }()
	var from, to Node
	var err *Error
	if !p.peek(0).Is(":") {
		if from, err = p.expression(levelConditional); err != nil {
			return nil, err
		}
	}
	if from != nil && !p.peek(0).Is(":") {
		err = p.close("]")
		return &Index{p.since(start), object, from}, err
	}
	p.at++
	if !p.peek(0).Is("]") {
		if to, err = p.expression(levelConditional); err != nil {
			return nil, err
		}
	}
	err = p.close("]")
	return &Slice{p.since(start), object, from, to}, err
}
