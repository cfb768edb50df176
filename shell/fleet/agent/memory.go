package agent

import "sync"

// pool is the memory for what all answers keep together. Each that keeps something has a large share, while there are
// some, and else a small one.
type pool struct {
	large, small int64 // bytes

	mu   sync.Mutex
	left int // large shares that nobody has
}

// smaller is how many times smaller a small share is.
const smaller = 16

func newPool(share int64, shares int) *pool {
	return &pool{large: share, small: share / smaller, left: shares}
}

// share is what one answer may keep. It is taken when the answer first keeps something.
type share struct {
	*pool
	once  sync.Once
	bytes int64
}

func (p *pool) share() *share { return &share{pool: p} }

// limit is how many bytes the answer may keep.
func (s *share) limit() int64 {
	s.once.Do(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.bytes = s.small; s.left > 0 {
			s.left--
			s.bytes = s.large
		}
	})
	return s.bytes
}

// end gives the share back; nothing is kept any more.
func (s *share) end() {
	s.once.Do(func() {}) // it was not taken
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bytes == s.large {
		s.left++
	}
	s.bytes = 0
}
