package agent

import (
	"context"
	"fmt"
	"slices"
	"sync"
)

// slots bound how many asks are answered at a time, and how many wait for that.
type slots struct {
	mu      sync.Mutex
	places  shares // of asks that are answered or wait
	active  shares // of asks that are answered
	waiting []*turn
}

// turn is an ask that waits until it may be answered.
type turn struct {
	user string
	come chan struct{} // is closed when it may
}

func newSlots(active, waiting int) *slots {
	return &slots{places: newShares(active + waiting), active: newShares(active)}
}

// take takes a place among those that are answered or wait. Its error says why there is none.
func (s *slots) take(user string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.places.take(user):
		return nil
	case s.places.free == 0:
		return fmt.Errorf("%d questions are answered or wait", s.places.total)
	}
	return fmt.Errorf("%d questions of %s are answered or wait, and the last places are for others",
		s.places.of[user], user)
}

// leave gives a place back.
func (s *slots) leave(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.places.giveBack(user)
}

// wanted says whether there are asks for which there is no place among those that are answered.
func (s *slots) wanted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.waiting) > 0 || s.places.free == 0
}

// begin waits until the ask of a place may be answered; end must follow if there is no error.
func (s *slots) begin(ctx context.Context, user string) error {
	t := &turn{user, make(chan struct{})}
	s.mu.Lock()
	s.waiting = append(s.waiting, t)
	s.admit()
	s.mu.Unlock()
	select {
	case <-t.come:
		return nil
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.Index(s.waiting, t); i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
	} else { // its turn has come at the same moment
		s.active.giveBack(user)
		s.admit()
	}
	return context.Cause(ctx)
}

// end lets another ask begin.
func (s *slots) end(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.active.giveBack(user)
	s.admit()
}

// admit lets asks begin that wait, the first ones first, while there is a place for their users. The caller has the
// lock.
func (s *slots) admit() {
	s.waiting = slices.DeleteFunc(s.waiting, func(t *turn) bool {
		admitted := s.active.take(t.user)
		if admitted {
			close(t.come)
		}
		return admitted
	})
}
