package asker

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"netql/shell/fleet/agent"
	"netql/shell/fleet/fleettest"
	"netql/shell/remote"
	"netql/sources/lab"
)

// fleetSize is how many agents a test starts: NETQL_FLEET_AGENTS, or otherwise so many.
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

// TestManyHosts: a thousand hosts answer, each of their rows is there, and a count takes few bytes of each. With the
// race detector, which takes five times as long, they are a hundred.
func TestManyHosts(t *testing.T) {
	n := 1000
	if lab.RaceDetector {
		n = 100
	}
	n = fleetSize(t, n)
	h, start := fleettest.NewHub(t), time.Now()
	things := func(i int) int { return i % 7 }
	startAgents(t, h, n, func(i int) *fleettest.Machine { return &fleettest.Machine{Things: things(i)} }, nil)
	t.Logf("%d agents are connected after %v", n, time.Since(start))
	f := openFleet(t, h, h.Add("add-user", "alice"))
	var rows []string
	for i, name := range f.Names {
		for k := range things(i) {
			rows = append(rows, fmt.Sprint(name, " ", k))
		}
	}
	hosts := remote.New(f.Names, f.Transport, remote.Options{Timeout: patience, Notes: f.Notes})
	defer hosts.Close()
	ask := func(text string) answer {
		start, used := time.Now(), processorTime()
		got := answerOf(t.Context(), hosts, text)
		t.Logf("%s: %v, %v of processors by hub, agents and asker", text, time.Since(start), processorTime()-used)
		return got
	}
	if got := ask("things | select host, n"); !slices.Equal(got.rows, rows) || got.warnings != nil || got.err != nil {
		t.Errorf("%d rows, want %d: %v, %v", len(got.rows), len(rows), got.warnings, got.err)
	}
	if got, want := ask("things | count").String(), strconv.Itoa(len(rows)); got != want {
		t.Errorf("count: %s, want %s", got, want)
	}
	if got := ask("things | count by kind"); len(got.rows) != 5 || got.warnings != nil || got.err != nil {
		t.Errorf("%v", got)
	}
	if got, want := ask("hosts | count by status").String(), fmt.Sprint("ok ", n); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	const most = 64 // bytes of a host
	if sent, err := strconv.Atoi(ask("hosts | stats sum(bytes)").String()); err != nil || sent > n*most {
		t.Errorf("%d bytes of %d hosts, %v", sent, n, err)
	} else {
		t.Logf("a count takes %d bytes of a host", sent/n)
	}
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
