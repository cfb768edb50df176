package schema_test

import (
	"bytes"
	"cmp"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"netql/query/schema"
)

// keyed are values of each kind, in no order, by the type of a column that may have all of them.
func keyed() map[string]struct {
	typ    schema.Type
	values []any
} {
	addr, prefix, end := netip.MustParseAddr, netip.MustParsePrefix, netip.MustParseAddrPort
	addresses := []any{nil, netip.Addr{}, addr("10.0.0.1"), addr("9.255.255.255"), addr("255.255.255.255"), addr("::"),
		addr("::ffff:1.2.3.4"), addr("fe80::1"), addr("fe80::1%a"), addr("fe80::1%ab"), addr("fe80::2")}
	at := time.Unix(1_700_000_000, 5)
	return map[string]struct {
		typ    schema.Type
		values []any
	}{
		"numbers": {schema.Of(schema.Float), []any{
			nil, 0, 1, -1, 1.5, -1.5, 0.0, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(), 1e300, -1e300,
			math.MaxInt64, math.MaxInt64 - 1, math.MinInt64, math.MinInt64 + 1, 1 << 53, 1<<53 + 1, 1<<53 - 1,
			float64(1 << 53), float64(1<<53 + 2), 9.223372036854775e18, float64(1 << 63), -float64(1 << 63), 5e-324,
			1<<62 + 1, 1<<62 + 257, -1<<62 - 1, 1<<63 - 512, 1<<63 - 513, 1<<63 - 1024,
		}},
		"texts": {schema.Of(schema.Text), []any{nil, "", "a", "ab", "a\x00", "a\x00b", "\x00", "\xff", "\xff\xff", "b",
			strings.Repeat("a", 200), "A", "\x01", "\x00\x01", "\x00\x00"}},
		"words": {schema.Type{Kind: schema.Enum, Words: schema.Words("zero", "one", "two")},
			[]any{nil, "zero", "one", "two", "", "other", "another"}},
		"truths": {schema.Of(schema.Bool), []any{nil, true, false}},
		"spans": {schema.Of(schema.Duration), []any{nil, time.Duration(0), time.Second, -time.Second,
			time.Duration(math.MaxInt64), time.Duration(math.MinInt64)}},
		"addresses": {schema.Of(schema.Address), addresses},
		"endpoints": {schema.Of(schema.Endpoint),
			[]any{nil, end("10.0.0.1:0"), end("10.0.0.1:65535"), end("10.0.0.1:256"),
				end("[::1]:255"), end("[fe80::1%a]:1"), end("[fe80::1]:2"), netip.AddrPort{}}},
		"prefixes": {schema.Of(schema.Prefix),
			[]any{nil, prefix("10.0.0.0/8"), prefix("10.0.0.0/0"), prefix("10.0.0.1/32"),
				prefix("::/0"), prefix("::/128"), netip.Prefix{}, netip.PrefixFrom(addr("10.0.0.0"), -1)}},
		"macs": {schema.Of(schema.MAC), []any{nil, schema.HardwareAddr("\x00\x01"), schema.HardwareAddr("\x00"),
			schema.HardwareAddr("\xff\x00\x00")}},
		"times": {schema.Of(schema.Time),
			[]any{nil, at, at.UTC(), at.Add(1), at.Add(-1), time.Time{}, time.Unix(-1, 0)}},
	}
}

// TestOrder: the bytes of values have the order of the values, each direction.
func TestOrder(t *testing.T) {
	for name, test := range keyed() {
		for _, descending := range []bool{false, true} {
			o := schema.Order{Type: test.typ, Descending: descending}
			key := func(v any) []byte {
				b, ok := o.Append([]byte("x"), schema.Boxed(v))
				if !ok {
					t.Errorf("%s: %#v has no bytes", name, v)
				}
				return append(b, 0x7f) // what is behind decides nothing
			}
			for _, a := range test.values {
				for _, b := range test.values {
					want := test.typ.Compare(a, b)
					if descending && a != nil && b != nil {
						want = -want
					}
					if got := bytes.Compare(key(a), key(b)); got != cmp.Compare(want, 0) {
						t.Errorf("%s, descending %v: %#v and %#v: %d, want %d", name, descending, a, b, got, want)
					}
				}
			}
		}
	}
}

// TestNoOrder: values that Compare orders by their texts, or part by part, have no bytes.
func TestNoOrder(t *testing.T) {
	now := time.Now()
	for _, values := range [][]any{
		{1, "1"}, {time.Second, 1}, {"a", schema.HardwareAddr("a")}, {now.Round(0), schema.HardwareAddr("a")},
		{[]string{"a"}}, {[]any{1}}, {[]float64{1}}, {schema.Record{}}, {strings.Repeat("a", 1000)}, {now},
	} {
		o, all := schema.Order{}, true
		for _, v := range values {
			_, ok := o.Append(nil, schema.Boxed(v))
			all = all && ok
		}
		if all {
			t.Errorf("%#v have bytes", values)
		}
	}
}

// TestKey: the keys of values are equal where the values are, whether or not a Scalar holds them itself.
func TestKey(t *testing.T) {
	var all []any
	for _, test := range keyed() {
		all = append(all, test.values...)
	}
	// equals nothing
	all = slices.DeleteFunc(all, func(v any) bool { f, ok := v.(float64); return ok && math.IsNaN(f) })
	all = append(all, []string{"a"}, []string{}, []string{"a", ""}, []any{1, nil}, []any{1.0}, []float64{1},
		schema.Record{Values: []any{1}}, "[\"a\",]")
	for _, a := range all {
		for _, b := range all {
			one, other := schema.Boxed(a).AppendKey(nil), schema.Boxed(b).AppendKey(nil)
			if got, want := bytes.Equal(one, other), schema.Key(a) == schema.Key(b); got != want {
				t.Errorf("%#v and %#v: equal keys %v, want %v", a, b, got, want)
			}
			if !bytes.Equal(one, other) && (bytes.HasPrefix(one, other) || bytes.HasPrefix(other, one)) {
				t.Errorf("the key of %#v or %#v does not say where it ends", a, b)
			}
		}
	}
	if !bytes.Equal(schema.OfInt(7).AppendKey(nil), schema.Boxed(7).AppendKey(nil)) {
		t.Error("a boxed 7 has another key")
	}
}
