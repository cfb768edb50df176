package agent

import (
	"strings"
	"sync"
	"time"
)

const (
	// tellAgain is how long the log does not say again what it has said.
	tellAgain = time.Hour
	// maxTold bounds what it remembers to have said; nothing further is news until there is a connection.
	maxTold = 64
)

// told is what the log has said since there was a connection last, so that it does not say it at each attempt.
type told struct {
	mu sync.Mutex
	at map[string]time.Time
}

// news says whether a text was not told lately. It is then, now. Digits, such as those of ports, make no other text.
func (t *told) news(text string) bool {
	text = strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return -1
		}
		return r
	}, text)
	t.mu.Lock()
	defer t.mu.Unlock()
	at, known := t.at[text]
	if known && time.Since(at) < tellAgain || !known && len(t.at) >= maxTold {
		return false
	}
	if t.at == nil {
		t.at = map[string]time.Time{}
	}
	t.at[text] = time.Now()
	return true
}

// forget forgets all: there is a connection.
func (t *told) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.at)
}
