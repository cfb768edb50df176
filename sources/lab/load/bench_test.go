package main

import (
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"netql/sources/lab"
)

func TestBench(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		const benchmarks = `
met and missed
	peer	cat /proc/net/tcp
	run	printf 'a\nb\n'
	wall	1000
	cpu	0.000001
	memory	1000

alone
	run	true
`
		stdout, stderr, status := loadWith(t, benchmarks, "-n", "100", "-procs", "2", "-bench", "-runs", "3")
		const times = `+[\d.]+ +[\d.]+ +[\d.]+ +`
		want := []string{
			` +wall +user and system +peak memory +lines`,
			` +peer +netql +ratio +goal +peer +netql +ratio +goal +MB +goal +peer +netql +peer`,
			`met and missed ` + times + `1000 met ` + times +
				`1e-06 missed +<?[\d.]+ +1000 met +103 +2  cat /proc/net/tcp`,
			`alone +[\d.]+ +[\d.]+ +<?[\d.]+ +0  `,
			`goals met: 2, missed: 1`,
		}
		lines := strings.Split(stdout, "\n")
		if status != 0 || len(lines) != len(want)+1 {
			t.Fatalf("status %d, %s:\n%s", status, stderr, stdout)
		}
		for i, pattern := range want {
			if !regexp.MustCompile(`^` + pattern + `$`).MatchString(lines[i]) {
				t.Errorf("line %d is %q, want %s", i+1, lines[i], pattern)
			}
		}
	})
}

func TestFailures(t *testing.T) {
	tests := map[string]struct{ benchmarks, stderr string }{
		"the command":     {"x\n\trun\tfalse\n", "benchmarks that failed: 1"},
		"the peer":        {"x\n\tpeer\tfalse\n\trun\ttrue\n", "benchmarks that failed: 1"},
		"no command":      {"x\n\tpeer\ttrue\n", `"x" has nothing to run`},
		"no peer":         {"x\n\trun\ttrue\n\twall\t1\n", `"x" has a goal beside a peer, and no peer`},
		"no name":         {"\trun\ttrue\n", `line 1: "run" comes before a name`},
		"another key":     {"x\n\trum\ttrue\n", `line 2: "rum" is none of`},
		"no number":       {"x\n\twall\tfast\n", "invalid syntax"},
		"no such program": {"x\n\trun\tno-such-program\n", "benchmarks that failed: 1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			lab.Isolate(t, func(t *testing.T) {
				_, stderr, status := loadWith(t, test.benchmarks, "-n", "0", "-procs", "0", "-bench")
				if status != 1 || !strings.Contains(stderr, test.stderr) {
					t.Errorf("status %d and %q, want %q", status, stderr, test.stderr)
				}
			})
		})
	}
}

func TestMeasure(t *testing.T) {
	const nap = 200 * time.Millisecond
	peer, own, err := benchmark{peer: "echo", command: "sleep 0.2"}.measure(3)
	if err != nil || len(own.walls) != 3 || median(own.walls) < nap || own.memory == 0 || own.lines != 0 {
		t.Errorf("a nap of %v measured: %+v, %v", nap, own, err)
	}
	if cpu := median(own.cpus); cpu > nap {
		t.Errorf("a nap of %v took %v of a processor", nap, cpu)
	}
	if len(peer.walls) != 3 || peer.lines != 1 {
		t.Errorf("an empty line measured: %+v", peer)
	}
}

func TestArguments(t *testing.T) {
	tests := map[string][]string{
		"ss -tan":                    {"ss", "-tan"},
		"ss 'sport = :1' -a":         {"ss", "sport = :1", "-a"},
		"netql 'a | b > 1' --x":      {"netql", "a | b > 1", "--x"},
		"ss | awk '{ print }'":       {"sh", "-c", "ss | awk '{ print }'"},
		"netql 'sockets' 2>/dev/nul": {"sh", "-c", "netql 'sockets' 2>/dev/nul"},
	}
	for line, want := range tests {
		if got := arguments(line); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}

func TestMedianRatio(t *testing.T) {
	// The second round was slow for both.
	if got := medianRatio([]time.Duration{1, 50, 3}, []time.Duration{2, 100, 2}); got != 0.5 {
		t.Errorf("%v, want 0.5", got)
	}
}
