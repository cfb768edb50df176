package main

import (
	"fmt"
	"io"
	"strings"
	"syscall"
	"time"
)

// The columns of the table: the name, then wall time, CPU time (user and system) and memory with their goals, the
// lines of output, and the peer.
const (
	head = "" +
		"                                                    wall                           user and system" +
		"                peak memory            lines\n" +
		"                                    peer   netql  ratio   goal           peer   netql  ratio   goal" +
		"              MB   goal          peer    netql  peer\n"
	timesFormat  = " %7s %7s %6s %14s"
	memoryFormat = " %7s %14s"
	linesFormat  = "  %7s %8d  %s\n"
)

// A tally counts goals.
type tally struct{ met, missed int }

func (t *tally) add(other tally) {
	t.met += other.met
	t.missed += other.missed
}

// print writes a row of the table and returns how many goals it met and missed.
func (b benchmark) print(w io.Writer, peer, own measurement) (sum tally) {
	fmt.Fprintf(w, "%-32s", b.name)
	sum.printTimes(w, peer.walls, own.walls, b.goals.wall)
	sum.printTimes(w, peer.cpus, own.cpus, b.goals.cpu)
	fmt.Fprintf(w, memoryFormat, megabytes(own.memory), sum.verdict(float64(own.memory)/1024, b.goals.memory))
	peerLines := ""
	if b.peer != "" {
		peerLines = fmt.Sprint(peer.lines)
	}
	fmt.Fprintf(w, linesFormat, peerLines, own.lines, b.peer)
	return sum
}

// printTimes writes medians, and the ratio with its goal.
func (t *tally) printTimes(w io.Writer, peer, own []time.Duration, goal float64) {
	if len(peer) == 0 {
		fmt.Fprintf(w, timesFormat, "", milliseconds(median(own)), "", "")
		return
	}
	ratio := medianRatio(own, peer)
	fmt.Fprintf(w, timesFormat, milliseconds(median(peer)), milliseconds(median(own)), fmt.Sprintf("%.2f", ratio),
		t.verdict(ratio, goal))
}

// verdict compares with a goal, if there is one.
func (t *tally) verdict(value, goal float64) string {
	switch {
	case goal == 0:
		return ""
	case value <= goal:
		t.met++
		return fmt.Sprintf("%6g %-7s", goal, "met")
	default:
		t.missed++
		return fmt.Sprintf("%6g %-7s", goal, "missed")
	}
}

// megabytes shows a peak of memory. The kernel also counts what a process had before it executed the command, and
// that was this program's: a smaller peak cannot be seen.
func megabytes(kib int) string {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err == nil && kib <= int(own.Maxrss) {
		return fmt.Sprintf("<%.1f", float64(own.Maxrss)/1024)
	}
	return fmt.Sprintf("%.1f", float64(kib)/1024)
}

// milliseconds with as many decimals as mean something.
func milliseconds(d time.Duration) string {
	number := fmt.Sprintf("%.1f", float64(d)/float64(time.Millisecond))
	if d >= time.Second {
		number, _, _ = strings.Cut(number, ".")
	}
	return number
}
