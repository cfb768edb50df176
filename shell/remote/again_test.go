package remote

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"netql/query"
	"netql/shell/remote/frame"
)

// samplesOf is a host of a watch that sends its number with each sample, takes so long for the first, and ends after so
// many; below 0 it does not end.
func samplesOf(number, n int, first time.Duration) script {
	return func(ctx context.Context, _ frame.Ask, send func(frame.Frame), credit func() frame.Credit) (State, string) {
		select {
		case <-time.After(first):
		case <-ctx.Done():
			return Late, ""
		}
		for sent := 0; sent != n && ctx.Err() == nil; {
			send(rowsOf(number))
			sent++
			send(message(&frame.Sample{Rows: sent}))
			for wanted := 0; wanted == 0 && ctx.Err() == nil; {
				wanted = credit().Samples
			}
		}
		return Failed, "killed"
	}
}

// inTurn is a host that behaves in another way each time that it is asked.
func inTurn(scripts ...script) script {
	asked := 0
	return func(ctx context.Context, a frame.Ask, send func(frame.Frame), c func() frame.Credit) (State, string) {
		asked++
		return scripts[min(asked, len(scripts))-1](ctx, a, send, c)
	}
}

// sampled takes samples of a watch of hosts, of which the last one is asked again, a second between two, and wants
// these to have these hosts' numbers, at once. It gives since when the last host was told to be missing in each.
func sampled(t *testing.T, h *Hosts, want ...string) (since []string) {
	t.Helper()
	lost := regexp.MustCompile(`^1 of \d hosts \(web\d\): (no answer|failed)( since [0-9:]{8})?: (.*)$`)
	watched := local(true, " | watch 1s")
	for i, rows := range want {
		start := time.Now()
		got := ask(t, h, watched)
		if i > 0 && time.Since(start) > time.Second/2 {
			t.Errorf("sample %d took %v", i, time.Since(start))
		}
		var numbers []string
		for _, row := range got.rows {
			numbers = append(numbers, row[strings.IndexByte(row, ' ')+1:])
		}
		if strings.Join(numbers, " ") != rows || got.err != nil {
			t.Errorf("sample %d: %+v", i, got)
		}
		missing := len(numbers) < len(h.names)
		switch {
		case missing && len(got.warnings) == 1 && lost.MatchString(got.warnings[0]):
			since = append(since, lost.FindStringSubmatch(got.warnings[0])[2])
		case missing || got.warnings != nil:
			t.Errorf("sample %d: %q", i, got.warnings)
		default:
			since = append(since, "")
		}
		time.Sleep(time.Until(start.Add(time.Second)))
	}
	h.Close()
	return since
}

// TestWatchAgain: a watch asks a host again some time after it has ended. Each sample without it says so, and since
// when, so that it is news when it is lost once more.
func TestWatchAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hostsOf(0, samplesOf(1, -1, 0), inTurn(samplesOf(7, 2, 0), sends(Failed, "refused"), samplesOf(8, 1, 0)))
		h.again = 2 * time.Second
		since := sampled(t, h, "1 7", "1 7", "1", "1", "1", "1", "1 8", "1")
		if since[2] == "" || since[3] != since[2] || since[5] != since[2] || since[7] == "" || since[7] == since[2] {
			t.Errorf("%q", since)
		}
	})
}

// TestWatchWaitsForNone: samples of others go on while a host that was asked again does not answer, or is slow to, and
// are not those of that host when it was asked. It is there with the next sample once it has answered.
func TestWatchWaitsForNone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hostsOf(0, samplesOf(1, -1, 0), inTurn(sends(Failed, "refused"), samplesOf(8, -1, 2500*time.Millisecond)))
		h.again = time.Second
		sampled(t, h, "1", "1", "1", "1", "1 8", "1 8")
	})
}

// TestWatchOfSilent: a host that is silent when it is asked again is missing as before, and asked once more.
func TestWatchOfSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hostsOf(3*time.Second, alive(samplesOf(1, -1, 0)), inTurn(hangs(), hangs(), alive(samplesOf(8, -1, 0))))
		h.again = 2 * time.Second
		since := sampled(t, h, "1", "1", "1", "1", "1", "1", "1", "1", "1", "1 8", "1 8")
		for i, text := range since {
			if text != "" {
				t.Errorf("sample %d: lost%s", i, text)
			}
		}
	})
}

// TestWatchOfOne: a watch goes on while no host answers any more, warns since when that is, and has rows again when one
// is back. Where none has answered so far, it ends.
func TestWatchOfOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hostsOf(0, inTurn(samplesOf(7, 1, 0), sends(Failed, "refused"), samplesOf(8, -1, 0)))
		h.again = 2 * time.Second
		watched := local(true, " | watch 1s")
		start := time.Now()
		lost := start.Add(time.Second).Format("15:04:05")
		var told []string
		for i, want := range []string{"web1 7", "", "", "", "", "web1 8", "web1 8"} {
			got := ask(t, h, watched)
			if strings.Join(got.rows, " ") != want {
				t.Errorf("sample %d: %+v", i, got)
			}
			if _, unanswered := errors.AsType[*query.Unanswered](got.err); unanswered != (want == "") {
				t.Errorf("sample %d: %v", i, got.err)
			}
			told = append(told, got.warnings...)
			time.Sleep(time.Until(start.Add(time.Duration(i+1) * time.Second)))
		}
		h.Close()
		text := "no host answers since " + lost + ", and samples are left out until one does: " +
			"1 of 1 host (web1): failed since " + lost + ": "
		if killed, refused := text+"killed", text+"refused"; !slices.Equal(told,
			[]string{killed, killed, refused, refused}) {
			t.Errorf("%q", told)
		}
		never := ask(t, hostsOf(0, sends(Failed, "refused")), watched)
		if never.err == nil || never.err.Error() != "no host has answered: 1 of 1 host (web1): failed: refused" {
			t.Errorf("%+v", never)
		}
	})
}

// TestWatchEndsInSample: where a watch ends while its hosts are at work on a sample, nothing is said of those that have
// answered the one before, unless they have been silent for seconds.
func TestWatchEndsInSample(t *testing.T) {
	for _, test := range []struct {
		after time.Duration // since the sample was asked for
		want  []string
	}{{time.Second, nil}, {5 * time.Second,
		[]string{"1 of 2 hosts (web2): too late since TIME: its answer had not ended"}}} {
		synctest.Test(t, func(t *testing.T) {
			slow := func(ctx context.Context, _ frame.Ask, send func(frame.Frame), _ func() frame.Credit) (State,
				string) {
				send(rowsOf(2))
				send(message(&frame.Sample{Rows: 1}))
				<-ctx.Done()
				return Late, ""
			}
			h, watched := hostsOf(0, samplesOf(1, -1, 0), slow), local(true, " | watch 1s")
			if got := ask(t, h, watched); got.err != nil || len(got.rows) != 2 || got.warnings != nil {
				t.Fatalf("%+v", got)
			}
			ctx, cancel := context.WithTimeout(t.Context(), test.after)
			defer cancel()
			var told []string
			var failure error
			for _, err := range h.Ask(ctx, watched, func(w string) { told = append(told, w) }) {
				failure = err
			}
			clock := regexp.MustCompile(`[0-9]{2}(:[0-9]{2}){2}`)
			for i := range told {
				told[i] = clock.ReplaceAllString(told[i], "TIME")
			}
			if !slices.Equal(told, test.want) || !errors.Is(failure, context.DeadlineExceeded) {
				t.Errorf("after %v: %q, %v", test.after, told, failure)
			}
		})
	}
}

// failing is a transport that can carry no ask the second time.
type failing struct {
	fake
	asked *int
}

func (t failing) Ask(ctx context.Context, ask frame.Ask, hosts []int, to Receiver) (Exchange, error) {
	if *t.asked++; *t.asked == 2 {
		return nil, errors.New("no connection")
	}
	return t.fake.Ask(ctx, ask, hosts, to)
}

// TestWatchCannotAsk: where hosts cannot be asked again the sample has those of the others, and they are asked later.
func TestWatchCannotAsk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hostsOf(time.Minute, samplesOf(1, -1, 0), inTurn(samplesOf(7, 1, 0), samplesOf(8, -1, 0)))
		h.transport, h.again = failing{h.transport.(fake), new(int)}, 2*time.Second
		since := sampled(t, h, "1 7", "1", "1", "1", "1", "1 8", "1 8")
		if since[4] == "" || since[4] != since[1] {
			t.Errorf("%q", since)
		}
	})
}
