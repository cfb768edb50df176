package render

import (
	"math"
	"testing"
	"time"

	"netql/query/schema"
)

func TestForPeople(t *testing.T) {
	for _, test := range []struct {
		value any
		unit  schema.Unit
		want  string
	}{
		{nil, schema.Bytes, "-"},
		{12345, schema.None, "12345"},
		{1234567, schema.Packets, "1234567"},
		{0, schema.Bytes, "0 B"},
		{1500, schema.Bytes, "1500 B"},
		{9999, schema.Bytes, "9999 B"},
		{10_000, schema.Bytes, "9.8 KiB"},
		{65536, schema.Bytes, "64 KiB"},
		{1<<20 - 1, schema.Bytes, "1 MiB"},
		{1<<20 - 1024, schema.Bytes, "1023 KiB"},
		{1 << 30, schema.Bytes, "1 GiB"},
		{math.MaxInt, schema.Bytes, "8 EiB"},
		{math.MinInt, schema.Bytes, "-8 EiB"},
		{1234.5, schema.Bytes, "1234 B"},
		{0.25, schema.Bytes, "0.25 B"},
		{999, schema.BitsPerSecond, "999 bit/s"},
		{999_499, schema.BitsPerSecond, "999 kbit/s"},
		{999_500, schema.BitsPerSecond, "1 Mbit/s"},
		{2_500_000_000, schema.BitsPerSecond, "2.5 Gbit/s"},
		{10_000_000_000, schema.BitsPerSecond, "10 Gbit/s"},
		{16, schema.Bits, "0x10"},
		{math.MaxUint32, schema.Bits, "0xffffffff"},
		{0.5, schema.Bits, "0.5"},
		{0.123456, schema.None, "0.1235"},
		{99999.6, schema.None, "100000"},
		{math.Inf(1), schema.Bytes, "+Inf EiB"},
		{math.NaN(), schema.None, "NaN"},
		{time.Duration(0), schema.None, "0 s"},
		{time.Nanosecond, schema.None, "1 ns"},
		{5240 * time.Microsecond, schema.None, "5.2 ms"},
		{999_960 * time.Nanosecond, schema.None, "1 ms"},
		{-1500 * time.Millisecond, schema.None, "-1.5 s"},
		{59_960 * time.Millisecond, schema.None, "60 s"},
		{2 * time.Minute, schema.None, "2m"},
		{-(2*time.Minute + 5*time.Second), schema.None, "-2m5s"},
		{90 * time.Minute, schema.None, "1h30m"},
		{76 * time.Hour, schema.None, "3d4h"},
		{time.Duration(math.MinInt64), schema.None, "-106751d23h"},
		{[]string{"UP", "LOOPBACK"}, schema.None, "UP,LOOPBACK"},
		{[]string{}, schema.None, "[]"},
		{[]any{1 << 20, nil}, schema.Bytes, "1 MiB,-"},
		{true, schema.None, "true"},
	} {
		if got := forPeople(test.value, test.unit); got != test.want {
			t.Errorf("%v %s: got %q, want %q", test.value, test.unit, got, test.want)
		}
	}
}
