package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"time"
)

// A measurement is what several runs of one command line took.
type measurement struct {
	lines  int             // of its output
	walls  []time.Duration // one a run
	cpus   []time.Duration // the same: user and system
	memory int             // the largest peak of resident memory, in KiB
}

// count runs a command line for the number of its lines, which also warms caches.
func (m *measurement) count(line string) error {
	var output lineCounter
	if _, err := runOnce(line, &output); err != nil {
		return err
	}
	m.lines = output.lines
	return nil
}

// add runs a command line once more, its output thrown away.
func (m *measurement) add(line string) error {
	start := time.Now()
	state, err := runOnce(line, nil)
	if err != nil {
		return err
	}
	m.walls = append(m.walls, time.Since(start))
	m.cpus = append(m.cpus, state.UserTime()+state.SystemTime())
	if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
		m.memory = max(m.memory, int(usage.Maxrss))
	}
	return nil
}

// runOnce runs a command line to its end. What wait4(2) reports of a pipeline is the sum of its programs.
func runOnce(line string, output io.Writer) (*os.ProcessState, error) {
	args := arguments(line)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = output, os.Stderr
	err := cmd.Run()
	return cmd.ProcessState, err
}

// arguments splits a command line at spaces, but for those within apostrophes. Of a line that a shell must see, a
// pipeline for one, it makes an argument of sh: the shell would take a good part of the time of a short program.
func arguments(line string) (args []string) {
	for i, part := range strings.Split(line, "'") {
		switch quoted := i%2 == 1; {
		case quoted:
			args = append(args, part)
		case strings.ContainsAny(part, "|&;<>()$`\\\"*?#~"):
			return []string{"sh", "-c", line}
		default:
			args = append(args, strings.Fields(part)...)
		}
	}
	return args
}

// median of at least one duration.
func median(durations []time.Duration) time.Duration {
	return slices.Sorted(slices.Values(durations))[len(durations)/2]
}

// medianRatio is the median of the ratios of what was measured in the same round.
func medianRatio(durations, others []time.Duration) float64 {
	var ratios []float64
	for i, d := range durations {
		ratios = append(ratios, float64(d)/float64(max(others[i], 1)))
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

// A lineCounter counts the lines written to it.
type lineCounter struct{ lines int }

func (c *lineCounter) Write(p []byte) (int, error) {
	c.lines += bytes.Count(p, []byte("\n"))
	return len(p), nil
}
