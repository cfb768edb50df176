package schema_test

import (
	"math"
	"net/netip"
	"strings"
	"testing"
	"time"

	"netql/query/schema"
)

// TestScalar: a Scalar is the value that it was made of, with the same texts as the value in an interface.
func TestScalar(t *testing.T) {
	addr := netip.MustParseAddr
	for _, test := range []struct {
		scalar schema.Scalar
		value  any
	}{
		{schema.Scalar{}, nil}, {schema.Boxed(nil), nil},
		{schema.OfInt(0), 0}, {schema.OfInt(math.MinInt64), math.MinInt64},
		{schema.OfInt(math.MaxInt64), math.MaxInt64},
		{schema.OfFloat(0.1), 0.1}, {schema.OfFloat(-1e300), -1e300}, {schema.OfFloat(math.Inf(1)), math.Inf(1)},
		{schema.OfBool(true), true}, {schema.OfBool(false), false},
		{schema.OfDuration(-time.Nanosecond), -time.Nanosecond}, {schema.OfDuration(time.Hour), time.Hour},
		{schema.OfDuration(math.MinInt64), time.Duration(math.MinInt64)},
		{schema.OfText(""), ""}, {schema.OfText("\x1b[2J\xff,\"\u202e"), "\x1b[2J\xff,\"\u202e"},
		{schema.OfAddress(addr("10.0.0.1")), addr("10.0.0.1")},
		{schema.OfAddress(addr(`fe80::1%a"b`)), addr(`fe80::1%a"b`)},
		{schema.OfPrefix(netip.MustParsePrefix("10.1.2.3/8")), netip.MustParsePrefix("10.1.2.3/8")},
		{schema.OfPrefix(netip.MustParsePrefix("::/0")), netip.MustParsePrefix("::/0")},
		{schema.OfEndpoint(netip.MustParseAddrPort("[::1]:65535")), netip.MustParseAddrPort("[::1]:65535")},
		{schema.OfEndpoint(netip.MustParseAddrPort("[fe80::1%e,0]:1")), netip.MustParseAddrPort("[fe80::1%e,0]:1")},
		{schema.Boxed(7), 7}, {schema.Boxed("x"), "x"}, {schema.Boxed(1.5), 1.5},
		{schema.Boxed(schema.HardwareAddr("\x01\x02")), schema.HardwareAddr("\x01\x02")},
	} {
		s, v := test.scalar, test.value
		if s.Any() != v || s.IsNull() != (v == nil) {
			t.Errorf("%#v is %#v", v, s.Any())
		}
		if got, want := string(s.Append([]byte("a"))), string(schema.Append([]byte("a"), v)); got != want {
			t.Errorf("%#v: text %q, want %q", v, got, want)
		}
		if got, want := string(s.AppendJSON([]byte("a"))), string(schema.AppendJSON([]byte("a"), v)); got != want {
			t.Errorf("%#v: JSON %s, want %s", v, got, want)
		}
		if text := schema.Format(v); s.Simple() &&
			strings.Trim(text, "0123456789abcdefghijklmnopqrstuvwxyz.:/[]-") != "" {
			t.Errorf("%q is not simple", text)
		}
		if _, number := v.(int); number && !s.Number() {
			t.Errorf("%v is a number", v)
		}
		if text, ok := s.Text(); ok && text != v {
			t.Errorf("%#v: text %q", v, text)
		}
	}
	var list any = []any{1, "x"}
	if got := schema.Boxed(list); string(got.Append(nil)) != `[1,"x"]` || got.Simple() || got.Number() {
		t.Errorf("a list: %s", got.Append(nil))
	}
}
