package remote

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"netql/query"
	"netql/shell/remote/frame"
)

// TestBothSides: hosts are asked both sides of a join at the same time, and a host that gives nothing to one is not
// waited for on the other; what is the same about both is told once. Another run asks again.
func TestBothSides(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hostsOf(10*time.Second, good, hangs(), refuses, sends(Failed, "gone"))
		one, other := sidesOfJoin("")
		for run := range 2 {
			ctx, cancel := context.WithCancel(t.Context())
			start := time.Now()
			for side, l := range []*query.Local{one, other} {
				var told []string
				rows := 0
				for _, err := range h.Ask(ctx, l, func(w string) { told = append(told, w) }) {
					if rows++; err != nil {
						t.Error(err)
					}
				}
				if rows != 2 || len(told) != 3*(1-side) {
					t.Errorf("run %d, side %d: %d rows, %q", run, side, rows, told)
				}
			}
			cancel()
			if took := time.Since(start); took > 12*time.Second {
				t.Errorf("run %d: it took %v", run, took)
			}
			if state, said := h.last.result(1); state != NoAnswer || said != "nothing came for 10s" {
				t.Errorf("%s: %s", state, said)
			}
		}
		if len(h.beside) > 0 {
			t.Errorf("%d questions are left", len(h.beside))
		}
	})
}

// sidesOfJoin are the local queries of a join.
func sidesOfJoin(stages string) (one, other *query.Local) {
	one, other = local(true, stages), local(true, " | where 1 == 1"+stages)
	cut := &query.Cut{Locals: []*query.Local{one, other}}
	one.Cut, other.Cut = cut, cut
	return one, other
}

// TestBothSidesOfWatch: the next samples of both sides are asked for at the same time.
func TestBothSidesOfWatch(t *testing.T) {
	wanted := make(chan int, 100)
	samples := func(ctx context.Context, _ frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State,
		string) {
		for n := 1; ctx.Err() == nil; n++ {
			wanted <- n
			send(rowsOf(n))
			send(message(&frame.Sample{Rows: n}))
			for more := 0; more == 0 && ctx.Err() == nil; {
				more = credit().Samples
			}
		}
		return Late, ""
	}
	h := hostsOf(time.Minute, samples)
	one, other := sidesOfJoin(" | watch 1s")
	for n := range 3 {
		if got := ask(t, h, one); got.err != nil || len(got.rows) != 1 {
			t.Errorf("sample %d: %+v", n, got)
		}
		if a, b := <-wanted, <-wanted; a != n+1 || b != n+1 { // of both, before the other one is read
			t.Errorf("sample %d: hosts took the samples %d and %d", n, a, b)
		}
		if got := ask(t, h, other); got.err != nil || len(got.rows) != 1 {
			t.Errorf("sample %d of the other side: %+v", n, got)
		}
	}
	h.Close()
}

// TestBothSidesOfWatchTell: a host that is lost on both sides of a join that is watched is told once in each sample,
// though not in the same words; what it warns of is told of each side.
func TestBothSidesOfWatchTell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked atomic.Int32 // both sides ask at once
		lost := func(ctx context.Context, a frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State,
			string) {
			side := fmt.Sprint("side ", asked.Add(1))
			send(message(&frame.Sample{Warnings: []string{side}}))
			credit()
			return Failed, side
		}
		h := hostsOf(time.Minute, alive(samplesOf(1, -1, 0)), lost)
		one, other := sidesOfJoin(" | watch 1s")
		for n, want := range []int{2, 1, 1} {
			first, second := ask(t, h, one), ask(t, h, other)
			if told := slices.Concat(first.warnings, second.warnings); len(told) != want {
				t.Errorf("sample %d: %q", n, told)
			}
			time.Sleep(time.Second)
		}
		h.Close()
	})
}

// TestUnwantedSide: a side of a join that nobody wants any more, because no host has answered the other, is ended.
func TestUnwantedSide(t *testing.T) {
	h := hostsOf(time.Minute, refuses)
	one, _ := sidesOfJoin("")
	if got := ask(t, h, one); got.err == nil || len(h.beside) > 0 {
		t.Errorf("%+v, %d questions are left", got, len(h.beside))
	}
}
