package tables_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/sources/capture"
	"netql/sources/capture/capturetest"
	"netql/sources/lab"
	"netql/tables"
)

// TestHostileCaptures: a capture that somebody has changed, behind right checksums, is refused or answers, and harms
// nobody: whatever all tables find in it, no panic, and an end within seconds of a processor's time. With the race
// detector the first tenth of the captures is read, as the gate reads all without it.
func TestHostileCaptures(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		populate(t)
		recorder, path := record(t), filepath.Join(t.TempDir(), "capture")
		if _, err := recorder.Save(t.Context(), path, recorder.Manifest("test", nil)); err != nil {
			t.Fatal(err)
		}
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		whole, err := capturetest.Split(file)
		if err != nil {
			t.Fatal(err)
		}
		n, first := uint64(300), uint64(0)
		switch {
		case long():
			n, first = 5000, uint64(time.Now().UnixNano())
		case lab.RaceDetector:
			n /= 10
		}
		opened := 0
		for seed := first; seed < first+n; seed++ {
			if readHostile(t, seed, whole, path) {
				opened++
			}
		}
		t.Logf("%d captures from seed %d on, %d of them could be opened", n, first, opened)
		if opened < int(n)/20 {
			t.Errorf("only %d of %d captures could be opened: nothing is tried", opened, n)
		}
	})
}

// readHostile reads a changed capture, if it is one: some tables, or all.
func readHostile(t *testing.T, seed uint64, whole *capturetest.File, path string) (opened bool) {
	defer func() {
		if fault := recover(); fault != nil {
			t.Fatalf("seed %d: panic: %v\n%s", seed, fault, debug.Stack())
		}
	}()
	r := rand.New(rand.NewPCG(seed, 0))
	changed, err := whole.Mutated(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, changed, 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := capture.Open(path)
	if err != nil {
		return false
	}
	const most = 20 * time.Second
	ctx, cancel := context.WithTimeoutCause(t.Context(), 10*lab.Patience, fmt.Errorf("seed %d does not end", seed))
	defer cancel()
	used := processorTime(t)
	all := tables.Catalog().Listing()
	for _, i := range r.Perm(len(all)) {
		if long() || r.IntN(8) == 0 {
			if _, err := run(ctx, c.System(), query.CompileUnhinted, all[i].Name+" | select *"); err != nil {
				t.Error(err)
			}
		}
	}
	if err := context.Cause(ctx); err != nil {
		t.Error(err)
	}
	if used = processorTime(t) - used; used > most {
		t.Errorf("seed %d takes %v", seed, used)
	}
	return true
}

// processorTime is the time for which this process has had a processor.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var usage unix.Rusage
	must(t, unix.Getrusage(unix.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
