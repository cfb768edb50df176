package frame

import (
	"math"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"netql/query/schema"
)

// fields are those of a record of tests.
var fields = [...]schema.Field{
	{Name: "pid", Type: schema.Of(schema.Int)}, {Name: "process", Type: schema.Of(schema.Text)},
	{Name: "more", Type: schema.ListOf(schema.Of(schema.Any))},
}

// column is a column of a type, and values of it.
type column struct {
	typ    schema.Type
	values []any
}

func (c column) schema() *schema.Column { return &schema.Column{Type: c.typ} }

// columns are all kinds with values that are easily changed on the way.
func columns() []column {
	here := time.Now().Round(0)
	record := schema.Record{Fields: fields[:], Values: []any{7, "a\xff\x00b", []any{1, nil, "x", []any{2.5}}}}
	addr := netip.MustParseAddr
	return []column{
		{schema.Of(schema.Bool), []any{true, false}},
		{schema.Of(schema.Int), []any{0, 1, -1, 191, 192, 255, math.MaxInt, math.MinInt}},
		{schema.Of(schema.Port), []any{1, 443, 65535}},
		{schema.Of(schema.Float), []any{0.0, math.Copysign(0, -1), 0.1, math.Inf(1), math.MaxFloat64, math.NaN()}},
		{schema.Of(schema.Text), []any{"", "a", "\xff\xfe no UTF-8 \x00", strings.Repeat("long ", 2000), "日本"}},
		{schema.Of(schema.Enum), []any{"ESTAB"}},
		{schema.Of(schema.Flags), []any{[]string{"up", "", "\xff"}, []string{}}},
		{schema.Of(schema.Address), []any{addr("10.0.0.1"), addr("::"), addr("fe80::1%eth0"), addr("::ffff:1.2.3.4"),
			addr("fe80::1%\xff"), netip.Addr{}}},
		{schema.Of(schema.Prefix), []any{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::/0"),
			netip.MustParsePrefix("2001:db8::1/128"), netip.Prefix{}}},
		{schema.Of(schema.Endpoint), []any{netip.MustParseAddrPort("10.0.0.1:65535"),
			netip.MustParseAddrPort("[fe80::1%eth0]:0"), netip.AddrPort{}}},
		{schema.Of(schema.MAC), []any{schema.HardwareAddr("\x00\x01\x02\x03\x04\xff"), schema.HardwareAddr("")}},
		{schema.Of(schema.Duration), []any{time.Duration(0), -time.Nanosecond, time.Duration(math.MinInt64),
			time.Hour}},
		{schema.Of(schema.Time), []any{here, here.UTC(), time.Time{}.UTC(), time.Unix(1, 999_999_999),
			time.Unix(-1, 1)}},
		{schema.ListOf(schema.Type{Kind: schema.Object, Fields: fields[:]}), []any{[]any{record, record}, []any{}}},
		{schema.Type{Kind: schema.Object, Fields: fields[:]}, []any{record}},
		{schema.Of(schema.Series), []any{[]float64{1, -2.5}, []float64{}}},
		{schema.Of(schema.Any), []any{1, "a", []any{"b"}, here}},
	}
}

// TestValues: no value of any kind is changed on the way, next to NULL and to others.
func TestValues(t *testing.T) {
	seen := map[schema.Kind]bool{}
	for _, c := range columns() {
		seen[c.typ.Kind] = true
		reader := NewRowReader([]*schema.Column{c.schema(), c.schema()})
		var w RowWriter
		for _, v := range c.values {
			add(t, &w, schema.Boxed(v), schema.Scalar{})
		}
		n := 0
		err := reader.Each(take(t, &w), func(row []schema.Scalar) bool {
			if !same(row[0].Any(), c.values[n]) || !row[1].IsNull() {
				t.Errorf("%v: %#v became %#v, and NULL %#v", c.typ, c.values[n], row[0].Any(), row[1].Any())
			}
			n++
			return true
		})
		if err != nil || n != len(c.values) {
			t.Errorf("%v: %d of %d values: %v", c.typ, n, len(c.values), err)
		}
	}
	for k := schema.Any; k <= schema.Series; k++ {
		if !seen[k] {
			t.Errorf("the kind %v is not tried", k)
		}
	}
}

// same says whether two values are the same, the zone of a time included.
func same(a, b any) bool {
	if x, ok := a.(float64); ok {
		y, ok := b.(float64)
		return ok && math.Float64bits(x) == math.Float64bits(y)
	}
	if x, ok := a.(time.Time); ok {
		y, ok := b.(time.Time)
		return ok && x.Equal(y) && x.Location() == y.Location()
	}
	return reflect.DeepEqual(a, b)
}

func add(t testing.TB, w *RowWriter, values ...schema.Scalar) {
	t.Helper()
	for _, v := range values {
		if err := w.Value(v); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.EndRow(); err != nil {
		t.Fatal(err)
	}
}

func take(t testing.TB, w *RowWriter) []byte {
	t.Helper()
	payload, err := w.Take()
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// TestOtherKinds: a value of another kind than the column's is refused, whatever it is, because what merges answers
// relies on kinds.
func TestOtherKinds(t *testing.T) {
	for _, of := range columns() {
		for _, from := range columns() {
			for _, v := range from.values {
				var w RowWriter
				add(t, &w, schema.Boxed(v))
				reader := NewRowReader([]*schema.Column{of.schema()})
				err := reader.Each(take(t, &w), func([]schema.Scalar) bool { return true })
				if fits := goType(of.typ.Kind) == goType(from.typ.Kind) ||
					of.typ.Kind == schema.Any; (err == nil) != fits {
					if from.typ.Kind != schema.Any && !(of.typ.Kind == schema.List && from.typ.Kind == schema.List) {
						t.Errorf("%#v as %v: %v", v, of.typ, err)
					}
				}
			}
		}
	}
}

// goType is one kind of those whose values have the same Go type.
func goType(k schema.Kind) schema.Kind {
	switch k {
	case schema.Port:
		return schema.Int
	case schema.Enum:
		return schema.Text
	}
	return k
}

// TestParts: parts of lists and records are of their types, too.
func TestParts(t *testing.T) {
	list := schema.ListOf(schema.Of(schema.Int))
	object := schema.Type{Kind: schema.Object, Fields: fields[:]}
	strange := schema.Record{Fields: []schema.Field{{Name: "pid", Type: schema.Of(schema.Text)}}, Values: []any{"x"}}
	for _, test := range []struct {
		typ   schema.Type
		value any
		fits  bool
	}{
		{list, []any{1, nil}, true},
		{list, []any{1, "x"}, false},
		{schema.ListOf(list), []any{[]any{1}}, true},
		{schema.ListOf(list), []any{[]any{"x"}}, false},
		{schema.ListOf(list), []any{1}, false},
		{object, strange, false},
		{object, schema.Record{Fields: fields[1:2], Values: []any{"x"}}, true},
	} {
		var w RowWriter
		add(t, &w, schema.Boxed(test.value))
		reader := NewRowReader([]*schema.Column{{Type: test.typ}})
		err := reader.Each(take(t, &w), func([]schema.Scalar) bool { return true })
		if (err == nil) != test.fits {
			t.Errorf("%#v as %v: %v", test.value, test.typ, err)
		}
	}
}

// TestSharedFields: records have the fields of the column that is asked, which know more than what is sent.
func TestSharedFields(t *testing.T) {
	words := schema.Words("a", "b")
	known := []schema.Field{{Name: "word", Type: schema.Type{Kind: schema.Enum, Words: words}}}
	sent := []schema.Field{{Name: "word", Type: schema.Of(schema.Enum)}}
	var w RowWriter
	add(t, &w, schema.Boxed(schema.Record{Fields: sent, Values: []any{"a"}}))
	reader := NewRowReader([]*schema.Column{{Type: schema.Type{Kind: schema.Object, Fields: known}}})
	err := reader.Each(take(t, &w), func(row []schema.Scalar) bool {
		if got := row[0].Any().(schema.Record).Fields[0].Type.Words; got != words {
			t.Errorf("the words are %v", got)
		}
		return true
	})
	if err != nil {
		t.Error(err)
	}
}

// TestForeignValues: a value that no kind has, or one that is too deep or too long, is an error, and not sent.
func TestForeignValues(t *testing.T) {
	deep := any(1)
	for range maxDepth + 1 {
		deep = []any{deep}
	}
	var w RowWriter
	for _, v := range []any{uint8(1), []int{1}, deep} {
		if err := w.Value(schema.Boxed(v)); err == nil {
			t.Errorf("%#v was sent", v)
		}
	}
	w = RowWriter{}
	if err := w.Value(schema.OfText(strings.Repeat("x", MaxPayload))); err != nil || w.EndRow() == nil {
		t.Errorf("a row of %d bytes was sent: %v", MaxPayload, err)
	}
}
