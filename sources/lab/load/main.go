// Load fills a new network namespace with TCP connections and runs commands there. It makes the population of the
// benchmarks and of tests that want many sockets:
//
//	go run ./sources/lab/load -n 100000 -procs 50 -- ss -tan
//
// It prints "ready" on standard error when all sockets are there, runs the command with its own standard streams, and
// ends, with everything that it made, when the command ends. With -bench it measures commands instead; see usage.
//
// Root is not needed. One connection is two sockets, both in the same process; besides there is a listener in every
// process, at ports from 20000 on.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"

	"netql/sources/lab"
)

const usage = `usage: load [-n SOCKETS] [-procs PROCESSES] [-machine] [-setup COMMAND-LINE] -- COMMAND [ARGUMENT...]
       load [-n SOCKETS] [-procs PROCESSES] [-machine] [-setup COMMAND-LINE] -bench [-runs N] <BENCHMARKS

-bench measures command lines beside a peer, each in turn with it, and compares the ratios with goals. Standard input
is made of paragraphs, of a name and indented lines of a key, a tab and a value:

NAME
	peer	COMMAND-LINE that does the same; there need not be one
	run	COMMAND-LINE that is measured
	wall	RATIO of wall time to the peer's that should not be exceeded
	cpu	RATIO of user and system time
	memory	MEGABYTES of peak memory

Command lines are split at spaces, but for those within apostrophes; those with other signs of a shell are sh's.

`

// A config is the command line.
type config struct {
	sockets, processes int
	machine            bool
	bench              bool
	runs               int
	worker             int
	setup              string
	args               []string
}

func main() {
	c, err := parse(os.Args[1:])
	if err != nil {
		os.Exit(2)
	}
	status, err := c.run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		status = max(status, 1)
	}
	os.Exit(status)
}

// parse reads the arguments; the flag package has told about any error.
func parse(args []string) (c config, err error) {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), usage)
		flags.PrintDefaults()
	}
	flags.IntVar(&c.sockets, "n", 100_000, "TCP `sockets`, two for a connection, up to 1000000")
	flags.IntVar(&c.processes, "procs", 50, "`processes` that share them, up to 1000")
	flags.BoolVar(&c.machine, "machine", false, "stay among the machine's processes, as root: only the network is new")
	flags.BoolVar(&c.bench, "bench", false, "measure command lines")
	flags.IntVar(&c.runs, "runs", 5, "`times` that each is measured, fewer where it takes seconds")
	flags.StringVar(&c.setup, "setup", "", "a `command line` that is run by sh first, to make what else there is to be")
	flags.IntVar(&c.worker, "worker", -1, "be one of the `processes` (used by the program itself)")
	if err := flags.Parse(args); err != nil {
		return c, err
	}
	c.args = flags.Args()
	switch {
	case c.sockets < 0 || c.sockets > 1_000_000 || c.processes < 0 || c.processes > 1000 || c.runs < 1:
		err = errors.New("a number is out of range")
	case c.worker < 0 && !c.bench && len(c.args) == 0:
		err = errors.New("no command")
	case c.bench && len(c.args) > 0:
		err = errors.New("benchmarks are read from standard input")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		flags.Usage()
	}
	return c, err
}

// run does one of the three things this program does: being a worker, entering the namespace, the work there.
func (c config) run() (status int, err error) {
	if c.worker >= 0 {
		return 0, work(c.worker, share(c.sockets/2, c.processes, c.worker))
	}
	enter := lab.Enter
	if c.machine {
		enter = lab.EnterNetwork
	}
	inside, status, err := enter()
	if !inside || err != nil {
		return status, err
	}
	var benchmarks []benchmark
	if c.bench {
		if benchmarks, err = readBenchmarks(os.Stdin); err != nil {
			return 1, err
		}
	}
	workers, err := startWorkers(c)
	defer workers.stop()
	if err != nil {
		return 1, err
	}
	if c.setup != "" {
		if status, err := command([]string{"sh", "-c", c.setup}); status != 0 || err != nil {
			return 1, errors.Join(fmt.Errorf("the setup ends with status %d", status), err)
		}
	}
	fmt.Fprintln(os.Stderr, "ready")
	if c.bench {
		return 0, bench(os.Stdout, benchmarks, c.runs)
	}
	return command(c.args)
}

// command runs the command of the user and returns its exit status.
func command(args []string) (status int, err error) {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	return 0, err
}

// share is how much of a total one of several workers takes.
func share(total, workers, worker int) int {
	return total*(worker+1)/workers - total*worker/workers
}
