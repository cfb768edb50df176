package remote

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"netql/shell/remote/frame"
)

// slowly is a transport over a slow line.
type slowly struct {
	fake
	arrived *atomic.Pointer[time.Time]
}

func (s slowly) Ask(ctx context.Context, ask frame.Ask, hosts []int, to Receiver) (Exchange, error) {
	e, err := s.fake.Ask(ctx, ask, hosts, to)
	return heldUp{e, s.arrived}, err
}

// heldUp implements Delaying.
type heldUp struct {
	Exchange
	arrived *atomic.Pointer[time.Time]
}

func (h heldUp) Arrived() time.Time { return *h.arrived.Load() }

// TestHeldUp: a host is not silent while what it may have sent is held up on the way.
func TestHeldUp(t *testing.T) {
	begun := make(chan bool)
	var arrived atomic.Pointer[time.Time]
	h := New([]string{"web1"}, slowly{fake{
		func(ctx context.Context, _ frame.Ask, _ func(frame.Frame), _ func() frame.Credit) (State, string) {
			close(begun)
			<-ctx.Done()
			return Late, ""
		},
	}, &arrived}, Options{})
	q, err := h.ask(t.Context(), local(true, ""))
	if err != nil {
		t.Fatal(err)
	}
	defer q.close()
	<-begun
	now := time.Now()
	for _, test := range []struct {
		arrived time.Time
		silent  bool
	}{{now, false}, {now.Add(time.Second), false}, {now.Add(2 * time.Minute), true}} {
		arrived.Store(&test.arrived)
		q.giveUpSilent(now.Add(time.Hour), time.Minute)
		q.lock.Lock()
		if q.hosts[0].silent != test.silent {
			t.Errorf("silent: %v, after all that was sent in %v", !test.silent, test.arrived.Sub(now))
		}
		q.lock.Unlock()
	}
}
