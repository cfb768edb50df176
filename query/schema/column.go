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
	Pace   Pace // whether the value moves while nothing happens that anyone did
	Get    func(Row) any
}

// Pace says how a value changes on a machine that does its usual work. A comparison of two moments leaves out what moves,
// because all of it differs.
type Pace uint8

// The paces. What a declaration leaves open is decided by its type and unit; see Column.Moves.
const (
	ByUnit Pace = iota
	Still       // a setting, a limit, an identity, a state
	Moving      // a counter, a queue, a timer, a measurement
)

// movingUnits are the units of counters and queues.
var movingUnits = map[Unit]bool{Bytes: true, BitsPerSecond: true, Packets: true, Segments: true, Connections: true, Times: true}

// Moves says whether the value is a counter, a queue, a timer or a measurement. Where the declaration does not say it, that
// is a number with a unit, a duration, a fraction, and what is a sign of trouble when it is above zero.
func (c *Column) Moves() bool {
	if c.Pace != ByUnit {
		return c.Pace == Moving
	}
	return movingUnits[c.Unit] || c.Alarm || c.Type.Kind == Duration || c.Type.Kind == Float
}

// Schema is what a stage of a query hands on: the columns that may be named, and those that are shown.
type Schema struct {
	Source  string // the table that the rows come from
	Columns []*Column
	Shown   []string // in order; every one names a column
	After   string   // the stage that left only these columns; "" while all of the table's are there
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
