package agent

import "sync"

// pool is the memory for what all answers keep together. Each that keeps something has a large portion, while there are
// some for its user, and else a small one.
type pool struct {
	large, small int64 // bytes

	mu    sync.Mutex
	taken shares // of the large portions
}

// smaller is how many times smaller a small portion is.
const smaller = 16

func newPool(large int64, portions int) *pool {
	return &pool{large: large, small: large / smaller, taken: newShares(portions)}
}

// portion is what one answer may keep. It is taken when the answer first keeps something.
type portion struct {
	*pool
	user  string
	once  sync.Once
	bytes int64
}

func (p *pool) portion(user string) *portion { return &portion{pool: p, user: user} }

// limit is how many bytes the answer may keep.
func (p *portion) limit() int64 {
	p.once.Do(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.bytes = p.small; p.taken.take(p.user) {
			p.bytes = p.large
		}
	})
	return p.bytes
}

// end gives the portion back; nothing is kept any more.
func (p *portion) end() {
	p.once.Do(func() {}) // it was not taken
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bytes > p.small {
		p.taken.giveBack(p.user)
	}
	p.bytes = 0
}
