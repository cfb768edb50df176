package schema

import "slices"

// Row is an opaque, immutable record. Only the columns of its schema know how to read it. A row is a pointer, so that
// rows can be compared for identity.
type Row any

// Column is a named, documented function of a row. Get runs only when somebody needs the value, never fails, and
// returns the Go type of the column's kind; nil is NULL.
type Column struct {
	Name   string
	Doc    string // one sentence: the meaning, and where the kernel keeps it
	Type   Type
	Unit   Unit
	Costly bool // Get does more than read the row (a walk over /proc, a name lookup): conditions on it are tried last
	Alarm  bool // a value above zero is a sign of trouble
	Change Change
	// ChangeOf says of a row how its value changes, where not all rows' do as Change says; nil where they do.
	ChangeOf func(Row) Change
	// Comparing says that the value is computed from two samples.
	Comparing bool
	Get       func(Row) any
	// Ahead begins what Get of the row will have to wait for, without waiting; nil where there is nothing to begin.
	Ahead func(Row)
}

// Change says how the value of a column changes while its row stays the same row.
type Change uint8

// How values change.
const (
	Steady  Change = iota // by somebody's doing: an address, a state, a setting
	Gauge                 // up and down all the time: a queue, a timer, an average
	Counter               // it counts what happens, so that it only grows until it wraps or starts again
)

var changes = [...]string{Steady: "steady", Gauge: "gauge", Counter: "counter"}

func (c Change) String() string { return changes[c] }

// Changes are the words for them.
func Changes() *Vocabulary { return Words(changes[:]...) }

// In says how the value of a row changes.
func (c *Column) In(row Row) Change {
	if c.ChangeOf == nil {
		return c.Change
	}
	return c.ChangeOf(row)
}

// Within is the column over rows that hold its own rows. It is NULL where inner gives none.
func (c *Column) Within(inner func(Row) Row) *Column {
	column := *c
	column.Get = func(outer Row) any {
		if row := inner(outer); row != nil {
			return c.Get(row)
		}
		return nil
	}
	if c.Ahead != nil {
		column.Ahead = func(outer Row) {
			if row := inner(outer); row != nil {
				c.Ahead(row)
			}
		}
	}
	if c.ChangeOf != nil {
		column.ChangeOf = func(outer Row) Change {
			if row := inner(outer); row != nil {
				return c.ChangeOf(row)
			}
			return c.Change
		}
	}
	return &column
}

// Schema is what a stage of a query hands on: the columns that may be named, and those that are shown.
type Schema struct {
	Source  string // the table that the rows come from
	Columns []*Column
	Shown   []string // in order; every one names a column

	// Identity are the columns that tell a row of one sample from the others, and find it again in the next. They
	// need not be among Columns.
	Identity []*Column

	After string // the stage that left only these columns; "" while all of the table's are there
}

// Column finds a column by its name, exactly as it is spelt.
func (s Schema) Column(name string) (*Column, bool) {
	i := slices.IndexFunc(s.Columns, func(c *Column) bool { return c.Name == name })
	if i < 0 {
		return nil, false
	}
	return s.Columns[i], true
}

// Visible are the shown columns, in order.
func (s Schema) Visible() []*Column {
	columns := make([]*Column, 0, len(s.Shown))
	for _, name := range s.Shown {
		if c, ok := s.Column(name); ok {
			columns = append(columns, c)
		}
	}
	return columns
}

// Names are the names of all columns, in order.
func (s Schema) Names() []string {
	names := make([]string, len(s.Columns))
	for i, c := range s.Columns {
		names[i] = c.Name
	}
	return names
}
