package query

import (
	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// joinStage puts beside each row the rows of another table that agree with it.
type joinStage struct {
	left  bool // a row without a partner stays, with NULL for the other table's columns
	table syntax.Identifier
	on    []match
}

// match is one pair of columns that must be equal: one of the rows so far, and one of the joined table.
type match struct{ here, there syntax.Identifier }

const joinExample = "join interfaces on dev == name"

// maxJoins bounds the joins of a query: each keeps a table in memory.
const maxJoins = 10

// parseJoin reads: join [left|inner] table on column [== column], ...
func parseJoin(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	j := &joinStage{left: p.Keyword("left", "keep rows without a partner")}
	if !j.left {
		p.Keyword("inner", "")
	}
	var err *syntax.Error
	if j.table, err = p.Name("a table", joinExample, syntax.ExpectTable{}); err != nil {
		return nil, err
	}
	if !p.Keyword("on", "the columns that must be equal") {
		return nil, p.Missing("on", joinExample)
	}
	j.on, err = syntax.Listed(p, j.parseMatch)
	return j, err
}

// parseMatch reads: column [== column].
func (s *joinStage) parseMatch(p *syntax.Parser) (match, *syntax.Error) {
	partner := syntax.ExpectPartner{Table: s.table.Name}
	here, err := p.Name("a column", joinExample, partner)
	if err != nil {
		return match{}, err
	}
	if t := p.Peek(); t.Is("=") {
		return match{}, syntax.Errorf(t.Range, "= names an item; it does not compare").WithHint("to compare, write ==")
	}
	if !p.Keyword("==", "the other table's column") {
		return match{here, here}, nil
	}
	partner.Here = here.Name
	there, err := p.Name("a column", joinExample, partner)
	return match{here, there}, err
}

func (s *joinStage) String() string {
	kind := ""
	if s.left {
		kind = "left "
	}
	return "join " + kind + s.table.String() + " on " + syntax.List(s.on)
}

// String leaves out what a reader can add.
func (m match) String() string {
	if m.here.Name == m.there.Name {
		return m.here.String()
	}
	return m.here.String() + " == " + m.there.String()
}

func (s *joinStage) compile(c *compiler) error {
	if c.joins++; c.joins > maxJoins {
		return syntax.Errorf(c.at, "the query joins more than %d tables", maxJoins).
			WithHint("join fewer, and the rest with the tool that reads the output")
	}
	input := c.plan.Schema()
	table, ok := c.catalog.Table(s.table.Name)
	if !ok {
		return c.catalog.unknownTable(s.table)
	}
	j := &joining{text: s.String(), left: s.left, table: table, origins: map[string]origin{}}
	shared := Set{}
	for _, m := range s.on {
		if err := j.match(input, m); err != nil {
			return err
		}
		if m.here.Name == m.there.Name {
			shared.add(j.there[len(j.there)-1].Name)
		}
	}
	j.arrange(input, shared)
	return c.add(j)
}

// match adds a pair of columns that must be equal.
func (j *joining) match(input schema.Schema, m match) error {
	here, ok := expression.FindColumn(input, m.here.Name)
	if !ok {
		return expression.UnknownColumn(input, m.here.Name, m.here.Range)
	}
	there, ok := expression.FindColumn(j.table.schema(), m.there.Name)
	if !ok {
		return expression.UnknownColumn(j.table.schema(), m.there.Name, m.there.Range)
	}
	if !expression.Joinable(here.Type, there.Type) {
		const message = "%s is of type %s, and %s of %s: they are never equal"
		at := m.here.Range.Join(m.there.Range)
		return syntax.Errorf(at, message, here.Name, here.Type, there.Name, there.Type).
			WithHint("join on columns of one kind")
	}
	j.here, j.there = append(j.here, here), append(j.there, there)
	j.floats = append(j.floats, here.Type.Kind != there.Type.Kind && (mayBeFloat(here.Type) || mayBeFloat(there.Type)))
	return nil
}

func mayBeFloat(t schema.Type) bool { return t.Kind == schema.Float || t.Kind == schema.Any }
