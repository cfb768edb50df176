package vfs

import (
	"errors"
	"os"
	"testing"
	"time"
)

// TestNoPoller: a file of /proc/sys can be polled, and yet a read of it never waits for an event.
func TestNoPoller(t *testing.T) {
	file, err := Machine.Open("/proc/sys/kernel/hostname")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := file.(opened).file.SetDeadline(time.Now()); !errors.Is(err, os.ErrNoDeadline) {
		t.Errorf("the file is in the poller: %v", err)
	}
}
