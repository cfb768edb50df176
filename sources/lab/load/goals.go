package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// A benchmark is a command line that is measured, beside a peer that does the same.
type benchmark struct {
	name, peer, command string
	goals               goals
}

// goals are what a benchmark should not exceed. Zero is no goal.
type goals struct {
	wall, cpu float64 // ratios to the peer
	memory    float64 // megabytes
}

// readBenchmarks reads paragraphs that begin with a name; see usage.
func readBenchmarks(r io.Reader) (benchmarks []benchmark, err error) {
	lines := bufio.NewScanner(r)
	for number := 1; lines.Scan(); number++ {
		indented := strings.HasPrefix(lines.Text(), "\t")
		key, value, _ := strings.Cut(strings.TrimSpace(lines.Text()), "\t")
		switch {
		case key == "":
			continue
		case !indented:
			benchmarks = append(benchmarks, benchmark{name: lines.Text()})
			continue
		case len(benchmarks) == 0:
			return nil, fmt.Errorf("line %d: %q comes before a name", number, key)
		}
		if err := benchmarks[len(benchmarks)-1].set(key, strings.TrimSpace(value)); err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
	}
	for _, b := range benchmarks {
		switch {
		case b.command == "":
			return nil, fmt.Errorf("%q has nothing to run", b.name)
		case b.peer == "" && (b.goals.wall > 0 || b.goals.cpu > 0):
			return nil, fmt.Errorf("%q has a goal beside a peer, and no peer", b.name)
		}
	}
	return benchmarks, lines.Err()
}

// set takes a line of a paragraph.
func (b *benchmark) set(key, value string) (err error) {
	switch key {
	case "peer":
		b.peer = value
	case "run":
		b.command = value
	case "wall":
		b.goals.wall, err = strconv.ParseFloat(value, 64)
	case "cpu":
		b.goals.cpu, err = strconv.ParseFloat(value, 64)
	case "memory":
		b.goals.memory, err = strconv.ParseFloat(value, 64)
	default:
		err = fmt.Errorf("%q is none of peer, run, wall, cpu, memory", key)
	}
	return err
}
