package schema

import (
	"math"
	"testing"
	"time"
)

// TestDurationsAreExact: a duration is printed in seconds with the digits that it has.
func TestDurationsAreExact(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0", 3236 * time.Millisecond: "3.236", 1: "0.000000001", -1: "-0.000000001", time.Second: "1",
		-1500 * time.Millisecond: "-1.5", time.Hour + 10: "3600.00000001", 100 * time.Microsecond: "0.0001",
		math.MaxInt64: "9223372036.854775807", math.MinInt64: "-9223372036.854775808",
	} {
		if got := Format(d); got != want {
			t.Errorf("%d ns are %s, want %s", int64(d), got, want)
		}
	}
}
