package syntax

import "strings"

// Definition is a named query: def slow(limit = 5ms) = sockets rtt > $limit | top 10 by rtt.
type Definition struct {
	Name       Identifier
	Parameters []Declared
	Query      *Query // the body, in which parameters are nodes; nil where it is wrong
	Doc        string // the comment before it, without the signs of a comment; "" for none

	source  *Source
	text    string  // from "def" on
	base    int     // of the text
	problem *Error  // why it cannot be used; nil where it can
	parser  *Parser // behind the head; nil where the body has been parsed, or cannot be
	reading bool    // its body is being parsed: whoever uses it there uses itself
}

// Declared is a parameter of a named query.
type Declared struct {
	Name    Identifier
	Default Expression // nil where each use must give the argument
}

// String is the canonical text.
func (d *Definition) String() string { return "def " + d.Signature() + " = " + d.Query.String() }

// Signature is the name with the parameters: slow(limit = 5ms).
func (d *Definition) Signature() string {
	if len(d.Parameters) == 0 {
		return d.Name.String()
	}
	return d.Name.String() + "(" + List(d.Parameters) + ")"
}

// Place is where the named query is: the file, and the line in it.
func (d *Definition) Place() (file string, line int) {
	return d.source.Name, d.source.line(d.Name.Range)
}

// Shared says that it is for all users of the machine.
func (d *Definition) Shared() bool { return d.source.Shared }

// Problem says what is wrong with it; nil where nothing is. What is typed at each use may still be wrong there.
func (d *Definition) Problem() *Error { return d.problem }

// Text is the text as it stands in the file, from "def" on.
func (d *Definition) Text() string { return strings.TrimSpace(d.text) }

func (d Declared) String() string {
	if d.Default == nil {
		return d.Name.String()
	}
	return d.Name.String() + " = " + d.Default.String()
}

// doc says what holds where no argument is given.
func (d Declared) doc() string {
	if d.Default == nil {
		return "must be given"
	}
	return d.Default.String() + " where nothing is said"
}

// parameter finds a parameter by its name, in any case.
func (d *Definition) parameter(name string) (Declared, bool) {
	for _, p := range d.Parameters {
		if strings.EqualFold(p.Name.Name, name) {
			return p, true
		}
	}
	return Declared{}, false
}

// nearestParameter is the hint for a name that is no parameter.
func (d *Definition) nearestParameter(name string) string {
	var names []string
	for _, p := range d.Parameters {
		names = append(names, p.Name.Name)
	}
	if near := Nearest(name, names); near != "" {
		return "did you mean " + near + "?"
	}
	if len(names) == 0 {
		return "it has none: " + d.Signature()
	}
	return "it is declared as " + d.Signature()
}

// header reads: def NAME [(PARAMETER [= VALUE], ...)] =
func (p *Parser) header(d *Definition) *Error {
	const example = "def slow(limit = 5ms) = sockets rtt > $limit"
	p.at++ // def
	if !p.peek(0).isName() {
		return p.Missing("a name", example)
	}
	d.Name = p.identifier(p.Take())
	if p.peek(0).Is("(") {
		if err := p.declarations(d); err != nil {
			return err
		}
	}
	if !p.Skip("=") {
		return p.Missing("=", example)
	}
	return nil
}

// declarations reads the parameters in their brackets.
func (p *Parser) declarations(d *Definition) *Error {
	defer p.enter(context{})()
	for !p.peek(0).Is(")") {
		if p.peek(0).Kind == Placeholder {
			return Errorf(p.peek(0).Range, "a parameter is declared without its $").
				WithHint("for example: slow(limit = 5ms)")
		}
		if !p.peek(0).isName() {
			return p.Missing("the name of a parameter", "slow(limit = 5ms)")
		}
		name := p.identifier(p.Take())
		if wordLength(name.Name) != len(name.Name) {
			return Errorf(name.Range, "the name of a parameter is one word").WithHint("for example: slow(limit = 5ms)")
		}
		if _, twice := d.parameter(name.Name); twice {
			return Errorf(name.Range, "there are two parameters %s", name).WithHint("give one of them another name")
		}
		declared := Declared{Name: name}
		if p.Skip("=") {
			var err *Error
			if declared.Default, err = p.argument(); err != nil {
				return err
			}
		}
		if d.Parameters = append(d.Parameters, declared); len(d.Parameters) > maxItems {
			return tooMany(name.Range)
		}
		if !p.Skip(",") {
			break
		}
	}
	return p.close(")")
}
