package main

import (
	"cmp"
	"fmt"
	"io"
	"time"
)

// patience is how long a benchmark goes on: no round begins after that. Some peers take seconds.
const patience = 10 * time.Second

// bench measures benchmarks and prints each beside its goals.
func bench(w io.Writer, benchmarks []benchmark, runs int) error {
	var sum tally
	failed := 0
	fmt.Fprint(w, head)
	for _, b := range benchmarks {
		peer, own, err := b.measure(runs)
		if err != nil {
			fmt.Fprintf(w, "%s: %v\n", b.name, err)
			failed++
			continue
		}
		sum.add(b.print(w, peer, own))
	}
	fmt.Fprintf(w, "goals met: %d, missed: %d\n", sum.met, sum.missed)
	if failed > 0 {
		return fmt.Errorf("benchmarks that failed: %d", failed)
	}
	return nil
}

// measure runs the peer and the command in turn, so that what else the machine does slows down both. It has at least
// one round.
func (b benchmark) measure(runs int) (peer, own measurement, err error) {
	if b.peer != "" {
		err = peer.count(b.peer)
	}
	if err = cmp.Or(err, own.count(b.command)); err != nil {
		return peer, own, err
	}
	for start := time.Now(); len(own.walls) == 0 || len(own.walls) < runs && time.Since(start) < patience; {
		if b.peer != "" {
			err = peer.add(b.peer)
		}
		if err = cmp.Or(err, own.add(b.command)); err != nil {
			return peer, own, err
		}
	}
	return peer, own, nil
}
