package query

import (
	"context"
	"iter"

	"netql/query/schema"
)

// A Difference is one difference between two answers.
type Difference struct {
	Table    string
	Kind     string // new, gone or changed
	Key      string // the columns that identify the row, as text
	Row      string // what the table shows of the row where it does not move, as text: keys may be mere numbers
	Column   string // what has changed of a row that is in both; "" else
	Old, New any    // its values
}

// The kinds of changes.
const (
	Appeared = "new"
	Vanished = "gone"
	changed  = "changed"
)

// Differences runs both queries and yields the differences in the order of the keys, one for each column of a row that
// has changed, and an error as the last item.
func (c *Comparison) Differences(ctx context.Context) iter.Seq2[*Difference, error] {
	return func(yield func(*Difference, error) bool) {
		for change, err := range c.Changes(ctx) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, d := range change.differences(c.Table()) {
				if !yield(&d, nil) {
					return
				}
			}
		}
	}
}

// differences are the lines of the change.
func (r *RowChange) differences(table string) (list []Difference) {
	line := Difference{Table: table, Kind: r.Kind, Key: r.text, Row: r.row}
	if r.Kind != changed {
		return []Difference{line}
	}
	for _, v := range r.Changed {
		line.Column, line.Old, line.New = v.Column.Name, v.Old, v.New
		list = append(list, line)
	}
	return list
}

var changeKinds = []schema.Word{
	{Name: Appeared, Level: schema.Good}, {Name: Vanished, Level: schema.Bad}, {Name: changed, Level: schema.Busy},
}

// DifferenceColumns are the columns of Differences, for whoever shows them.
func DifferenceColumns() []*schema.Column {
	type row = Difference
	old := schema.Boxing(func(r schema.Row) any { return r.(*row).Old })
	now := schema.Boxing(func(r schema.Row) any { return r.(*row).New })
	return Erase([]Column[row]{
		Col("table", "The table.", func(d *row) string { return d.Table }),
		Enum("change", "Whether the row is new, gone or changed.",
			schema.NewVocabulary(changeKinds...), func(d *row) string { return d.Kind }),
		Col("key", "What identifies the row.", func(d *row) string { return d.Key }),
		NonZero("row", "What else is known of the row.", func(d *row) string { return d.Row }),
		NonZero("column", "The column that has changed.", func(d *row) string { return d.Column }),
		column[row]("old", "Its value before.", schema.Of(schema.Any), old),
		column[row]("new", "Its value now.", schema.Of(schema.Any), now),
	})
}
