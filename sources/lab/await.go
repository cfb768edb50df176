package lab

import (
	"testing"
	"time"
)

// Patience bounds every wait of a test for what must come. Only a failure takes that long.
const Patience = time.Minute

// Await waits until something is so. What that is stands in the failure.
func Await(t testing.TB, what string, isSo func() bool) {
	t.Helper()
	await(t, time.Millisecond, what, isSo)
}

// await looks again after each pause.
func await(t testing.TB, pause time.Duration, what string, isSo func() bool) {
	t.Helper()
	for start := time.Now(); !isSo(); time.Sleep(pause) {
		if time.Since(start) > Patience {
			t.Fatalf("not within %v: %s", Patience, what)
		}
	}
}
