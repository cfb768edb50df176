package ownfile

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// LockPatience is how long a person at the prompt waits for another program that writes to a directory.
const LockPatience = time.Second

// lookAgain is how often it is looked whether the other program has written.
const lookAgain = 10 * time.Millisecond

// Locked is Directory, locked until it is closed. It waits so long for other programs that write to it. A file in it
// cannot be the lock, because it may be replaced.
func Locked(base, below string, wait time.Duration) (*os.File, error) {
	dir, err := Directory(base, below)
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(wait); ; time.Sleep(lookAgain) {
		err := unix.Flock(int(dir.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil {
			return dir, nil
		}
		if err != unix.EWOULDBLOCK && err != unix.EINTR || time.Now().After(deadline) {
			dir.Close()
			return nil, fmt.Errorf("lock %s: %w", dir.Name(), err)
		}
	}
}
