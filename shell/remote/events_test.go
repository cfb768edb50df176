package remote

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"netql/shell/remote/frame"
)

// followed follows the events of hosts until so many warnings were told, and gives those that were told then, and what
// is told at the end.
func followed(t *testing.T, h *Hosts, until int) (first, last []string, err error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	warn := func(w string) {
		if ctx.Err() != nil {
			last = append(last, w)
			return
		}
		if first = append(first, w); len(first) == until {
			cancel()
		}
	}
	for _, failure := range h.Ask(ctx, local(false, " | follow"), warn) {
		err = failure
	}
	return first, last, err
}

// TestEventsTell: who follows events is told of each host that has ended when it does, though no row has come, and not
// again at the end, which hosts that are at work have not missed.
func TestEventsTell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := hostsOf(soon, sends(Failed, "killed"), hangs(), refuses,
			sends("", "", message(&frame.End{State: "partial", Error: "stopped"})))
		h.transport = append(h.transport.(fake), func(ctx context.Context, a frame.Ask, send func(frame.Frame),
			credit func() frame.Credit) (State, string) {
			beat := time.NewTicker(soon / 10)
			defer beat.Stop()
			for {
				select {
				case <-ctx.Done():
					return Late, ""
				case <-beat.C:
					send(message(&frame.Taken{}))
				}
			}
		})
		h.names = append(h.names, "web5")
		first, last, err := followed(t, h, 4)
		slices.Sort(first)
		want := []string{"1 of 5 hosts (web1): failed: killed",
			"1 of 5 hosts (web2): no answer: nothing came for 500ms",
			"1 of 5 hosts (web3): refused: not allowed", "1 of 5 hosts (web4): partial: stopped"}
		slices.Sort(want)
		if !slices.Equal(first, want) || last != nil || err != context.Canceled {
			t.Errorf("%q, then %q, %v", first, last, err)
		}
	})
}

// TestEventsTellTogether: of many hosts that end one after the other the first is told of at once, and the others
// together.
func TestEventsTellTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hosts := []script{hangs(message(&frame.Taken{}))}
		for i := range 9 {
			hosts = append(hosts, func(context.Context, frame.Ask, func(frame.Frame), func() frame.Credit) (State,
				string) {
				time.Sleep(time.Duration(i+1) * 50 * time.Millisecond)
				return Failed, "killed"
			})
		}
		first, last, err := followed(t, hostsOf(0, hosts...), 2)
		want := []string{"1 of 10 hosts (web2): failed: killed", "8 of 10 hosts (web3, web4, web5 ...): failed: killed"}
		if !slices.Equal(first, want) || last != nil || err != context.Canceled {
			t.Errorf("%q, then %q, %v", first, last, err)
		}
	})
}

// TestEventsOfNobody: where all hosts have ended and none has answered, that is the error.
func TestEventsOfNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, err := followed(t, hostsOf(soon, refuses, hangs()), -1)
		if err == nil || !strings.HasPrefix(err.Error(), "no host has answered: 1 of 2 hosts (web2): no answer") {
			t.Error(err)
		}
	})
}

// TestEventsOfSomeEnd: where hosts have come to the end of their events by themselves, as by a limit, it is no error
// that others have ended otherwise.
func TestEventsOfSomeEnd(t *testing.T) {
	for _, hosts := range [][]script{{good, empty}, {good, sends(Failed, "killed", rowsOf(7))}} {
		if _, _, err := followed(t, hostsOf(0, hosts...), -1); err != nil {
			t.Error(err)
		}
	}
}

// TestEventsBreakOff: where all hosts were at work and have ended, that is the error, though nothing had happened.
func TestEventsBreakOff(t *testing.T) {
	dies := sends(Failed, "killed", message(&frame.Taken{Time: time.Now()}))
	first, last, err := followed(t, hostsOf(0, dies, dies, refuses), -1)
	if err != errNoneLeft || len(first) == 0 || !strings.Contains(strings.Join(first, "; "), "killed") || last != nil {
		t.Errorf("%q, %q, %v", first, last, err)
	}
}
