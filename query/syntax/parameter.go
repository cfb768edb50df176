package syntax

import (
	"strconv"
	"time"
)

// Parameter is $name, in the body of a named query: an expression in its place is put there by each use.
type Parameter struct {
	node
	Name string
}

func (n *Parameter) level() level { return levelOperand }

// String implements Expression.
func (n *Parameter) String() string { return "$" + n.Name }

func (n *Parameter) write(p *printer) { p.WriteString(n.String()) }

// Count is a number of rows, or the parameter that stands for it.
type Count struct {
	N         int
	parameter *Parameter
}

func (c Count) String() string {
	if c.parameter != nil {
		return c.parameter.String()
	}
	return strconv.Itoa(c.N)
}

// Interval is what the user has chosen for stages that repeat the query; 0 for nothing.
func (p *Parser) Interval() time.Duration { return p.settings.Interval }

// Parameter reads a parameter if it is the next token; it is nil where something else is.
func (p *Parser) Parameter() (*Parameter, *Error) {
	t := p.peek(0)
	if t.Kind != Placeholder {
		return nil, nil
	}
	p.at++
	name, _ := t.Value.(string)
	if p.declared == nil {
		return nil, Errorf(t.Range, "%s stands outside of a named query", t.Text).
			WithHint("for example: alias slow(limit = 5ms) = sockets rtt > $limit")
	}
	declared, known := p.declared.parameter(name)
	if !known {
		return nil, Errorf(t.Range, "%s has no parameter %s", p.declared.Name, t.Text).
			WithHint("%s", p.declared.nearestParameter(name))
	}
	return &Parameter{node{t.Range}, declared.Name.Name}, nil
}
