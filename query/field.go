package query

import "netql/query/schema"

// Field is a column of records T, declared in the old way: its getter gives the engine's own values, and its type is said
// beside it. It goes when no table is declared so any more. To convert a table, write
//
//	{Name: "mtu", Type: integer, Unit: schema.Bytes, Doc: "D.", Get: func(l *link) any { return int(l.MTU) }},
//	{Name: "refs", Type: integer, Change: schema.Gauge, Doc: "D.",
//		Get: func(l *link) any { return orNull(int(l.Refs), l.Known) }},
//	{Name: "alias", Type: text, Doc: "D.", Get: func(l *link) any { return nonEmpty(l.Alias) }},
//	{Name: "type", Type: linkTypes.enum(), Doc: "D.",
//		Get: func(l *link) any { return linkTypes.word(uint32(l.Type)) }},
//	{Name: "addr", Type: address, Doc: "D.", Get: func(l *link) any { return validAddr(l.Addr) }},
//	{Name: "ages", Type: schema.ListOf(duration), Doc: "D.", Get: func(l *link) any { return listOf(l.Ages) }},
//
// as
//
//	query.Col("mtu", "D.", func(l *link) uint32 { return l.MTU }).In(schema.Bytes),
//	query.Opt("refs", "D.", func(l *link) (uint32, bool) { return l.Refs, l.Known }).Gauge(),
//	query.NonZero("alias", "D.", func(l *link) string { return l.Alias }),
//	enumOf("type", "D.", linkTypes(), func(l *link) uint16 { return l.Type }),
//	query.Col("addr", "D.", func(l *link) netip.Addr { return l.Addr }),
//	query.List("ages", "D.", func(l *link) []time.Duration { return l.Ages }),
//
// and a group of columns that a part of the record has, where there is one, with Within:
//
//	query.Within(func(l *link) *Stats { return l.Stats }, // nil: the columns are NULL
//		query.Col("bytes", "D.", func(s *Stats) uint64 { return s.Bytes }).In(schema.Bytes).Counter(),
//	)
type Field[T any] struct {
	Name, Doc string
	Type      schema.Type
	Unit      schema.Unit
	Costly    bool // as in schema.Column
	Alarm     bool // as in schema.Column
	Change    schema.Change
	ChangeOf  func(*T) schema.Change // as in schema.Column
	Get       func(*T) any
}

// Erased is the column without its record type.
func (f Field[T]) Erased() *schema.Column {
	c := &schema.Column{
		Name: f.Name, Doc: f.Doc, Type: f.Type, Unit: f.Unit, Costly: f.Costly, Alarm: f.Alarm, Change: f.Change,
		Get: func(r schema.Row) any { return f.Get(r.(*T)) },
	}
	if f.ChangeOf != nil {
		c.ChangeOf = func(r schema.Row) schema.Change { return f.ChangeOf(r.(*T)) }
	}
	return c
}

// OldFields are typed columns for a table that is declared in the old way.
func OldFields[T any](columns []Column[T]) []Field[T] {
	fields := make([]Field[T], len(columns))
	for i := range columns {
		c := columns[i].Erased()
		fields[i] = Field[T]{
			Name: c.Name, Doc: c.Doc, Type: c.Type, Unit: c.Unit, Costly: c.Costly, Alarm: c.Alarm, Change: c.Change,
			Get: func(row *T) any { return c.Get(row) },
		}
	}
	return fields
}

// EraseFields is Erase for columns that are declared in the old way.
func EraseFields[T any](fields []Field[T]) []*schema.Column {
	erased := make([]*schema.Column, len(fields))
	for i := range fields {
		erased[i] = fields[i].Erased()
	}
	return erased
}
