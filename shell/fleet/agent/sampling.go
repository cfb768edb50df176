package agent

import (
	"sync"
	"time"
)

// sampling lets an answer take the samples that the asker wants, and no more than one in an interval.
type sampling struct {
	interval time.Duration
	more     func() // lets the answer take a sample
	mu       sync.Mutex
	last     time.Time   // when the last one was let
	timer    *time.Timer // runs until the next one may be let; nil where none is wanted
	stopped  bool
}

// want wants a sample. Those that are wanted while one is waited for are the same.
func (s *sampling) want() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil || s.stopped {
		return
	}
	s.timer = time.AfterFunc(time.Until(s.last.Add(s.interval)), s.let)
}

func (s *sampling) let() {
	s.mu.Lock()
	if s.stopped {
		s.mu.Unlock()
		return
	}
	s.timer, s.last = nil, time.Now()
	s.mu.Unlock()
	s.more()
}

// stop ends the sampling.
func (s *sampling) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	if s.timer != nil {
		s.timer.Stop()
	}
}
