package subprocess

import "testing"

// TestTurns: so many have a turn at a time, and the others in the order in which they came.
func TestTurns(t *testing.T) {
	var all turns
	var mine []<-chan struct{}
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
