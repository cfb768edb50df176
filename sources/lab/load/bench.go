package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// A measurement is what one command line took: medians of several runs, and the largest memory of any.
type measurement struct {
	lines      int // of its output
	wall, best time.Duration
	cpu        time.Duration // user and system
	memory     int           // peak resident, in KiB
	err        error
}

// The columns of the table: lines, median, best, cpu, memory, ratio, command.
const (
	headFormat = "%8s %11s %11s %11s %12s %7s  %s\n"
	rowFormat  = "%8d %11s %11s %11s %12s %7.2f  %s\n"
)

// bench measures the command lines of all groups and prints them, each beside the first of its group.
func bench(w io.Writer, groups [][]string, runs int) error {
	failed := 0
	for _, group := range groups {
		fmt.Fprintf(w, headFormat, "lines", "median", "best", "cpu", "peak memory", "ratio", "command")
		var first time.Duration
		for i, line := range group {
			m := measure(line, runs)
			if i == 0 {
				first = m.wall
			}
			m.print(w, line, first)
			if m.err != nil {
				failed++
			}
		}
	}
	if failed > 0 {
		return fmt.Errorf("command lines that failed: %d", failed)
	}
	return nil
}

// print writes a row of the table.
func (m measurement) print(w io.Writer, line string, first time.Duration) {
	if m.err != nil {
		fmt.Fprintf(w, headFormat, "-", "-", "-", "-", "-", "-", fmt.Sprintf("%s: %v", line, m.err))
		return
	}
	fmt.Fprintf(w, rowFormat, m.lines, milliseconds(m.wall), milliseconds(m.best), milliseconds(m.cpu),
		megabytes(m.memory), float64(m.wall)/float64(first), line)
}

// megabytes shows a peak of memory. The kernel also counts what a process had before it executed the command, and
// that was this program's: a smaller peak cannot be seen.
func megabytes(kib int) string {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err == nil && kib <= int(own.Maxrss) {
		return fmt.Sprintf("< %.1f MB", float64(own.Maxrss)/1024)
	}
	return fmt.Sprintf("%.1f MB", float64(kib)/1024)
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
}

// measure runs a command line once to count its lines, which also warms caches, and then several times with its
// output thrown away.
func measure(line string, runs int) (m measurement) {
	var output lineCounter
	if _, m.err = runOnce(line, &output); m.err != nil {
		return m
	}
	m.lines = output.lines
	var walls, cpus []time.Duration
	for range runs {
		start := time.Now()
		state, err := runOnce(line, nil)
		if err != nil {
			return measurement{err: err}
		}
		walls = append(walls, time.Since(start))
		cpus = append(cpus, state.UserTime()+state.SystemTime())
		if usage, ok := state.SysUsage().(*syscall.Rusage); ok {
			m.memory = max(m.memory, int(usage.Maxrss))
		}
	}
	slices.Sort(walls)
	slices.Sort(cpus)
	m.wall, m.best, m.cpu = walls[runs/2], walls[0], cpus[runs/2]
	return m
}

// runOnce runs a command line to its end. The shell becomes the command, so that what wait4(2) reports is its own.
func runOnce(line string, output io.Writer) (*os.ProcessState, error) {
	cmd := exec.Command("sh", "-c", "exec "+line)
	cmd.Stdout, cmd.Stderr = output, os.Stderr
	err := cmd.Run()
	return cmd.ProcessState, err
}

// A lineCounter counts the lines written to it.
type lineCounter struct{ lines int }

func (c *lineCounter) Write(p []byte) (int, error) {
	c.lines += bytes.Count(p, []byte("\n"))
	return len(p), nil
}
