package asker

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"netql/shell/remote"
)

// BenchmarkRows is what a million rows cost the asker: its own processor time, and the most memory that it has had.
// The hub and the agents are processes of their own.
func BenchmarkRows(b *testing.B) {
	const rows = 1_000_000
	f := processes(b, 10, rows/10)
	for b.Loop() {
		used := processorTime()
		hosts := remote.New(f.Names, f.Transport, remote.Options{Timeout: patience})
		if n, warnings, err := countRows(b.Context(), hosts, "things"); n != rows || len(warnings) > 0 || err != nil {
			b.Fatalf("%d rows, %v, %v", n, warnings, err)
		}
		hosts.Close()
		b.ReportMetric(float64((processorTime()-used).Nanoseconds())/rows, "ns-cpu/row")
		b.ReportMetric(float64(peakMemory())/1e6, "MB-peak")
	}
}

// processes is a fleet of agents that are processes of their own.
func processes(b *testing.B, agents, things int) *Fleet {
	dir, address := filepath.Join(b.TempDir(), "hub"), freeAddress(b)
	alice := newMember(b, dir, "add-user", "alice")
	startPart(b, "hub", dir, address)
	for i := range agents {
		startPart(b, "agent", newMember(b, dir, "add-host", fmt.Sprint("web", i)), fmt.Sprint(things), address)
	}
	f := openWhenThere(b, alice, address)
	for deadline := time.Now().Add(patience); len(ask(b.Context(), b, f, "things | count by host").rows) < agents; {
		if time.Now().After(deadline) {
			b.Fatal("not all agents are connected")
		}
	}
	return f
}
