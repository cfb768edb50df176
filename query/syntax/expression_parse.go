package syntax

// maxNodes bounds an expression, and so how deep its operators may nest.
const maxNodes = 10_000

// parseExpression reads an expression as far as it goes. What follows is for the caller to judge.
func (p *Parser) parseExpression() (Expression, *Error) {
	p.nodes, p.first = 0, p.at
	n, err := p.expression(levelConditional)
	p.ended = p.at
	return n, err
}

// expression reads operands with operators between them that bind at least so tightly.
func (p *Parser) expression(least level) (Expression, *Error) {
	start := p.peek(0).Range.Start
	left, err := p.prefixed(least)
	before := Operation{}
	for err == nil {
		if least <= levelComparison {
			if n, wrong, found := p.wordComparison(start, left); found {
				left, err, before = n, wrong, Operation{}
				continue
			}
		}
		op, negated, ok := p.nextOperator(least)
		if !ok {
			p.expectOperator(left)
			break
		}
		if before.Name == "??" && op.Name != "??" && op.Name != "|" {
			return nil, Errorf(op.Range, "?? and %s need brackets", p.peek(0).Text).
				WithHint("for example: (pid ?? 0) == 0")
		}
		if before = op; negated {
			p.at++
		}
		left, err = p.operation(start, left, op, negated)
	}
	if err != nil || least > levelConditional || !p.peek(0).Is("?") {
		return left, err
	}
	return p.conditional(start, left)
}

// nextOperator is the binary operator that comes next, if it binds at least so tightly. Inside brackets | is one.
func (p *Parser) nextOperator(least level) (op Operation, negated, ok bool) {
	t := p.peek(0)
	if t.Is("|") {
		return Operation{t.Range, "|"}, false, p.depth > 0 && least <= levelPipe
	}
	op = p.operationAt(0)
	if op.Name == "not" {
		if op = p.operationAt(1); !negatable(op.Name) {
			return op, true, false
		}
		negated = true
	}
	at, known := binaryLevels[op.Name]
	return op, negated, known && at >= least
}

// operationAt is the operator that the token n places ahead is. In a condition = compares, as in SQL.
func (p *Parser) operationAt(n int) Operation {
	t := p.peek(n)
	if t.Is("=") && p.context.condition {
		return Operation{t.Range, "=="}
	}
	return t.operation()
}

// operation reads the operator and what stands to its right.
func (p *Parser) operation(start int, left Expression, op Operation, negated bool) (Expression, *Error) {
	p.at++
	if op.Name == "|" {
		return p.piped(start, left)
	}
	if err := p.count(); err != nil {
		return nil, err
	}
	at := binaryLevels[op.Name]
	least := at + 1
	if op.Name == "**" {
		least = at
	}
	right, err := p.rightOperand(left, op, least)
	if err != nil {
		return nil, err
	}
	if next := p.peek(0).operation(); ordering(op.Name) && ordering(next.Name) {
		return p.chain(start, op, left, right)
	}
	n := &Binary{p.from(start), op, left, right, negated, false}
	n.Hyphen = n.hyphenated()
	return n, nil
}

// chain reads the rest of a < b < c.
func (p *Parser) chain(start int, op Operation, left, right Expression) (Expression, *Error) {
	c := &Chain{Operators: []Operation{op}, Operands: []Expression{left, right}}
	for {
		op := p.peek(0).operation()
		if !ordering(op.Name) {
			c.node = p.from(start)
			return c, nil
		}
		p.at++
		if err := p.count(); err != nil {
			return nil, err
		}
		operand, err := p.rightOperand(c.Operands[len(c.Operands)-1], op, levelComparison+1)
		if err != nil {
			return nil, err
		}
		c.Operators, c.Operands = append(c.Operators, op), append(c.Operands, operand)
	}
}

// prefixed reads an operand and the operators before it, whose own operand binds as tightly as what surrounds them.
func (p *Parser) prefixed(least level) (Expression, *Error) {
	t := p.peek(0)
	op := t.operation()
	own := levelSign
	switch {
	case op.Name == "not":
		own = levelNot
	case !t.Is("-") && !t.Is("+"):
		return p.operand()
	}
	p.at++
	if err := p.count(); err != nil {
		return nil, err
	}
	operand, err := p.rightOperand(nil, op, max(least, own))
	if err != nil {
		return nil, err
	}
	return &Unary{p.from(t.Range.Start), op, operand}, nil
}

// conditional reads the rest of a ? b : c, and of a ?: c.
func (p *Parser) conditional(start int, condition Expression) (Expression, *Error) {
	question := p.Take()
	if err := p.count(); err != nil {
		return nil, err
	}
	c := &Conditional{Condition: condition}
	var err *Error
	if !p.peek(0).Is(":") {
		if c.Then, err = p.expression(levelConditional); err != nil {
			return nil, err
		}
	}
	if !p.peek(0).Is(":") {
		e := Errorf(question.Range, "? lacks its :").WithHint("for example: lport < 1024 ? \"system\" : \"user\"")
		e.Incomplete = p.done()
		return nil, e
	}
	p.at++
	c.Else, err = p.expression(levelConditional)
	c.node = p.from(start)
	return c, err
}

// from is the place from a byte of the text to the end of the last token read.
func (p *Parser) from(start int) node {
	return node{Range{start, p.tokens[p.at-1].Range.End}}
}

// count counts a node of the expression, and refuses one above maxNodes.
func (p *Parser) count() *Error {
	if p.nodes++; p.nodes <= maxNodes {
		return nil
	}
	return Errorf(p.tokens[p.first].Range.Join(p.tokens[p.at-1].Range), "the expression is too large").
		WithHint("a prefix or a range such as 1..1023 replaces a long list")
}
