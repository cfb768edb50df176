package complete

import (
	"netql/query/expression"
	"netql/query/schema"
	"netql/query/syntax"
)

// matches are pairs of columns that must be equal, of the rows so far and of the table beside.
func (c *cursor) matches(tokens []syntax.Token) []Candidate {
	table, known := c.Catalog.Table(c.beside)
	if !known {
		return nil
	}
	match := lastElement(tokens)
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
