package subprocess

import (
	"context"
	"slices"
	"sync"
)

// turns has so many work at a time, in the order in which they came. So the hosts of a question that was asked first
// are all reached before any of the next one is, and none of them waits for one that waits for it.
type turns struct {
	lock    sync.Mutex
	working int
	waiting []chan struct{}
}

// take gives a channel that is closed when it is the caller's turn, of so many at a time. It is to be given to await.
func (t *turns) take(abreast int) chan struct{} {
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

// await waits for a turn, after which leave has to be called. Where the context ends before it comes, it is given back,
// because those who work may belong to another question, which goes on.
func (t *turns) await(ctx context.Context, turn chan struct{}) (mine bool) {
	select {
	case <-turn:
		return true
	case <-ctx.Done():
	}
	t.lock.Lock()
	i := slices.Index(t.waiting, turn)
	if i >= 0 {
		t.waiting = slices.Delete(t.waiting, i, i+1)
	}
	t.lock.Unlock()
	return i < 0 // it has come meanwhile
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
