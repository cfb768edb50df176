package query

import "netql/query/schema"

// Column declares a column of records T. A constructor says where its value comes from, and methods say what else
// holds of it, so that a declaration reads as a table:
//
//	query.Col("mtu", "The largest packet that it takes.", func(l *link) uint32 { return l.MTU }).In(schema.Bytes),
//	query.NonZero("alias", "What the administrator calls it.", func(l *link) string { return l.Alias }),
//	query.Opt("carrier", "Whether there is a signal.", func(l *link) (bool, bool) { return l.Carrier, l.up() }),
//
// Col is a value that every record has. NonZero is NULL where the value is its type's zero: an empty text, the number
// 0. Opt is NULL where the function says false. The kind of the column follows from the Go type (see Value). Enum and
// Flags have words of a vocabulary, List and Records several values. Within makes columns out of those of a part of
// the record.
//
// Whatever the constructor, what is no value of its kind is NULL: an address, prefix, endpoint or time that is not
// valid, a link-layer address without bytes, port 0, no word, no flags, an empty list.
//
// It is a pointer: its methods change what it points to, and give it back. The linker keeps all of them for each T,
// used or not, because expr-lang looks methods up by name; copies of a declaration in each were a megabyte of code.
type Column[T any] struct{ *declared }

// declared is what a Column says, without the type of its record.
type declared struct {
	column schema.Column
	needs  uint32
}

// Col declares a column whose value every record has.
func Col[T any, V Value](name, doc string, get func(*T) V) Column[T] {
	kind, scalar := scalarOf[V]()
	return column[T](name, doc, schema.Of(kind), func(r schema.Row) schema.Scalar { return scalar(get(r.(*T))) })
}

// NonZero declares a column that is NULL where the value is its type's zero: an empty text, the number 0.
func NonZero[T any, V Value](name, doc string, get func(*T) V) Column[T] {
	kind, scalar := scalarOf[V]()
	var zero V
	return column[T](name, doc, schema.Of(kind), func(r schema.Row) schema.Scalar {
		if v := get(r.(*T)); v != zero {
			return scalar(v)
		}
		return schema.Scalar{}
	})
}

// Opt declares a column that is NULL where the function says false.
func Opt[T any, V Value](name, doc string, get func(*T) (V, bool)) Column[T] {
	kind, scalar := scalarOf[V]()
	return column[T](name, doc, schema.Of(kind), func(r schema.Row) schema.Scalar {
		if v, ok := get(r.(*T)); ok {
			return scalar(v)
		}
		return schema.Scalar{}
	})
}

// Enum declares a column of one of the words, in its canonical spelling; NULL where it is "".
func Enum[T any](name, doc string, words *schema.Vocabulary, get func(*T) string) Column[T] {
	c := NonZero(name, doc, get)
	c.column.Type = schema.Type{Kind: schema.Enum, Words: words}
	return c
}

// Flags declares a column of some of the words, in their order; NULL where it has none.
func Flags[T any](name, doc string, words *schema.Vocabulary, get func(*T) []string) Column[T] {
	return column[T](name, doc, schema.Type{Kind: schema.Flags, Words: words}, func(r schema.Row) schema.Scalar {
		if set := get(r.(*T)); len(set) > 0 {
			return schema.Boxed(set)
		}
		return schema.Scalar{}
	})
}

// List declares a column of several values; NULL where there is none.
func List[T any, V Value](name, doc string, get func(*T) []V) Column[T] {
	kind, scalar := scalarOf[V]()
	return column[T](name, doc, schema.ListOf(schema.Of(kind)), func(r schema.Row) schema.Scalar {
		return listOf(get(r.(*T)), func(v *V) any { return scalar(*v).Any() })
	})
}

// Records declares a column of several records, whose parts are declared as columns are; NULL where there is none.
func Records[T, R any](name, doc string, parts []Column[R], get func(*T) []R) Column[T] {
	fields := make([]schema.Field, len(parts))
	for i, p := range parts {
		fields[i] = schema.Field{Name: p.column.Name, Type: p.column.Type}
	}
	record := func(r *R) any {
		values := make([]any, len(parts))
		for i := range parts {
			values[i] = parts[i].column.Get(r)
		}
		return schema.Record{Fields: fields, Values: values}
	}
	typ := schema.ListOf(schema.Type{Kind: schema.Object, Fields: fields})
	return column[T](name, doc, typ, func(r schema.Row) schema.Scalar { return listOf(get(r.(*T)), record) })
}

// Within declares columns of a part of the record. They are NULL where part gives nil.
func Within[T, R any](part func(*T) *R, columns ...Column[R]) []Column[T] {
	inner := func(row schema.Row) schema.Row {
		if r := part(row.(*T)); r != nil {
			return r
		}
		return nil
	}
	list := make([]Column[T], len(columns))
	for i, c := range columns {
		list[i] = Column[T]{&declared{*c.column.Within(inner), c.needs}}
	}
	return list
}

// column is a column whose function gives values of the engine (see schema.Kind).
func column[T any](name, doc string, typ schema.Type, value func(schema.Row) schema.Scalar) Column[T] {
	return Column[T]{&declared{column: schema.Column{Name: name, Doc: doc, Type: typ, Value: value}}}
}

func listOf[V any](elements []V, value func(*V) any) schema.Scalar {
	if len(elements) == 0 {
		return schema.Scalar{}
	}
	list := make([]any, len(elements))
	for i := range elements {
		list[i] = value(&elements[i])
	}
	return schema.Boxed(list)
}

// In sets the unit of the number.
func (c Column[T]) In(unit schema.Unit) Column[T] { c.column.Unit = unit; return c }

// Counter says that the number counts what happens: it only grows until it wraps or starts again.
func (c Column[T]) Counter() Column[T] { c.column.Change = schema.Counter; return c }

// Gauge says that the value goes up and down all the time.
func (c Column[T]) Gauge() Column[T] { c.column.Change = schema.Gauge; return c }

// ChangesAs says of a record how its value changes, where not all records' do as the column says.
func (c Column[T]) ChangesAs(change func(*T) schema.Change) Column[T] {
	c.column.ChangeOf = func(r schema.Row) schema.Change { return change(r.(*T)) }
	return c
}

// Alarm says that a value above zero, or true, is a sign of trouble.
func (c Column[T]) Alarm() Column[T] { c.column.Alarm = true; return c }

// Prose says that the texts are sentences, which go on below where a window is too narrow.
func (c Column[T]) Prose() Column[T] { c.column.Prose = true; return c }

// Whole says that a narrow window must not cut the texts, which hold addresses or are there to be typed.
func (c Column[T]) Whole() Column[T] { c.column.Whole = true; return c }

// Parts says that people name a part of the text, as the last words of a setting.
func (c Column[T]) Parts() Column[T] { c.column.Parts = true; return c }

// Explains says that the text explains the row and follows from its key, such as a doc: a comparison for people leaves
// it out.
func (c Column[T]) Explains() Column[T] { c.column.Explains = true; return c }

// ByItself says which changes come from time alone, and nobody made them: netql diff leaves them out.
func (c Column[T]) ByItself(holds func(old, new any) bool) Column[T] {
	c.column.ByItself = holds
	return c
}

// Costly says that the function does more than read the record, so that conditions on the column are tried last.
func (c Column[T]) Costly() Column[T] { c.column.Costly = true; return c }

// PartOf says that another column shows the value as well, as an endpoint shows its port: where that is shown, a query
// that names this one has it on the screen.
func (c Column[T]) PartOf(whole string) Column[T] { c.column.PartOf = whole; return c }

// ForPeople says how people see a value on a screen, where its type and unit do not say it. Machine formats have the
// value itself.
func (c Column[T]) ForPeople(text func(value any) string) Column[T] {
	c.column.ForPeople = text
	return c
}

// Share says that the value is a share, of which 1 is the whole. People see it in percent, and who writes a number
// above most has forgotten the sign.
func (c Column[T]) Share(most int) Column[T] {
	c.column.Share = most
	return c.ForPeople(schema.Percent)
}

// Synonyms says by which other names people look for the column, for the hints of errors.
func (c Column[T]) Synonyms(names ...string) Column[T] { c.column.Synonyms = names; return c }

// When makes the column NULL unless something holds of the record.
func (c Column[T]) When(holds func(*T) bool) Column[T] {
	value := c.column.Value
	c.column.Value = func(r schema.Row) schema.Scalar {
		if !holds(r.(*T)) {
			return schema.Scalar{}
		}
		return value(r)
	}
	return c
}

// Needs says what the source must send for the column, in bits whose meaning is the table's. The scan is asked for
// what all columns of the query need together (Request.Needs).
func (c Column[T]) Needs(bits uint32) Column[T] { c.needs |= bits; return c }

// Erased is the column without its record type, as the engine has it.
func (c Column[T]) Erased() *schema.Column { return &c.column }

// needed is what the wanted columns need together (Column.Needs).
func needed[T any](columns []Column[T], wanted Set) (bits uint32) {
	for i := range columns {
		if wanted[columns[i].column.Name] {
			bits |= columns[i].needs
		}
	}
	return bits
}

// Erase gives columns without their record type.
func Erase[T any](columns []Column[T]) []*schema.Column {
	erased := make([]*schema.Column, len(columns))
	for i := range columns {
		erased[i] = columns[i].Erased()
	}
	return erased
}

// Section puts columns under a heading, for a row that is shown one value below the other.
func Section[T any](heading string, columns ...Column[T]) []Column[T] {
	for i := range columns {
		columns[i].column.Section = heading
	}
	return columns
}
