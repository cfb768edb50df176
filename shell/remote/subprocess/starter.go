package subprocess

import (
	"runtime"
	"sync"
)

// starter starts programs in a thread that is there until close, which comes when all of the programs have ended: they
// end with the thread. Go ends threads of goroutines that return while they are locked to them.
type starter struct {
	commands chan<- []string
	started  <-chan started
	close    func()
}

// started is a program that was started, or why it was not.
type started struct {
	child *child
	err   error
}

func newStarter() *starter {
	commands, results := make(chan []string), make(chan started)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		for words := range commands {
			c, err := start(words)
			results <- started{c, err}
		}
	}()
	return &starter{commands, results, sync.OnceFunc(func() { close(commands) })}
}

// start starts a program. One goroutine at a time may call it.
func (s *starter) start(words []string) (*child, error) {
	s.commands <- words
	result := <-s.started
	return result.child, result.err
}
