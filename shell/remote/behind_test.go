package remote

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"netql/shell/remote/frame"
)

// worksFor is a host of a watch that sends its number with each sample, and is at work on each for so long.
func worksFor(number int, durations ...time.Duration) script {
	return alive(func(ctx context.Context, _ frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State,
		string) {
		for sent := 0; ; {
			select {
			case <-time.After(durations[min(sent, len(durations)-1)]):
			case <-ctx.Done():
				return Late, ""
			}
			send(rowsOf(number))
			sent++
			send(message(&frame.Sample{Rows: sent}))
			for wanted := 0; wanted == 0 && ctx.Err() == nil; {
				wanted = credit().Samples
			}
		}
	})
}

// TestWatchGoesOnWithout: a sample of a watch goes on without a host that is at work on it long after others have
// answered, and says so. The host is there again with the sample after the one that it has been late for.
func TestWatchGoesOnWithout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 3 * time.Second
		h := hostsOf(timeout, worksFor(1, 0), worksFor(2, 0, 9500*time.Millisecond, 0))
		watched, start := local(true, " | watch 1s"), time.Now()
		late := regexp.MustCompile(
			`^1 of 2 hosts \(web2\): too late since [0-9:]{8}: still at work 3s after others had answered$`)
		for i, want := range []string{"1 2", "1", "1", "1", "1", "1", "1", "1", "1", "1 2", "1 2"} {
			begun := time.Now()
			got := ask(t, h, watched)
			var numbers []string
			for _, row := range got.rows {
				numbers = append(numbers, row[strings.IndexByte(row, ' ')+1:])
			}
			missing := len(numbers) < 2
			if strings.Join(numbers, " ") != want || got.err != nil || missing != (len(got.warnings) == 1) ||
				missing && !late.MatchString(got.warnings[0]) {
				t.Errorf("sample %d, after %v: %+v", i, begun.Sub(start), got)
			}
			if took := time.Since(begun); took > timeout+timeout/10 || i != 1 && took > timeout/10 {
				t.Errorf("sample %d took %v", i, took)
			}
			time.Sleep(time.Until(begun.Add(time.Second)))
		}
		h.Close()
	})
}

// TestWatchWaitsForFirst: hosts that work for long are waited for while none has answered, and then as long as one that
// is late, so that slow hosts that are as slow as each other are all there.
func TestWatchWaitsForFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hostsOf(3*time.Second, worksFor(1, 20*time.Second), worksFor(2, 22*time.Second))
		watched := local(true, " | watch 1s")
		for range 3 {
			if got := ask(t, h, watched); !slices.Equal(got.rows, []string{"web1 1", "web2 2"}) || got.warnings != nil {
				t.Errorf("%+v", got)
			}
		}
		h.Close()
	})
}

// TestWatchWaitsForRows: a host that sends rows is waited for, however long that takes, and one that has waited for
// credit is not late by that.
func TestWatchWaitsForRows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sends := alive(func(ctx context.Context, _ frame.Ask, send func(frame.Frame), _ func() frame.Credit) (State,
			string) {
			for range 10 {
				time.Sleep(2 * time.Second)
				send(rowsOf(2))
			}
			send(message(&frame.Sample{Rows: 10}))
			<-ctx.Done()
			return Late, ""
		})
		waits := alive(func(ctx context.Context, a frame.Ask, send func(frame.Frame),
			credit func() frame.Credit) (State,
			string) {
			for left := a.Credit; left > 0; {
				f := rowsOf(slices.Repeat([]int{1 << 50}, 100)...)
				left -= len(f.Payload)
				send(f)
			}
			credit()
			send(message(&frame.End{State: "failed", Error: "it was given credit"}))
			return "", ""
		})
		h := hostsOf(3*time.Second, worksFor(1, 0), sends, waits)
		got := ask(t, h, local(true, " | watch 1s"))
		if len(got.rows) != 11 || len(got.warnings) != 1 || !strings.Contains(got.warnings[0], "it was given credit") {
			t.Errorf("%d rows, %q", len(got.rows), got.warnings)
		}
		h.Close()
	})
}
