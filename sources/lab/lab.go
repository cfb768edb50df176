// Package lab is test help: network namespaces without root, sockets in every state, hostile processes.
//
// A package with live tests hands its TestMain to Main, which starts the test binary again as uid 0 of a new user
// namespace, in new network, mount, pid and cgroup namespaces. A test then takes an empty network namespace, in one of
// two ways:
//
//   - Isolate runs it in a process of its own. All its goroutines, its children and /proc see the new namespaces, and
//     so no process, cgroup or name of a namespace that is not the test's own.
//   - Namespace moves the test's goroutine alone. It is faster and serves benchmarks, within limits it documents.
//
// That takes no privilege, but a kernel and a container that let anybody make user namespaces and mount /proc. A
// cgroup of its own takes root, or a part of the hierarchy that was delegated; elsewhere the tests see no cgroups.
package lab

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"

	"golang.org/x/sys/unix"
)

// TestingM is what Main needs of a *testing.M.
type TestingM interface{ Run() int }

// M is a testing.M whose Run is Main. It is for testscript.Main, which must find out first whether it was started as a
// command of a script: a command belongs in the namespace of its script, not in a new one.
type M struct{ *testing.M }

// Run is Main.
func (m M) Run() int { return Main(m.M) }

// markEnv tells a process of this package where it is; the empty value is outside.
const (
	markEnv = "NETQL_LAB"
	fresh   = "fresh"   // inside, nothing set up yet
	network = "network" // inside a network namespace alone (EnterNetwork), nothing set up yet
	ready   = "ready"   // inside, as are all children, such as the workers of a fuzz test
	short   = "short"   // outside, because the run is short
	// Any other value is the reason why there are no namespaces.
)

// Main runs the tests of m inside a new namespace and returns their exit status. Arguments, standard streams,
// signals, coverage and fuzzing pass through. Where the system refuses namespaces the tests run outside, and Require
// says so. Under -short they run outside too, and Require skips them.
func Main(m TestingM) int {
	Role()
	flag.Parse()
	waitTogether()
	if testing.Short() {
		os.Setenv(markEnv, short)
		return m.Run()
	}
	inside, status, err := Enter()
	switch {
	case err != nil:
		shout("LIVE TESTS NOT RUN: " + err.Error())
		os.Setenv(markEnv, err.Error())
	case !inside:
		return status
	}
	keepMainThread()
	return m.Run()
}

// waitTogether lets more tests run in parallel than there are processors, unless -parallel says how many: they wait
// for the kernel, for terminals and for timers more than they compute. Inputs of a fuzz test do not.
func waitTogether() {
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "test.parallel" || f.Name == "test.fuzz" })
	if !given {
		// It cannot fail: the flag exists, and takes any positive number.
		_ = flag.Set("test.parallel", strconv.Itoa(4*runtime.GOMAXPROCS(0)))
	}
}

// Enter starts this program again, with the same arguments, as uid 0 of new namespaces. It returns twice: with inside
// true in the new process and all its children, and with the exit status of the new process in the old one (and in the
// first process of the namespaces, see runInit). An error means that there are no usable namespaces.
func Enter() (inside bool, status int, err error) {
	switch mark := os.Getenv(markEnv); mark {
	case "":
		if status, err = runInside(); err != nil {
			err = fmt.Errorf("cannot start a process in new namespaces: %w", err)
		}
		return false, status, err
	case ready:
		return true, 0, nil
	case fresh:
		status, err := runInit()
		return false, status, err
	default:
		return false, 0, errors.New(mark)
	}
}

// quickExits shortens the second that every race-enabled process sleeps before it exits, for all children of this
// one: a live test may start many (GORACE in the race detector's manual).
func quickExits() error {
	if os.Getenv("GORACE") != "" {
		return nil
	}
	return os.Setenv("GORACE", "atexit_sleep_ms=50")
}

// Require skips a live test under -short, and where there are no namespaces. With CI=true in the environment the
// latter is a failure instead: a run that silently tested nothing would look like one that passed.
func Require(t testing.TB) {
	t.Helper()
	switch mark := os.Getenv(markEnv); mark {
	case ready:
	case short:
		t.Skip("a live test, which -short leaves out")
	case "", fresh:
		impossible(t, "TestMain of this package does not call lab.Main")
	default:
		impossible(t, mark)
	}
}

// keepMainThread keeps tests off the main thread. A test may end its thread in another namespace (Namespace), but
// the main thread cannot end before the process does, and /proc/PID shows the namespaces of the main thread.
func keepMainThread() {
	release := make(chan struct{})
	defer close(release)
	for found := make(chan bool); ; {
		go func() {
			runtime.LockOSThread()
			isMain := unix.Gettid() == unix.Getpid()
			found <- isMain
			if isMain {
				select {}
			}
			<-release // occupy this thread, so that the next goroutine gets another one
			runtime.UnlockOSThread()
		}()
		if <-found {
			return
		}
	}
}
