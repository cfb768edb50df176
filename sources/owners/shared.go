package owners

import (
	"context"
	"sync"
	"time"
)

// Shared is a Finder that looks once, when it is first asked, and gives everybody that answer.
func Shared(finder Finder) Finder {
	return &shared{finder: finder, renewed: renewed{finder: finder, turn: make(chan struct{}, 1)}}
}

type shared struct {
	lock   sync.Mutex
	finder Finder // guarded by lock; Start replaces it
	begun  bool   // guarded by lock

	once  sync.Once
	table *Table
	err   error

	renewed renewed
}

func (s *shared) Find(ctx context.Context) (*Table, error) {
	s.once.Do(func() { s.table, s.err = s.inner().Find(ctx) })
	return s.table, s.err
}

// Start begins, the first time that it is called.
func (s *shared) Start(ctx context.Context) Finder {
	s.lock.Lock()
	defer s.lock.Unlock()
	if !s.begun {
		s.begun, s.finder = true, Start(ctx, s.finder)
	}
	return s
}

// inner is the finder that looks.
func (s *shared) inner() Finder {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.finder
}

// Renewed is a Finder that looks again each time that it is asked. Of a Finder that is Shared, all who wait for a look
// to end share the next one, so that no answer is of a time before the question.
func Renewed(finder Finder) Finder {
	if s, ok := finder.(*shared); ok {
		return &s.renewed
	}
	return finder
}

type renewed struct {
	finder Finder

	turn  chan struct{} // holds one element while somebody looks
	began time.Time     // of the last look that succeeded
	table *Table
}

func (r *renewed) Find(ctx context.Context) (*Table, error) {
	asked := time.Now()
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-r.turn }()
	if r.began.After(asked) {
		return r.table, nil
	}
	began := time.Now()
	table, err := r.finder.Find(ctx)
	if err == nil {
		r.began, r.table = began, table
	}
	return table, err
}
