package asker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"testing"
	"time"

	"netql/shell/fleet/connect"
	"netql/shell/fleet/fleettest"
	"netql/shell/remote"
)

// BenchmarkAsk is what an ask of many hosts (NETQL_FLEET_AGENTS) costs the asker, who is a process of its own: the time
// to the last answer, its own processor time, and the most memory that it has had. The hub and all agents are this
// process and share the processors with the asker, so that their work is in the time.
func BenchmarkAsk(b *testing.B) {
	h := fleettest.NewHub(b)
	n := fleetSize(b, 200)
	startAgents(b, h, n, func(int) *fleettest.Machine { return &fleettest.Machine{Things: 5} }, nil)
	asker := startMeasured(b, h.Add("add-user", "alice"), n, h.Server)
	for text, want := range map[string]string{
		"things | count":         fmt.Sprint(5 * n),
		"things | count by kind": fmt.Sprintf("kind0 %d\nkind1 %[1]d\nkind2 %[1]d\nkind3 %[1]d\nkind4 %[1]d", n),
	} {
		b.Run(text, func(b *testing.B) { asker.bench(b, text, want) })
	}
}

// measured is a process that asks.
type measured struct {
	in  io.Writer
	out *json.Decoder
}

// measure is an answer, and what the ask has cost the process.
type measure struct {
	Answer string
	Took   time.Duration // to the last answer
	Used   time.Duration // of processors
	Peak   int64         // bytes of memory, since the process began
}

func startMeasured(b *testing.B, creds string, hosts int, address string) *measured {
	b.Helper()
	p := startPart(b, "measured", creds, fmt.Sprint(hosts), address)
	return &measured{in: p.stdin, out: json.NewDecoder(p.stdout)}
}

// ask has the process ask.
func (m *measured) ask(b *testing.B, text string) (got measure) {
	b.Helper()
	if _, err := fmt.Fprintf(m.in, "%q\n", text); err != nil {
		b.Fatal(err)
	}
	if err := m.out.Decode(&got); err != nil {
		b.Fatal(err)
	}
	return got
}

// bench asks again and again.
func (m *measured) bench(b *testing.B, text, want string) {
	var worst, used time.Duration
	var peak int64
	for b.Loop() {
		got := m.ask(b, text)
		if got.Answer != want {
			b.Fatal(got.Answer)
		}
		worst, used, peak = max(worst, got.Took), used+got.Used, got.Peak
	}
	b.ReportMetric(worst.Seconds()*1e3, "ms-worst")
	b.ReportMetric(used.Seconds()*1e3/float64(b.N), "ms-cpu/op")
	b.ReportMetric(float64(peak)/1e6, "MB-peak")
}

// answerMeasured is the process: it answers each line, a query in quotes, by a measure. It waits until it knows so many
// hosts: the hub learns of them a moment after they are added.
func answerMeasured(words []string) int {
	credentials, err := connect.ReadCredentials(words[0])
	want, err2 := strconv.Atoi(words[1])
	if err = errors.Join(err, err2); err != nil {
		return 1
	}
	f, err := open(context.Background(), target{servers: words[2:]}, credentials)
	for err == nil && len(f.Names) < want {
		f.Close()
		f, err = open(context.Background(), target{servers: words[2:]}, credentials)
	}
	in, out := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	for err == nil {
		var text string
		if err = in.Decode(&text); err == nil {
			err = out.Encode(measureOf(f, text))
		}
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

func measureOf(f *Fleet, text string) (m measure) {
	start, used := time.Now(), processorTime()
	hosts := remote.New(f.Names, f.Transport, remote.Options{Timeout: patience, Notes: f.Notes})
	m.Answer = answerOf(context.Background(), hosts, text).String()
	hosts.Close()
	m.Took, m.Used, m.Peak = time.Since(start), processorTime()-used, peakMemory()
	return m
}
