package complete

import (
	"netql/query"
	"netql/query/syntax"
)

// candidates are all that may stand at the cursor, whatever the word there starts with.
func (c *cursor) candidates() []Candidate {
	tokens := c.stage()
	if c.bar() < 0 {
		return c.first(tokens)
	}
	if len(tokens) == 0 {
		return stageNames()
	}
	kind, known := query.Language.Stage(tokens[0].Text)
	if !known {
		return nil
	}
	return c.arguments(tokens[1:], kind.Takes)
}

// first is the table and its filter.
func (c *cursor) first(tokens []syntax.Token) []Candidate {
	if len(tokens) > 0 && tokens[0].IsWord("from") {
		tokens = tokens[1:]
	}
	switch {
	case len(tokens) == 0:
		return c.tables()
	case len(c.columns().Columns) == 0:
		return nil
	case len(tokens) == 1:
		return append(c.condition(nil, false), keyword("where", "a condition follows"))
	}
	if kind, known := query.Language.Stage(tokens[1].Text); known && kind.Filter {
		tokens = tokens[1:]
	}
	return c.condition(tokens[1:], false)
}

func (c *cursor) tables() (candidates []Candidate) {
	for _, table := range c.Catalog.Tables() {
		candidates = append(candidates, Candidate{Text: table.Name, Doc: table.Doc, Kind: Table, End: " "})
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

func keyword(word, doc string) Candidate {
	return Candidate{Text: word, Doc: doc, Kind: Keyword, End: " "}
}
