package ownfile

import (
	"errors"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// TestLocked: a directory that another program has locked is waited for, and not without end.
func TestLocked(t *testing.T) {
	base := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		other, err := Locked(base, ".", 0)
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		if _, err := Locked(base, ".", time.Second); !errors.Is(err, syscall.EWOULDBLOCK) ||
			time.Since(start) > time.Second+lookAgain {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		time.AfterFunc(15*time.Second, func() { other.Close() })
		dir, err := Locked(base, ".", 20*time.Second)
		if err != nil || time.Since(start) > 17*time.Second {
			t.Fatalf("after %v: %v", time.Since(start), err)
		}
		dir.Close()
	})
}
