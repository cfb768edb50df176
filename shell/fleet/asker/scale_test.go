package asker

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"netql/shell/fleet/agent"
	"netql/shell/fleet/fleettest"
)

// fleetSize is how many agents a test starts: NETQL_FLEET_AGENTS, or otherwise so many that the race detector is quick
// enough.
func fleetSize(t testing.TB, otherwise int) int {
	t.Helper()
	if text := os.Getenv("NETQL_FLEET_AGENTS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return otherwise
}

// startAgents starts so many agents, each with its own credentials and connection, some at a time.
func startAgents(t testing.TB, h *fleettest.Hub, n int, machine func(i int) *fleettest.Machine,
	change func(*agent.Config)) {
	t.Helper()
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("host%05d", i)
	}
	creds := h.AddAll("add-host", names)
	var starting sync.WaitGroup
	places := make(chan struct{}, 16)
	for i := range names {
		starting.Go(func() {
			places <- struct{}{}
			h.Agent(creds[i], machine(i), change)
			<-places
		})
	}
	starting.Wait()
	for deadline := time.Now().Add(patience); strings.Count(h.Log.String(), "is connected to") < n; {
		if time.Now().After(deadline) {
			t.Fatalf("not all agents are connected: %.2000s", h.Log)
		}
		time.Sleep(time.Millisecond)
	}
}

// TestManyHosts: all hosts answer, and each of their rows is there.
func TestManyHosts(t *testing.T) {
	h := fleettest.NewHub(t)
	n := fleetSize(t, 200)
	start := time.Now()
	startAgents(t, h, n, func(i int) *fleettest.Machine { return &fleettest.Machine{Things: i % 7} }, nil)
	t.Logf("%d agents are connected after %v", n, time.Since(start))
	f := openFleet(t, h, h.Add("add-user", "alice"))
	want := 0
	for i := range n {
		want += i % 7
	}
	for range 3 {
		start, used := time.Now(), processorTime()
		got := ask(t.Context(), t, f, "things | count")
		t.Logf("count: %v, %v of processors by hub, agents and asker", time.Since(start), processorTime()-used)
		if got.String() != strconv.Itoa(want) {
			t.Errorf("count: %s, want %d", got, want)
		}
	}
	start, used := time.Now(), processorTime()
	got := ask(t.Context(), t, f, "things | select host, n")
	if len(got.rows) != want || len(got.warnings) != 0 {
		t.Errorf("%d rows, want %d: %v", len(got.rows), want, got.warnings)
	}
	t.Logf("rows: %v, %v of processors", time.Since(start), processorTime()-used)
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// peakMemory is the most memory in bytes that this process has had: VmHWM in proc_pid_status(5). The maximum of
// getrusage(2) may be that of the process that started this one.
func peakMemory() (bytes int64) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	var kilobytes int64
	if _, err := fmt.Sscan(after, &kilobytes); err != nil {
		panic(err)
	}
	return kilobytes << 10
}
