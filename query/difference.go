package query

import "netql/query/schema"

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
	appeared = "new"
	vanished = "gone"
	changed  = "changed"
)

var changeKinds = []schema.Word{
	{Name: appeared, Level: schema.Good}, {Name: vanished, Level: schema.Bad}, {Name: changed, Level: schema.Busy},
}

// DifferenceColumns are the columns of Differences, for whoever shows them.
func DifferenceColumns() []*schema.Column {
	type row = Difference
	return Erase([]Column[row]{
		Col("table", "The table.", func(d *row) string { return d.Table }),
		Enum("change", "Whether the row is new, gone or changed.",
			schema.NewVocabulary(changeKinds...), func(d *row) string { return d.Kind }),
		Col("key", "What identifies the row.", func(d *row) string { return d.Key }),
		NonZero("row", "What else is known of the row.", func(d *row) string { return d.Row }),
		NonZero("column", "The column that has changed.", func(d *row) string { return d.Column }),
		column[row]("old", "Its value before.", schema.Of(schema.Any), func(r schema.Row) any { return r.(*row).Old }),
		column[row]("new", "Its value now.", schema.Of(schema.Any), func(r schema.Row) any { return r.(*row).New }),
	})
}
