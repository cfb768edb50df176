package complete

import (
	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// join completes: join [left|inner] TABLE on COLUMN == COLUMN, ...
func (c *cursor) join(tokens []syntax.Token) []Candidate {
	if len(tokens) == 0 {
		return append(c.tables(), keyword("left", "keep rows without a partner"))
	}
	if tokens[0].IsWord("left") || tokens[0].IsWord("inner") {
		tokens = tokens[1:]
	}
	switch len(tokens) {
	case 0:
		return c.tables()
	case 1:
		return []Candidate{keyword("on", "the columns that must be equal")}
	}
	table, known := c.Catalog.Table(tokens[0].Text)
	if !known {
		return nil
	}
	match := lastElement(tokens[2:])
	switch len(match) {
	case 0:
		return c.joinable(table.Columns, c.columns().Columns)
	case 1:
		return []Candidate{keyword("==", "the other table's column")}
	case 2:
		here, known := expression.FindColumn(c.columns(), match[0].Text)
		if !known {
			return nil
		}
		return c.joinable([]*schema.Column{here}, table.Columns)
	}
	return nil
}

// joinable are the columns that can be equal to one of the others.
func (c *cursor) joinable(others, columns []*schema.Column) (candidates []Candidate) {
	for _, column := range columns {
		for _, other := range others {
			if expression.Joinable(column.Type, other.Type) {
				candidates = append(candidates, c.column(column))
				break
			}
		}
	}
	return candidates
}
