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
		if err := s.take("alice"); err != nil {
			t.Fatal(err)
		}
	}
	const full = "3 questions are answered or wait"
	if err := s.take("bob"); err == nil || err.Error() != full {
		t.Errorf("a fourth: %v, want %s", err, full)
	}
	live := newSlots(2, 0)
	if !s.wanted() || live.take("alice") != nil || live.wanted() || live.take("alice") != nil || !live.wanted() {
		t.Error("places are wanted by others than those that have none")
	}
	for range 2 {
		if err := s.begin(t.Context(), "alice"); err != nil {
			t.Fatal(err)
		}
	}
	gone := errors.New("gone")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(gone)
	if err := s.begin(ctx, "alice"); !errors.Is(err, gone) || len(s.waiting) > 0 {
		t.Errorf("a third begins: %v; %d wait", err, len(s.waiting))
	}
	s.end("alice")
	s.leave("alice")
	if err := s.begin(t.Context(), "alice"); err != nil || s.take("alice") != nil {
		t.Errorf("nobody comes after one that has ended: %v", err)
	}
}

// TestFairSlots: one user cannot hold all places, nor have all asks that are answered at a time; another one does not
// wait for him.
func TestFairSlots(t *testing.T) {
	s := newSlots(4, 16)
	took := 0
	for s.take("alice") == nil {
		took++
	}
	const want = "15 questions of alice are answered or wait, and the last places are for others"
	if err := s.take("alice"); took != 15 || err == nil || err.Error() != want {
		t.Errorf("%d places: %v, want %s", took, err, want)
	}
	begun := make(chan error)
	for range took {
		go func() { begun <- s.begin(t.Context(), "alice") }()
	}
	for range 3 {
		if err := <-begun; err != nil {
			t.Fatal(err)
		}
	}
	for _, user := range []string{"bob", "carol"} {
		if err := s.take(user); err != nil {
			t.Fatalf("%s: %v", user, err)
		}
		if err := s.begin(t.Context(), user); err != nil { // while asks of alice wait
			t.Fatalf("%s: %v", user, err)
		}
		s.end(user)
		s.leave(user)
	}
	for range took - 3 {
		s.end("alice")
		if err := <-begun; err != nil {
			t.Fatal(err)
		}
	}
	for range took {
		s.leave("alice")
	}
	for range 3 {
		s.end("alice")
	}
	if s.wanted() || s.places.free != 20 || s.active.free != 4 || len(s.places.of)+len(s.active.of) > 0 {
		t.Errorf("at the end: %+v, %+v, %d wait", s.places, s.active, len(s.waiting))
	}
}

// TestPool: so many answers may keep much, others little, and one that has ended leaves its portion to another.
func TestPool(t *testing.T) {
	p := newPool(64<<20, 2)
	of := func(user string) *portion { return p.portion(user) }
	none, first, second, third := of("alice"), of("alice"), of("bob"), of("alice")
	if none.end(); first.limit() != 64<<20 || second.limit() != 64<<20 || third.limit() != 4<<20 {
		t.Errorf("%d, %d and %d bytes", first.bytes, second.bytes, third.bytes)
	}
	third.end()
	if next := of("alice"); next.limit() != 4<<20 {
		t.Errorf("%d bytes, and none were given back", next.bytes)
	}
	first.end()
	next := of("carol")
	for range 2 { // it is given once
		if next.limit() != 64<<20 || p.taken.free != 0 {
			t.Errorf("%d bytes where 64 MB were given back, %d are left", next.bytes, p.taken.free)
		}
	}
	p = newPool(64<<20, 4)
	for range 3 {
		of("alice").limit()
	}
	if small, large := of("alice").limit(), of("bob").limit(); small != 4<<20 || large != 64<<20 {
		t.Errorf("%d bytes for one who has three large portions, %d for another", small, large)
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
		r.add(askKey{"alice", id})
		if !r.has(askKey{"alice", id}) || len(r.set) > len(r.ring) {
			t.Fatalf("%d: %d are known", id, len(r.set))
		}
	}
	if r.has(askKey{"alice", 500}) || !r.has(askKey{"alice", 999 - 255}) {
		t.Error("others are known than the last ones")
	}
}
