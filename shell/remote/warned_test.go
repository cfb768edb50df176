package remote

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"netql/query"
	"netql/shell/remote/frame"
)

// TestManyWarnings: of a host that warns of much, the first warning is told, and how many more there are.
func TestManyWarnings(t *testing.T) {
	var messages []string
	for n := range maxWarnings + 5 {
		messages = append(messages, fmt.Sprintf("route%d is wrong", n))
	}
	host := sends("", "", rowsOf(7), message(&frame.End{Rows: 1, Warnings: messages, More: 10}))
	got := ask(t, hostsOf(time.Minute, good, host), local(false, ""))
	want := fmt.Sprintf("1 of 2 hosts (web2): partial: route0 is wrong (and %d more warnings)", maxWarnings+14)
	if !slices.Equal(got.warnings, []string{want}) {
		t.Errorf("%q", got.warnings)
	}
	lies := sends("", "", message(&frame.End{Warnings: messages, More: -1 << 62}))
	if got := ask(t, hostsOf(time.Minute, lies), local(false, "")); len(got.warnings) != 1 ||
		!strings.Contains(got.warnings[0], fmt.Sprintf("(and %d more warnings)", maxWarnings+4)) {
		t.Errorf("%q", got.warnings)
	}
}

// TestEventsWarn: all that hosts warn of while their events are followed is told, however much that is in time.
func TestEventsWarn(t *testing.T) {
	const n = 5 * maxWarnings
	told := make(chan struct{})
	warns := func(ctx context.Context, _ frame.Ask, send func(frame.Frame), _ func() frame.Credit) (State, string) {
		for i := range n {
			send(message(&frame.Sample{Warnings: []string{fmt.Sprintf("event%d was missed", i)}}))
			<-told
		}
		return "", ""
	}
	var got []string
	for range hostsOf(0, warns).Ask(t.Context(), local(false, " | follow"), func(w string) {
		if strings.HasPrefix(w, "web1: event") {
			got = append(got, w)
			told <- struct{}{}
		}
	}) {
	}
	if len(got) != n {
		t.Errorf("%d warnings, at last %q", len(got), got[len(got)-1:])
	}
}

// TestWatchTellsEachLoss: hosts that are lost in one sample of a watch are told, also where more are missing already
// than a warning names.
func TestWatchTellsEachLoss(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hosts := []script{samplesOf(1, -1, 0)}
		for range 4 {
			hosts = append(hosts, samplesOf(2, 1, 0))
		}
		for range 4 {
			hosts = append(hosts, samplesOf(3, 2, 0))
		}
		h := hostsOf(0, hosts...)
		h.again = time.Hour
		watched := local(true, " | watch 1s")
		start := time.Now()
		since := func(seconds int) string {
			return start.Add(time.Duration(seconds) * time.Second).Format("15:04:05")
		}
		first := "4 of 9 hosts (web2, web3, web4 ...): failed since " + since(1) + ": killed"
		second := "4 of 9 hosts (web6, web7, web8 ...): failed since " + since(2) + ": killed"
		for i, want := range [][]string{nil, {first}, {first, second}, {first, second}} {
			if got := ask(t, h, watched); got.err != nil || !slices.Equal(got.warnings, want) {
				t.Errorf("sample %d: %+v", i, got)
			}
			time.Sleep(time.Second)
		}
		h.Close()
	})
}

// TestMoreThanAllWarnings: the number of warnings is bounded, whatever hosts say.
func TestMoreThanAllWarnings(t *testing.T) {
	var kept query.Warned
	for range 5 {
		kept = withWarnings(kept, query.Warned{Messages: []string{"x"}, More: 1 << 62})
	}
	if kept.More != maxMore || len(kept.Messages) != 5 {
		t.Errorf("%+v", kept)
	}
}
