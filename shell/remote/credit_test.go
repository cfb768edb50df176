package remote

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"netql/query"
	"netql/shell/remote/frame"
)

// TestFlood: a host that sends more than it may is given up, so that it does not fill our memory.
func TestFlood(t *testing.T) {
	flooded := make(chan struct{})
	waits := func(ctx context.Context, a frame.Ask, send func(frame.Frame), c func() frame.Credit) (State, string) {
		<-flooded
		return good(ctx, a, send, c)
	}
	frames := slices.Repeat([]frame.Frame{rowsOf(make([]int, 100)...)}, 1000)
	floods := func(ctx context.Context, a frame.Ask, send func(frame.Frame), c func() frame.Credit) (State, string) {
		defer close(flooded)
		return sends("", "", frames...)(ctx, a, send, c)
	}
	got := ask(t, hostsOf(time.Minute, waits, floods), local(true, ""))
	if len(got.rows) != 2 || len(got.warnings) != 1 || !strings.Contains(got.warnings[0], "rows beyond the credit") {
		t.Errorf("%d rows, %q", len(got.rows), got.warnings)
	}
}

// TestWaitingHosts: hosts that wait for credit while another host is silent are given a little, on both sides, and so
// do not give up.
func TestWaitingHosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hostsOf(20*time.Second, hangs(), alive(eager(20_000)))
		one, other := sidesOfJoin("")
		for _, l := range []*query.Local{one, other} {
			got := ask(t, h, l)
			if len(got.rows) != 20_000 || got.err != nil {
				t.Errorf("%d rows, %q, %v", len(got.rows), got.warnings, got.err)
			}
		}
	})
}

// TestWaitingHostsOfWatch: so it is in a later sample of a watch, which goes on without a host that is at work without
// end.
func TestWaitingHostsOfWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const rows = 150_000 // more than there is credit for
		h := hostsOf(20*time.Second, secondly(alive(hangs())), secondly(alive(eager(rows))))
		one, other := sidesOfJoin(" | watch 1s")
		for sample := range 2 {
			for _, l := range []*query.Local{one, other} {
				if got := ask(t, h, l); len(got.rows) != sample*rows || got.err != nil {
					t.Errorf("sample %d: %d rows, %q, %v", sample, len(got.rows), got.warnings, got.err)
				}
			}
		}
		h.Close()
	})
}

// secondly is a host that has no rows in its first sample, and does for the next one what the script does.
func secondly(s script) script {
	return func(ctx context.Context, a frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State,
		string) {
		send(message(&frame.Sample{}))
		for wanted := 0; wanted == 0 && ctx.Err() == nil; {
			more := credit()
			a.Credit += more.Bytes
			wanted = more.Samples
		}
		return s(ctx, a, send, credit)
	}
}

// eager is a host with so many rows, which gives up where it gets no credit for 9 seconds.
func eager(total int) script {
	return func(ctx context.Context, a frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State,
		string) {
		left, rows := a.Credit, 0
		for ctx.Err() == nil && rows < total {
			for left <= 0 {
				waits := time.Now()
				if left += credit().Bytes; ctx.Err() != nil {
					return Late, ""
				}
				if time.Since(waits) > 9*time.Second {
					send(message(&frame.End{State: "late", Error: "nobody took the rows", Rows: rows}))
					return "", ""
				}
			}
			numbers := make([]int, 1000)
			for i := range numbers {
				numbers[i] = rand.Int()
			}
			f := rowsOf(numbers...)
			left -= len(f.Payload)
			rows += len(numbers)
			send(f)
		}
		send(message(&frame.End{Rows: rows}))
		return "", ""
	}
}

// TestCreditOfWatch: a host may send no more in a later sample of a watch than in the first one.
func TestCreditOfWatch(t *testing.T) {
	total := make(chan int, 100)
	counts := func(ctx context.Context, a frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State,
		string) {
		granted := a.Credit
		for sample := 1; ; sample++ {
			send(message(&frame.Sample{}))
			for wanted := false; !wanted; {
				c := credit()
				if ctx.Err() != nil {
					return Late, ""
				}
				granted += c.Bytes
				wanted = c.Samples > 0
			}
			total <- granted
		}
	}
	h, watched := hostsOf(0, counts), local(true, " | watch 1s")
	for range 10 {
		if got := ask(t, h, watched); got.err != nil {
			t.Fatal(got.err)
		}
	}
	h.Close()
	close(total)
	for granted := range total {
		if granted > maxWindow+headWindow {
			t.Fatalf("%d bytes", granted)
		}
	}
}
