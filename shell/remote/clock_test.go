package remote

import (
	"testing"
	"time"
)

// TestClockWarning: it says how far clocks are off, and to which side where that is one.
func TestClockWarning(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		ahead, behind time.Duration
		names         []string
		want          string
	}{
		{time.Hour, 0, []string{"a"}, "1 of 5 hosts (a): the clock is 1h ahead of this one"},
		{0, -90 * time.Second, []string{"a"}, "1 of 5 hosts (a): the clock is 1m30s behind this one"},
		{3 * time.Second, -time.Hour, []string{"a", "b", "c", "d"},
			"4 of 5 hosts (a, b, c ...): the clock is up to 1h off"},
	} {
		q := &question{hosts: make([]host, 5)}
		if got := q.clockWarning(test.names, test.ahead, test.behind); got != test.want+
			": times are by the host's clock" {
			t.Error(got)
		}
	}
}

// TestClockOff: a clock is off only where that is more than the way to the host and back explains.
func TestClockOff(t *testing.T) {
	t.Parallel()
	now := time.Now()
	for _, test := range []struct{ offset, rtt, want time.Duration }{
		{900 * time.Millisecond, 0, 0},
		{-2 * time.Second, time.Second, -2 * time.Second},
		{2 * time.Second, 3 * time.Second, 0},
	} {
		h := &host{asked: now, first: now.Add(test.rtt), offset: test.offset}
		if got := h.clockOff(); got != test.want {
			t.Errorf("%v: %v", test, got)
		}
	}
}
