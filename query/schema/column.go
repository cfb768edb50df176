package schema

import "slices"

// Row is an opaque, immutable record. Only the columns of its schema know how to read it. A row is a pointer, so that
// rows can be compared for identity.
type Row any

// Column is a named, documented function of a row. Value runs only when the value is needed, and never fails.
type Column struct {
	Name   string
	Doc    string // one sentence: the meaning, and where the kernel keeps it
	Type   Type
	Unit   Unit
	Costly bool // Value does more than read the row (a walk over /proc, a name lookup): conditions on it are tried last
	Alarm  bool // a value above zero, or true, is a sign of trouble
	Change Change
	// ChangeOf says how the value of a row changes, where that is not the same for all rows; nil where Change says it.
	ChangeOf func(Row) Change
	// Millis says of a column of times that people and aligned formats show milliseconds, which are always there.
	Millis bool
	// Whole says of a column of texts that they are never cut, because they hold addresses or are there to be typed.
	Whole bool
	// Prose says of a column of texts that they are sentences: where they are too long, they go on below.
	Prose bool
	// Parts says that people name a part of the text, as the last words of a setting.
	Parts bool
	// Explains says that the text explains the row and follows from its key, such as a doc.
	Explains bool
	// ByItself says of a change that it comes from time alone, and nobody made it; nil where no change does.
	ByItself func(old, new any) bool
	// Comparing says that the value is computed from two samples.
	Comparing bool
	// PartOf names the column whose value shows this one's as well, as an endpoint shows its port; "" for none.
	PartOf string
	// Section is the heading under which the column stands where a row is shown one value below the other; "" for none.
	Section string
	// ForPeople is the text of a value, which is not NULL, on a screen; nil where type and unit say it.
	ForPeople func(value any) string
	// Share is the most that a share, of which 1 is the whole, may be compared with; 0 where the value is none.
	Share int
	// Synonyms are other names by which people look for the column; errors about unknown columns know them.
	Synonyms []string
	// Value is the value of a row, of the Go type of the kind (see Kind).
	Value func(Row) Scalar
	// Prefetch starts what Value of the row will wait for (a DNS lookup) and returns at once; nil where Value never
	// waits.
	Prefetch func(Row)
}

// Change says how the value of a column changes while its row stays the same row.
type Change uint8

// How values change.
const (
	Static  Change = iota // only when somebody does something: an address, a state, a setting
	Gauge                 // up and down all the time: a queue, a timer, an average
	Counter               // it counts what happens, so that it only grows until it wraps or starts again
)

var changes = [...]string{Static: "static", Gauge: "gauge", Counter: "counter"}

func (c Change) String() string { return changes[c] }

// Changes are the words for the ways of changing.
func Changes() *Vocabulary { return Words(changes[:]...) }

// Get is the value of a row as an interface; nil is NULL.
func (c *Column) Get(row Row) any { return c.Value(row).Any() }

// ChangeFor says how the value of a row changes.
func (c *Column) ChangeFor(row Row) Change {
	if c.ChangeOf == nil {
		return c.Change
	}
	return c.ChangeOf(row)
}

// Within makes the column one of outer rows, of which inner gives the row that the column reads. It is NULL where inner
// gives nil.
func (c *Column) Within(inner func(Row) Row) *Column {
	column := *c
	column.Value = func(outer Row) Scalar {
		if row := inner(outer); row != nil {
			return c.Value(row)
		}
		return Scalar{}
	}
	if c.Prefetch != nil {
		column.Prefetch = func(outer Row) {
			if row := inner(outer); row != nil {
				c.Prefetch(row)
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
	// Spare are those of Shown that a window which is too narrow for all goes without, the first of them first.
	Spare []string
	// Quiet are those of Shown that a person sees only where one of the rows has another value than 0 in them.
	Quiet []string
	// Chosen says that the query itself says which columns are shown: none are shown beside them.
	Chosen bool

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

// shows says whether the value of a column can be seen: it is shown, or part of what is.
func (s Schema) shows(c *Column) bool {
	return slices.Contains(s.Shown, c.Name) || c.PartOf != "" && slices.Contains(s.Shown, c.PartOf)
}

// Showing is the schema with these of its columns among the shown ones: behind them where they are not shown yet, and
// never left out. Where the query has chosen its columns, it stays as it is.
func (s Schema) Showing(names []string) Schema {
	if s.Chosen {
		return s
	}
	named := func(name string) bool { return slices.Contains(names, name) }
	s.Shown, s.Spare, s.Quiet = slices.Clone(s.Shown), without(s.Spare, named), without(s.Quiet, named)
	for _, name := range names {
		if c, ok := s.Column(name); ok && !s.shows(c) {
			s.Shown = append(s.Shown, name)
		}
	}
	return s
}

// Sparing is the schema where a window that is too narrow goes without these of its shown columns first. Where the
// query has chosen its columns, it stays as it is.
func (s Schema) Sparing(names []string) Schema {
	if s.Chosen {
		return s
	}
	s.Spare = without(s.Spare, func(name string) bool { return slices.Contains(names, name) })
	for _, name := range slices.Backward(names) {
		if slices.Contains(s.Shown, name) {
			s.Spare = slices.Insert(s.Spare, 0, name)
		}
	}
	return s
}

// without is the list without the names for which left is true. The list itself stays as it is.
func without(list []string, left func(name string) bool) []string {
	return slices.DeleteFunc(slices.Clone(list), left)
}
