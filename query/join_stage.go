package query

import (
	"slices"

	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// joinStage puts beside each row (left) the rows of another table (right) that agree with it.
type joinStage struct {
	outer bool // a row without a partner stays, with NULL for the other table's columns
	all   bool // every prefix in which an address lies counts, not the longest alone
	table syntax.Identifier
	query *syntax.Query // whose rows are joined; nil where table names those
	on    []match
}

// match is a pair of columns that must be equal, of the rows so far and of the joined table; or of an address that must
// be in a prefix.
type match struct {
	left, right syntax.Identifier
	in          bool
}

const joinExample = "join interfaces on dev == name"

// maxJoins bounds the joins of a query: each keeps a table in memory.
const maxJoins = 10

// parseJoin reads: join [left|inner] [all] table on column [== column | in column], ...
func parseJoin(p *syntax.Parser) (syntax.Node, *syntax.Error) {
	j := &joinStage{outer: p.Keyword("left", "keep rows without a partner")}
	if !j.outer {
		p.Keyword("inner", "")
	}
	j.all = p.Keyword("all", "every prefix in which an address lies, not the longest alone")
	var err *syntax.Error
	if j.query, err = p.Subquery(); j.query == nil && err == nil {
		j.table, err = p.Name("a table", joinExample, syntax.ExpectTable{})
	}
	if err != nil {
		return nil, err
	}
	if !p.Keyword("on", "the columns that must be equal") {
		return nil, p.Missing("on", joinExample)
	}
	j.on, err = syntax.Listed(p, j.parseMatch)
	return j, err
}

// parseMatch reads: column [== column | in column].
func (s *joinStage) parseMatch(p *syntax.Parser) (match, *syntax.Error) {
	expected := syntax.ExpectJoinColumn{Table: s.table.Name}
	left, err := p.Name("a column", joinExample, expected)
	if err != nil {
		return match{}, err
	}
	m := match{left: left, right: left}
	m.in = p.Keyword("in", "the other table's prefix in which it lies")
	if !m.in && !p.Keyword("==", "the other table's column") && !p.Skip("=") {
		return m, nil
	}
	expected.Left, expected.In = left.Name, m.in
	m.right, err = p.Name("a column", joinExample, expected)
	return m, err
}

func (s *joinStage) String() string {
	kind := ""
	if s.outer {
		kind = "left "
	}
	if s.all {
		kind += "all "
	}
	joined := s.table.String()
	if s.query != nil {
		joined = "(" + s.query.String() + ")"
	}
	return "join " + kind + joined + " on " + syntax.List(s.on)
}

// String leaves out what a reader can add.
func (m match) String() string {
	if m.in {
		return m.left.String() + " in " + m.right.String()
	}
	if m.left.Name == m.right.Name {
		return m.left.String()
	}
	return m.left.String() + " == " + m.right.String()
}

func (s *joinStage) compile(c *compiler) error {
	input := c.plan.Schema()
	table, err := c.joined(s)
	if err != nil {
		return err
	}
	if c.plan.joins++; c.plan.joins > maxJoins {
		return syntax.Errorf(c.at, "the query joins more than %d tables", maxJoins).
			WithHint("join fewer, and the rest with the tool that reads the output")
	}
	j := &joinOp{text: s.String(), typed: c.typedText(s.String()), outer: s.outer, table: table,
		origins: map[string]origin{}, at: c.at,
		one: c.plan.follow, inside: -1, all: s.all, keeper: c.keeper(s.String())}
	shared := Set{}
	for _, m := range s.on {
		if err := j.match(input, m); err != nil {
			return err
		}
		if m.left.Name == m.right.Name && !m.in {
			shared.add(j.rightColumns[len(j.rightColumns)-1].Name)
		}
	}
	if s.all && j.inside < 0 {
		return syntax.Errorf(c.at, "all is about prefixes, and no pair of columns has in").
			WithHint("for example: join all routes on raddr in dst; else leave all out")
	}
	j.findAsked()
	if err := j.rejectOthers(s, input); err != nil {
		return err
	}
	j.buildSchema(input, shared)
	return c.add(j)
}

// rejectOthers is an error where a row would be joined with a way of another host or network namespace: the longest
// prefix of all, or what each of their kernels answers. Other joins may well be across them, as of the two ends of a
// connection.
func (j *joinOp) rejectOthers(s *joinStage, input schema.Schema) error {
	member := j.table.member
	if _, ok := input.Column(member); !ok || j.inside < 0 && !j.table.asks() {
		return nil
	}
	if slices.ContainsFunc(j.rightColumns, func(c *schema.Column) bool { return c.Name == member }) {
		return nil
	}
	return syntax.Errorf(j.at, "a row of one %s would be joined with %s of another", member, j.table.Name).
		WithHint("add %s: %s, %s", member, s, member)
}

// joined is the table whose rows are joined: one of the catalogue, or that of a query.
func (c *compiler) joined(s *joinStage) (*Table, error) {
	if s.query != nil {
		return c.tableOf(s.query)
	}
	table, ok := c.catalog.Table(s.table.Name)
	if !ok {
		return nil, c.catalog.unknownTable(s.table)
	}
	return table, nil
}

// match adds a pair of columns that must be equal.
func (j *joinOp) match(input schema.Schema, m match) error {
	left, ok := expression.FindColumn(input, m.left.Name)
	if !ok {
		return expression.UnknownColumn(input, m.left.Name, m.left.Range)
	}
	right, ok := expression.FindColumn(j.table.schema(), m.right.Name)
	if !ok {
		return expression.UnknownColumn(j.table.schema(), m.right.Name, m.right.Range)
	}
	at := m.left.Range.Join(m.right.Range)
	if m.in {
		if err := j.matchInside(left, right, at); err != nil {
			return err
		}
	} else if !expression.Joinable(left.Type, right.Type) {
		return neverEqual(left, right, at)
	}
	j.leftColumns, j.rightColumns = append(j.leftColumns, left), append(j.rightColumns, right)
	j.floats = append(j.floats, left.Type.Kind != right.Type.Kind && (mayBeFloat(left.Type) || mayBeFloat(right.Type)))
	return nil
}

// neverEqual is the error of two columns whose values are of different kinds.
func neverEqual(left, right *schema.Column, at syntax.Range) error {
	const message = "%s is of type %s, and %s of %s: they are never equal"
	err := syntax.Errorf(at, message, left.Name, left.Type, right.Name, right.Type)
	if left.Type.Kind == schema.Address && right.Type.Kind == schema.Prefix {
		return err.WithFix(at, "%s in %s", syntax.Identifier{Name: left.Name}, syntax.Identifier{Name: right.Name})
	}
	return err.WithHint("join on columns of one kind")
}

func mayBeFloat(t schema.Type) bool { return t.Kind == schema.Float || t.Kind == schema.Any }
