package subprocess

import "sync"

// turns has so many work at a time, in the order in which they came. So the hosts of a question that was asked first
// are all reached before any of the next one is, and none of them waits for one that waits for it.
type turns struct {
	lock    sync.Mutex
	working int
	waiting []chan struct{}
}

// take gives a channel that is closed when it is the caller's turn, of so many at a time. Then leave has to be called.
func (t *turns) take(abreast int) <-chan struct{} {
	t.lock.Lock()
	defer t.lock.Unlock()
	turn := make(chan struct{})
	if t.working < abreast {
		t.working++
		close(turn)
	} else {
		t.waiting = append(t.waiting, turn)
	}
	return turn
}

// leave ends a turn.
func (t *turns) leave() {
	t.lock.Lock()
	defer t.lock.Unlock()
	if len(t.waiting) == 0 {
		t.working--
		return
	}
	close(t.waiting[0])
	t.waiting = t.waiting[1:]
}
