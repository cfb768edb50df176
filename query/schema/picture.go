package schema

// Bars says which numbers of rows people see as bars.
type Bars struct {
	Numbers []*Column // one, or two whose bars grow away from each other; among the visible columns
	// Known is a column that is NULL where a row has no bar, because its number would make all others look small; nil
	// where each row has one.
	Known *Column
	Log   bool // bars are as long as the logarithm of the number
	Share bool // what per cent a number is of the sum of all rows is written beside it
}

// Graph says that each row is an edge, from one value to another. Both are among the visible columns.
type Graph struct{ From, To *Column }

// OneKind says whether both ends are nodes of one kind, so that equal values are the same node.
func (g Graph) OneKind() bool {
	kind := func(c *Column) Kind {
		if c.Type.Kind == Enum {
			return Text
		}
		return c.Type.Kind
	}
	return kind(g.From) == kind(g.To)
}
