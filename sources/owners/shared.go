package owners

import (
	"context"
	"sync"
)

// Shared is a Finder that looks once, when it is first asked, and gives everybody that answer.
func Shared(finder Finder) Finder {
	return &shared{finder: finder}
}

type shared struct {
	finder Finder
	once   sync.Once
	table  *Table
	err    error
}

func (s *shared) Find(ctx context.Context) (*Table, error) {
	s.once.Do(func() { s.table, s.err = s.finder.Find(ctx) })
	return s.table, s.err
}
