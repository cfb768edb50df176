package ownfile

import (
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// lockPatience is how long to wait for another program that writes to the directory.
	lockPatience = time.Second
	// lockAgain is how often it is tried meanwhile.
	lockAgain = 10 * time.Millisecond
)

// Locked is Directory, locked until it is closed. A file in it cannot be the lock, because it may be replaced.
func Locked(base, below string) (*os.File, error) { return LockedWithin(base, below, lockPatience) }

// LockedWithin is Locked where other programs may take some time to write to the directory.
func LockedWithin(base, below string, patience time.Duration) (*os.File, error) {
	dir, err := Directory(base, below)
	if err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(lockAgain) {
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
