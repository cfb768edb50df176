package subprocess

import (
	"context"
	"testing"
)

// TestTurns: so many have a turn at a time, and the others in the order in which they came.
func TestTurns(t *testing.T) {
	var all turns
	var mine []chan struct{}
	for range 5 {
		mine = append(mine, all.take(2))
	}
	has := func() (n int) {
		for _, turn := range mine {
			select {
			case <-turn:
				n++
			default:
			}
		}
		return n
	}
	for left, want := range []int{2, 3, 4, 5, 5, 5} {
		if got := has(); got != want {
			t.Errorf("%d have left, and %d have had a turn", left, got)
		}
		if left < 5 {
			all.leave()
		}
	}
	if all.working != 0 {
		t.Errorf("%d are working", all.working)
	}
	select {
	case <-all.take(1):
	default:
		t.Error("no turn though nobody works")
	}
}

// TestTurnsGivenBack: who wants a turn no more waits for nobody, and takes none from others.
func TestTurnsGivenBack(t *testing.T) {
	var all turns
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	first, second, third := all.take(1), all.take(1), all.take(1)
	if !all.await(context.Background(), first) || all.await(ended, second) {
		t.Error("the turns are others'")
	}
	all.leave()
	<-third
	all.leave()
	if all.working != 0 || len(all.waiting) != 0 {
		t.Errorf("%d are working, %d wait", all.working, len(all.waiting))
	}
}
