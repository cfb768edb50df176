package complete

import (
	"cmp"

	"netql/query"
	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// candidates are all words that may stand at the cursor, whatever the typed word begins with; keywords come last.
func (c *cursor) candidates() (candidates []Candidate) {
	var words []Candidate
	for _, expected := range c.Expected {
		switch e := expected.(type) {
		case syntax.ExpectTable:
			candidates = append(candidates, c.tables()...)
			if c.Pipeline == "" {
				candidates = append(candidates, c.namedQueries()...)
			}
		case syntax.ExpectFilter:
			if len(c.columns().Columns) > 0 {
				words = append(words, keyword(e.Word, "a condition follows"))
			}
		case syntax.ExpectStage:
			candidates = append(candidates, stageNames()...)
		case syntax.ExpectWord:
			if e.Doc != "" {
				words = append(words, keyword(e.Word, e.Doc))
			}
		case syntax.ExpectColumn:
			candidates = append(candidates, c.columnNames()...)
		case syntax.ExpectJoinColumn:
			candidates = append(candidates, c.partners(e)...)
		default:
			candidates = append(candidates, c.expression(e)...)
		}
	}
	return append(candidates, words...)
}

func (c *cursor) tables() (candidates []Candidate) {
	for _, table := range c.Catalog.Tables() {
		candidates = append(candidates, Candidate{Text: table.Name, Doc: table.Doc, Kind: Table, End: " "})
	}
	return candidates
}

// namedQueries are the named queries, with which a query may begin.
func (s *Source) namedQueries() (candidates []Candidate) {
	for _, d := range s.Catalog.Named.All() {
		if d.Problem() == nil {
			doc := cmp.Or(d.Doc, d.Query.String())
			candidates = append(candidates,
				Candidate{Text: d.Name.String(), Label: d.Signature(), Doc: doc, Kind: Named,
					End: " "})
		}
	}
	return candidates
}

// stageNames leaves out the other names of stages: they only make the list longer.
func stageNames() (candidates []Candidate) {
	for _, s := range query.Language {
		candidates = append(candidates, Candidate{Text: s.Name, Label: s.Usage, Doc: s.Doc, Kind: Stage, End: " "})
	}
	return candidates
}

// keyword is the candidate of a word of the language, which another word follows.
func keyword(word, doc string) Candidate {
	return Candidate{Text: word, Doc: doc, Kind: Keyword, End: " "}
}

func (c *cursor) columnNames() (candidates []Candidate) {
	for _, column := range c.columns().Columns {
		candidates = append(candidates, c.column(column))
	}
	return candidates
}

// partners are the columns that a join may compare: behind "on" those of the rows so far that a column of the joined
// table can equal, or in which it can be; behind "==" and "in" those of the joined table for the column before it.
func (c *cursor) partners(e syntax.ExpectJoinColumn) (candidates []Candidate) {
	table, known := c.Catalog.Table(e.Table)
	switch {
	case known:
	case e.Left == "": // of a query in brackets: which columns that has is not known here
		return c.columnNames()
	default:
		return nil
	}
	input := c.columns()
	columns, others := input.Columns, table.Columns
	if e.Left != "" {
		left, known := expression.FindColumn(input, e.Left)
		if !known {
			return nil
		}
		columns, others = table.Columns, []*schema.Column{left}
	}
	for _, column := range columns {
		for _, other := range others {
			left, right := column, other
			if e.Left != "" {
				left, right = other, column
			}
			equal, inside := expression.Joinable(left.Type, right.Type), query.CanBeInside(left, right)
			if e.In && inside || !e.In && (equal || inside && e.Left == "") {
				candidates = append(candidates, c.column(column))
				break
			}
		}
	}
	return candidates
}
