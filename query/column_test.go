package query_test

import (
	"context"
	"iter"
	"math"
	"net/netip"
	"reflect"
	"slices"
	"testing"
	"time"

	"netql/query"
	"netql/query/schema"
)

// everyType is a record with a value of every Go type that a column may have.
type everyType struct {
	yes      bool
	text     string
	fraction float64
	whole    int
	signed   int32
	signed64 int64
	byte     uint8
	half     uint16
	number   uint32
	counter  uint64
	port     query.Port
	addr     netip.Addr
	prefix   netip.Prefix
	endpoint netip.AddrPort
	mac      schema.HardwareAddr
	span     time.Duration
	moment   time.Time
	words    []string
	part     *everyType
}

// everyColumn has a column of each constructor and type.
func everyColumn() []query.Column[everyType] {
	type row = everyType
	words := schema.Words("a", "b")
	return slices.Concat([]query.Column[row]{
		query.Col("bool", "x.", func(r *row) bool { return r.yes }),
		query.Col("text", "x.", func(r *row) string { return r.text }),
		query.Col("float", "x.", func(r *row) float64 { return r.fraction }),
		query.Col("int", "x.", func(r *row) int { return r.whole }),
		query.Col("int32", "x.", func(r *row) int32 { return r.signed }),
		query.Col("int64", "x.", func(r *row) int64 { return r.signed64 }),
		query.Col("uint8", "x.", func(r *row) uint8 { return r.byte }),
		query.Col("uint16", "x.", func(r *row) uint16 { return r.half }),
		query.Col("uint32", "x.", func(r *row) uint32 { return r.number }),
		query.Col("uint64", "x.", func(r *row) uint64 { return r.counter }),
		query.Col("port", "x.", func(r *row) query.Port { return r.port }),
		query.Col("address", "x.", func(r *row) netip.Addr { return r.addr }),
		query.Col("prefix", "x.", func(r *row) netip.Prefix { return r.prefix }),
		query.Col("endpoint", "x.", func(r *row) netip.AddrPort { return r.endpoint }),
		query.Col("mac", "x.", func(r *row) schema.HardwareAddr { return r.mac }),
		query.Col("duration", "x.", func(r *row) time.Duration { return r.span }),
		query.Col("time", "x.", func(r *row) time.Time { return r.moment }),
		query.NonZero("nonzero_text", "x.", func(r *row) string { return r.text }),
		query.NonZero("nonzero_int", "x.", func(r *row) uint64 { return r.counter }),
		query.Opt("opt", "x.", func(r *row) (int, bool) { return r.whole, r.yes }),
		query.Enum("enum", "x.", words, func(r *row) string { return r.text }),
		query.Flags("flags", "x.", words, func(r *row) []string { return r.words }),
		query.List("list", "x.", func(r *row) []string { return r.words }),
		query.Records("records", "x.", []query.Column[string]{
			query.NonZero("word", "", func(s *string) string { return *s }),
			query.Col("length", "", func(s *string) int { return len(*s) }),
		}, func(r *row) []string { return r.words }),
		query.Col("when", "x.", func(r *row) int { return r.whole }).When(func(r *row) bool { return r.yes }),
	}, query.Within(func(r *row) *row { return r.part },
		query.Col("within", "x.", func(r *row) int { return r.whole })))
}

// TestColumnValues: the kind follows from the Go type, values are the engine's own, and what is no value of its kind
// is NULL.
func TestColumnValues(t *testing.T) {
	full := &everyType{
		yes: true, text: "a", fraction: 1.5, whole: -1, signed: -2, signed64: -3, byte: 4, half: 5, number: 6,
		counter: math.MaxUint64, port: 22, addr: netip.MustParseAddr("::ffff:10.0.0.1"),
		prefix: netip.MustParsePrefix("10.0.0.0/8"), endpoint: netip.MustParseAddrPort("[::ffff:10.0.0.1]:80"),
		mac: "\x01\x02\x03\x04\x05\x06", span: time.Second, moment: time.Unix(1, 0), words: []string{"a", ""},
		part: &everyType{whole: 7},
	}
	parts := []schema.Field{{Name: "word", Type: schema.Of(schema.Text)}, {Name: "length", Type: schema.Of(schema.Int)}}
	want := map[string]struct {
		typ         string
		full, empty any
	}{
		"bool":         {"bool", true, false},
		"text":         {"text", "a", ""},
		"float":        {"float", 1.5, 0.0},
		"int":          {"int", -1, 0},
		"int32":        {"int", -2, 0},
		"int64":        {"int", -3, 0},
		"uint8":        {"int", 4, 0},
		"uint16":       {"int", 5, 0},
		"uint32":       {"int", 6, 0},
		"uint64":       {"int", math.MaxInt, 0},
		"port":         {"port", 22, nil},
		"address":      {"address", netip.MustParseAddr("10.0.0.1"), nil},
		"prefix":       {"prefix", full.prefix, nil},
		"endpoint":     {"endpoint", netip.MustParseAddrPort("10.0.0.1:80"), nil},
		"mac":          {"mac", full.mac, nil},
		"duration":     {"duration", time.Second, time.Duration(0)},
		"time":         {"time", full.moment, nil},
		"nonzero_text": {"text", "a", nil},
		"nonzero_int":  {"int", math.MaxInt, nil},
		"opt":          {"int", -1, nil},
		"enum":         {"enum", "a", nil},
		"flags":        {"flags", []string{"a", ""}, nil},
		"list":         {"list of text", []any{"a", ""}, nil},
		"when":         {"int", -1, nil},
		"within":       {"int", 7, nil},
		"records": {"list of record", []any{
			schema.Record{Fields: parts, Values: []any{"a", 1}}, schema.Record{Fields: parts, Values: []any{nil, 0}},
		}, nil},
	}
	for _, declared := range everyColumn() {
		c := declared.Erased()
		w := want[c.Name]
		if got := c.Type.String(); got != w.typ {
			t.Errorf("%s is of type %s, want %s", c.Name, got, w.typ)
		}
		got, empty := c.Get(full), c.Get(&everyType{})
		if !reflect.DeepEqual(got, w.full) || !reflect.DeepEqual(empty, w.empty) {
			t.Errorf("%s is %#v and %#v, want %#v and %#v", c.Name, got, empty, w.full, w.empty)
		}
		delete(want, c.Name)
	}
	if len(want) > 0 {
		t.Errorf("not declared: %v", want)
	}
}

// TestColumnFacts: what is said of a column holds of it alone, and of its part of a record too.
func TestColumnFacts(t *testing.T) {
	plain := func() query.Column[everyType] {
		return query.Col("n", "A number.", func(r *everyType) int { return r.whole })
	}
	all := plain().In(schema.Bytes).Counter().Alarm().Costly().ChangesAs(func(r *everyType) schema.Change {
		if r.yes {
			return schema.Gauge
		}
		return schema.Static
	})
	within := query.Within(func(r *everyType) *everyType { return r.part }, all)[0]
	for what, c := range map[string]*schema.Column{"it": all.Erased(), "its part": within.Erased()} {
		row := &everyType{yes: true, part: &everyType{yes: true}}
		if c.Unit != schema.Bytes || c.Change != schema.Counter || !c.Alarm || !c.Costly ||
			c.ChangeFor(row) != schema.Gauge {
			t.Errorf("%s: %+v", what, c)
		}
	}
	if c := plain().Erased(); c.Unit != schema.None || c.Change != schema.Static || c.Alarm || c.Costly {
		t.Errorf("the plain one: %+v", c)
	}
	if change := plain().Gauge().Erased().Change; change != schema.Gauge {
		t.Errorf("a gauge is a %v", change)
	}
}

// TestNeeds: a scan is asked for what the columns that will be read need, and for no more.
func TestNeeds(t *testing.T) {
	var asked uint32
	number := func(name string, bits uint32) query.Column[everyType] {
		return query.Col(name, "x.", func(r *everyType) int { return r.whole }).Needs(bits)
	}
	part := func(r *everyType) *everyType { return r.part }
	columns := append(query.Within(part, number("d", 8)), number("a", 1), number("b", 2|4), number("c", 0))
	catalog := one("numbers", query.Define(query.Spec[everyType]{
		Doc: "x.", Columns: columns, Shown: []string{"a"}, Key: []string{"a"},
		Scan: func(r query.Request) query.Scan[everyType] { asked = r.Needs; return noRows{} },
	}))
	for text, want := range map[string]uint32{
		"numbers": 1, "numbers b > 1": 7, "numbers | select c": 0, "numbers d > 1 | select c": 8,
		"numbers | select *": 15,
	} {
		if _, err := query.Compile(text, catalog, someState{}); err != nil || asked != want {
			t.Errorf("%s: %b, want %b; %v", text, asked, want, err)
		}
	}
}

// noRows is an empty table.
type noRows struct{}

func (noRows) String() string { return "nothing" }

func (noRows) Rows(context.Context) iter.Seq2[*everyType, error] {
	return func(func(*everyType, error) bool) {}
}
