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

var changeKinds = []schema.Word{{Name: appeared, Level: schema.Good}, {Name: vanished, Level: schema.Bad}, {Name: changed, Level: schema.Busy}}

// DifferenceColumns are the columns of Differences, for whoever shows them.
func DifferenceColumns() []*schema.Column {
	column := func(name string, typ schema.Type, doc string, get func(*Difference) any) *schema.Column {
		return &schema.Column{Name: name, Type: typ, Doc: doc, Get: func(row schema.Row) any {
			return get(row.(*Difference))
		}}
	}
	text, value := schema.Of(schema.Text), schema.Of(schema.Any)
	return []*schema.Column{
		column("table", text, "The table.", func(c *Difference) any { return c.Table }),
		column("change", schema.Type{Kind: schema.Enum, Words: schema.NewVocabulary(changeKinds...)}, "Whether the row is new, gone or changed.",
			func(c *Difference) any { return c.Kind }),
		column("key", text, "What identifies the row.", func(c *Difference) any { return c.Key }),
		column("row", text, "What else is known of the row.", func(c *Difference) any { return nonEmpty(c.Row) }),
		column("column", text, "The column that has changed.", func(c *Difference) any { return nonEmpty(c.Column) }),
		column("old", value, "Its value before.", func(c *Difference) any { return c.Old }),
		column("new", value, "Its value now.", func(c *Difference) any { return c.New }),
	}
}

func nonEmpty(s string) any {
	if s == "" {
		return nil
	}
	return s
}
