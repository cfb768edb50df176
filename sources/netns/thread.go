package netns

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// onThread runs f on a thread of its own, which ends with it, and waits. What f does to its thread stays there: the
// runtime starts no other goroutine on it, and makes no new threads from a thread that a goroutine has locked.
func onThread(f func() error) error {
	result := make(chan error, 1)
	go func() {
		defer close(result)    // f may end its goroutine, as a test that fails does
		runtime.LockOSThread() // not unlocked: the runtime ends the thread with the goroutine
		if unix.Gettid() != unix.Getpid() {
			result <- f()
			return
		}
		// The main thread cannot end before the process does, and shows its namespaces in /proc/self. While it is kept
		// here, the next goroutine gets another one.
		result <- onThread(f)
		runtime.UnlockOSThread()
	}()
	return <-result
}
