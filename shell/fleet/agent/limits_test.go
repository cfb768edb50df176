package agent

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// TestSlots: so many asks are answered at a time, so many wait, and others have no place.
func TestSlots(t *testing.T) {
	s := newSlots(2, 1)
	for range 3 {
		if !s.take() {
			t.Fatal("there is no place")
		}
	}
	if s.take() {
		t.Error("a fourth has a place")
	}
	if live := newSlots(2, 0); !s.wanted() || !live.take() || live.wanted() || !live.take() || !live.wanted() {
		t.Error("places are wanted by others than those that have none")
	}
	for range 2 {
		if err := s.begin(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	gone := errors.New("gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(gone)
	if err := s.begin(ctx); !errors.Is(err, gone) {
		t.Errorf("a third begins: %v", err)
	}
	s.end()
	s.leave()
	if err := s.begin(t.Context()); err != nil || !s.take() {
		t.Errorf("nobody comes after one that has ended: %v", err)
	}
}

// TestPool: so many answers may keep much, others little, and one that has ended leaves its share to another.
func TestPool(t *testing.T) {
	p := newPool(64<<20, 2)
	none, first, second, third := p.share(), p.share(), p.share(), p.share()
	if none.end(); first.limit() != 64<<20 || second.limit() != 64<<20 || third.limit() != 4<<20 {
		t.Errorf("%d, %d and %d bytes", first.bytes, second.bytes, third.bytes)
	}
	third.end()
	if next := p.share(); next.limit() != 4<<20 {
		t.Errorf("%d bytes, and none were given back", next.bytes)
	}
	first.end()
	next := p.share()
	for range 2 { // it is given once
		if next.limit() != 64<<20 || p.left != 0 {
			t.Errorf("%d bytes where 64 MB were given back, %d are left", next.bytes, p.left)
		}
	}
}

// TestDelay: attempts to connect are ever farther apart, up to a limit, and differ by chance.
func TestDelay(t *testing.T) {
	seen := map[time.Duration]bool{}
	for attempts := -1; attempts < 1000; attempts++ {
		full := longestDelay
		if attempts <= 6 {
			full = firstDelay << max(attempts, 0)
		}
		d := delay(attempts)
		if d < full/2 || d > full {
			t.Errorf("after %d attempts: %v, want %v at most", attempts, d, full)
		}
		seen[d] = true
	}
	if len(seen) < 900 {
		t.Errorf("%d delays for 1001 attempts", len(seen))
	}
}

// TestSampling: samples come once in each interval, however many are wanted.
func TestSampling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let, start := make(chan time.Time, 100), time.Now()
		s := sampling{interval: time.Second, last: start, more: func() { let <- time.Now() }}
		for n := range 5 {
			for range 10 {
				s.want()
			}
			if after, want := (<-let).Sub(start), time.Duration(n+1)*time.Second; after != want {
				t.Fatalf("sample %d after %v, want %v", n, after, want)
			}
		}
		time.Sleep(time.Minute)
		s.want()
		if now := <-let; !now.Equal(time.Now()) || now.Sub(start) > 66*time.Second {
			t.Errorf("after a minute in which none was wanted: %v", now.Sub(start))
		}
		s.want()
		s.stop()
		s.want()
		s.let()
		if time.Sleep(time.Minute); len(let) > 0 {
			t.Error("a sample after the end")
		}
	})
}

// TestRecent: what has ended lately is known, and no more than that.
func TestRecent(t *testing.T) {
	var r recent
	for id := range uint64(1000) {
		r.add(asker{"alice", id})
		if !r.has(asker{"alice", id}) || len(r.set) > len(r.ring) {
			t.Fatalf("%d: %d are known", id, len(r.set))
		}
	}
	if r.has(asker{"alice", 500}) || !r.has(asker{"alice", 999 - 255}) {
		t.Error("others are known than the last ones")
	}
}
