package frame

import (
	"time"

	"netql/query/schema"
)

// Message is what a frame holds besides rows: fields that have names on the wire, so that one version can leave out
// what another has. A field is a pointer to an int, a string, a list of strings, a time or a duration.
type Message interface {
	kind() Kind
	fields() []field
}

type field struct {
	name  string
	value any
}

// Encode is the frame of a message.
func Encode(id uint64, m Message) Frame {
	var e encoder
	for _, f := range m.fields() {
		value := f.get()
		if value == nil {
			continue
		}
		e.bytes(f.name)
		// Its types are those of values, so that it cannot fail.
		_ = e.value(value, 0)
	}
	return Frame{m.kind(), id, e.b}
}

// Decode reads the payload of a frame into the message. Fields that it does not know are left out.
func Decode(f Frame, m Message) error {
	if f.Kind != m.kind() {
		return broken("a frame %q in place of %q", string(f.Kind), string(m.kind()))
	}
	d := decoder{rest: string(f.Payload)}
	fields := m.fields()
	for d.rest != "" {
		name := d.text()
		value := d.value(0)
		for _, f := range fields {
			if f.name == name && d.err == nil && !f.set(value) {
				return broken("the field %s is a %T", name, value)
			}
		}
	}
	return d.err
}

// get is the value of a field; nil for the zero of its type, which is not sent.
func (f field) get() any {
	switch p := f.value.(type) {
	case *int:
		if *p != 0 {
			return *p
		}
	case *string:
		if *p != "" {
			return *p
		}
	case *[]string:
		if len(*p) > 0 {
			return *p
		}
	case *time.Time:
		if !p.IsZero() {
			return *p
		}
	case *time.Duration:
		if *p != 0 {
			return *p
		}
	}
	return nil
}

// set sets a field, and says whether the value is of its type.
func (f field) set(value any) (ok bool) {
	switch p := f.value.(type) {
	case *int:
		*p, ok = value.(int)
	case *string:
		*p, ok = value.(string)
	case *[]string:
		*p, ok = value.([]string)
	case *time.Time:
		*p, ok = value.(time.Time)
	case *time.Duration:
		*p, ok = value.(time.Duration)
	}
	return ok
}

// Hello says who answers.
type Hello struct {
	Proto   int    // the version of the protocol; hosts understand older ones
	Version string // of netql
	Host    string // as it calls itself
	Kernel  string
	UID     int // whose rights it has
	Time    time.Time
}

// Ask is a question.
type Ask struct {
	Proto     int
	Text      string   // a query in its canonical text; "" asks for a hello alone
	Columns   []string // that are wanted of its rows
	Host      string   // what the column host shall say there; "" is what the host calls itself
	Namespace string   // the network namespace, as of --netns; "" is the one of the host's netql
	Credit    int      // how many bytes of payloads of rows may be sent before further credit
	Rows      int      // the most rows of the answer; 0 for no limit but the host's
	Time      time.Duration
	Most      int      // the most rows that the asker can keep, which wants to know if there are more; 0: it does not
	Present   []string // those of the columns without which it keeps nothing of a row
}

// Taken says that a question is worked on.
type Taken struct {
	Time  time.Time // of the host's clock
	Rows  int       // how many were sent so far
	Total int       // how many there are at the least, as far as they were counted (Ask.Most)
	Limit int       // the most rows of the answer; 0 for no limit
}

// Sample ends a sample of a watch. Among events, of which no sample ends, it has warnings alone.
type Sample struct {
	Rows     int // of all samples so far
	Warnings []string
	More     int // how many more warnings there are
}

// End ends an answer.
type End struct {
	Rows     int    // of the whole answer
	State    string // a remote.State where the answer is not whole; "" where it is
	Error    string // why
	Warnings []string
	More     int // how many more warnings there are
}

// Credit allows more to be sent.
type Credit struct {
	Bytes   int // of payloads of rows
	Samples int // of a watch
}

// Cancel says that nothing more is wanted.
type Cancel struct{}

func (*Hello) kind() Kind  { return KindHello }
func (*Ask) kind() Kind    { return KindAsk }
func (*Taken) kind() Kind  { return KindTaken }
func (*Sample) kind() Kind { return KindSample }
func (*End) kind() Kind    { return KindEnd }
func (*Credit) kind() Kind { return KindCredit }
func (*Cancel) kind() Kind { return KindCancel }

func (h *Hello) fields() []field {
	return []field{{"proto", &h.Proto}, {"version", &h.Version}, {"host", &h.Host}, {"kernel", &h.Kernel},
		{"uid", &h.UID}, {"time", &h.Time}}
}

func (a *Ask) fields() []field {
	return []field{{"proto", &a.Proto}, {"text", &a.Text}, {"columns", &a.Columns}, {"host", &a.Host},
		{"namespace", &a.Namespace}, {"credit", &a.Credit}, {"rows", &a.Rows}, {"time", &a.Time},
		{"most", &a.Most}, {"present", &a.Present}}
}

func (t *Taken) fields() []field {
	return []field{{"time", &t.Time}, {"rows", &t.Rows}, {"total", &t.Total}, {"limit", &t.Limit}}
}

func (s *Sample) fields() []field {
	return []field{{"rows", &s.Rows}, {"warnings", &s.Warnings}, {"more", &s.More}}
}

func (e *End) fields() []field {
	return []field{{"rows", &e.Rows}, {"state", &e.State}, {"error", &e.Error}, {"warnings", &e.Warnings},
		{"more", &e.More}}
}

func (c *Credit) fields() []field { return []field{{"bytes", &c.Bytes}, {"samples", &c.Samples}} }

func (*Cancel) fields() []field { return nil }

// Columns says what the values of rows are.
type Columns struct{ List []Column }

// Column is a column of rows.
type Column struct {
	Name    string
	Kind    schema.Kind
	Unit    schema.Unit
	Missing bool // the host has no such column, and its values are NULL
}

// Frame is the frame of the columns.
func (c Columns) Frame(id uint64) Frame {
	var e encoder
	e.uvarint(len(c.List))
	for _, column := range c.List {
		e.bytes(column.Name)
		e.tag(byte(column.Kind))
		e.bytes(string(column.Unit))
		e.truth(column.Missing)
	}
	return Frame{KindColumns, id, e.b}
}

// DecodeColumns reads the payload of a frame of columns.
func DecodeColumns(f Frame) (Columns, error) {
	if f.Kind != KindColumns {
		return Columns{}, broken("a frame %q in place of columns", string(f.Kind))
	}
	d := decoder{rest: string(f.Payload)}
	c := Columns{make([]Column, d.some(4))}
	for i := range c.List {
		c.List[i] = Column{d.text(), schema.Kind(d.byte()), schema.Unit(d.text()), d.byte() == tagTrue}
		if c.List[i].Kind > schema.Series {
			d.fail("the kind %d", c.List[i].Kind)
		}
	}
	return c, d.err
}
