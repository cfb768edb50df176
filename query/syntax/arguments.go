package syntax

// Arguments are what a use of a named query puts in the place of its parameters.
type Arguments struct {
	values map[string]Expression // by the parameter's name
	err    *Error                // the first argument that is not of the kind that its place needs

	replacement func(Expression) Expression // as in Replacing; nil for none
	name        func(Item) Identifier       // as in Naming; nil for none
	replaced    int                         // how many nodes were replaced
}

// Replacing puts other nodes in the place of some in the expressions of stages (Substitutable): of is asked for each
// node, the outermost first, and gives nil for one that stays.
func Replacing(of func(Expression) Expression) *Arguments { return &Arguments{replacement: of} }

// Naming has items keep their names where something is replaced in them: column gives the name of the column of an
// item, and is asked for each item, in order.
func (a *Arguments) Naming(column func(Item) Identifier) *Arguments {
	a.name = column
	return a
}

// arguments reads what follows the name of a named query: values, in the order of the parameters or as name = value,
// with commas between them, in brackets or not. Without brackets they end before a | or the word of a filter.
func (p *Parser) arguments(d *Definition, name Token) (*Arguments, *Error) {
	a := &Arguments{values: map[string]Expression{}}
	var err *Error
	if open := p.peek(0); open.Is("(") && open.Range.Start == name.Range.End {
		err = p.bracketedArguments(a, d)
	} else if len(d.Parameters) > 0 {
		err = p.bareArguments(a, d)
	}
	if err != nil {
		return nil, err
	}
	for _, parameter := range d.Parameters {
		if a.values[parameter.Name.Name] != nil {
			continue
		}
		if parameter.Default == nil {
			e := Errorf(name.Range, "%s needs its argument %s", d.Name, parameter.Name).
				WithHint("it is declared as %s", d.Signature())
			e.Incomplete = p.done()
			return nil, e
		}
		a.values[parameter.Name.Name] = parameter.Default
	}
	return a, nil
}

func (p *Parser) bracketedArguments(a *Arguments, d *Definition) *Error {
	defer p.enter(context{})()
	for !p.peek(0).Is(")") {
		if err := p.oneArgument(a, d); err != nil {
			return err
		}
		p.Skip(",")
	}
	return p.close(")")
}

func (p *Parser) bareArguments(a *Arguments, d *Definition) *Error {
	for !p.Ends() {
		first, next := p.peek(0), p.peek(1)
		if kind, known := p.language.Stage(first.Text); known && first.Kind == Name && !next.Is("=") {
			if kind.Filter {
				return nil
			}
			return Errorf(first.Range, "a stage needs a | before it").
				WithHint("did you mean: %s | %s ...", d.Name, first.Text)
		}
		if err := p.oneArgument(a, d); err != nil {
			return err
		}
		p.Skip(",")
	}
	return nil
}

// oneArgument reads one argument: [name =] value.
func (p *Parser) oneArgument(a *Arguments, d *Definition) *Error {
	first := p.peek(0)
	var parameter Declared
	named := first.isName() && p.peek(1).Is("=")
	if named {
		var known bool
		if parameter, known = d.parameter(first.name()); !known {
			return Errorf(first.Range, "%s has no parameter %s", d.Name, first.Text).
				WithHint("%s", d.nearestParameter(first.name()))
		}
		if a.values[parameter.Name.Name] != nil {
			return Errorf(first.Range, "%s has its argument %s twice", d.Name, parameter.Name).
				WithHint("leave one out")
		}
		p.at += 2
	}
	value, err := p.argument()
	if err != nil {
		return err
	}
	if op := p.peek(0).operation(); binaryLevels[op.Name] == levelComparison {
		return Errorf(op.Range, "%s takes values, not a condition", d.Name).
			WithHint("a condition stands behind a |: %s | where ...", d.Name)
	}
	if !named {
		var left bool
		if parameter, left = a.next(d); !left {
			return Errorf(value.Span(), "%s takes no further argument", d.Name).
				WithHint("it is declared as %s", d.Signature())
		}
	}
	a.values[parameter.Name.Name] = value
	return nil
}

// next is the first parameter that has no argument yet.
func (a *Arguments) next(d *Definition) (Declared, bool) {
	for _, parameter := range d.Parameters {
		if a.values[parameter.Name.Name] == nil {
			return parameter, true
		}
	}
	return Declared{}, false
}

// argument reads a value: anything that binds tighter than a comparison.
func (p *Parser) argument() (Expression, *Error) {
	p.nodes, p.first, p.context = 0, p.at, context{}
	value, err := p.expression(levelComparison + 1)
	p.ended = p.at
	return value, err
}

// Count is a number of rows with the argument in it.
func (a *Arguments) Count(c Count) Count {
	if c.parameter == nil {
		return c
	}
	value, still := a.Constant(c.parameter)
	n, ok := value.(int)
	if still == nil && !ok {
		a.Fail(Errorf(a.Span(c.parameter), "%s is a whole number of rows", c.parameter).
			WithHint("for example: 10"))
	}
	return Count{n, still}
}

// Constant is the value that an argument is by itself, as in a Token. still is the parameter that stands for it yet,
// where one named query hands its own on to another.
func (a *Arguments) Constant(parameter *Parameter) (value any, still *Parameter) {
	switch n := a.values[parameter.Name].(type) {
	case *Constant:
		return n.Value, nil
	case *Parameter:
		return nil, n
	}
	return nil, nil
}

// Span is the place of the argument for a parameter.
func (a *Arguments) Span(parameter *Parameter) Range { return a.values[parameter.Name].Span() }

// Fail says that an argument is not of the kind that its place needs.
func (a *Arguments) Fail(err *Error) {
	if a.err == nil {
		a.err = err
	}
}
