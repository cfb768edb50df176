package lab

import (
	"flag"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// isolateEnv names the test that a process was started for.
const isolateEnv = "NETQL_LAB_TEST"

// Isolate runs f in a process of its own, in an empty network namespace where lo is up, and takes its result over. No
// other process is to be seen there but its first, whose child it is, nor a name under /run/netns, nor another cgroup.
// The process is this test binary, told to run this test only: what the test does before it calls Isolate happens
// there too, and should be nothing.
func Isolate(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	Require(t)
	if name := os.Getenv(isolateEnv); name == t.Name() || strings.HasPrefix(name, t.Name()+"/") {
		t.Cleanup(tearDown) // after its parallel subtests
		f(t)
		return
	}
	t.Parallel()
	output, err := runAlone(t)
	switch verdict := verdictOf(t.Name(), output); {
	case err == nil && verdict == "PASS":
		t.Logf("in its own namespace:\n%s", output)
	case err == nil && verdict == "SKIP":
		t.Skipf("in its own namespace:\n%s", output)
	case err == nil:
		t.Fatalf("the process in its own namespace did not run this test:\n%s", output)
	default:
		t.Fatalf("in its own namespace: %v\n%s", err, output)
	}
}

// runAlone runs the named test in its own process and returns everything that it printed.
func runAlone(t *testing.T) ([]byte, error) {
	exe, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(t.Context(), exe)
	cmd.Args = append([]string{os.Args[0], "-test.v=true", "-test.run=" + pattern(t.Name())}, passedFlags()...)
	if deadline, ok := t.Deadline(); ok { // it fails first, so that its goroutines are shown and not ours
		cmd.Args = append(cmd.Args, "-test.timeout="+(time.Until(deadline)*9/10).String())
	}
	defer enterNamespaces(cmd)()
	cmd.Env = append(cmd.Env, isolateEnv+"="+t.Name())
	runtime.LockOSThread() // the parent whose death is meant is a thread
	defer runtime.UnlockOSThread()
	return cmd.CombinedOutput()
}

// passedFlags are the flags of this run that mean the same for one test alone: all of the package's own, and few of
// package testing's. Those that name an output file are not among them, but the coverage counters of all processes
// meet in test.gocoverdir.
func passedFlags() (args []string) {
	flag.Visit(func(f *flag.Flag) {
		shared := []string{"test.short", "test.gocoverdir", "test.fullpath", "test.parallel", "test.paniconexit0"}
		if !strings.HasPrefix(f.Name, "test.") || slices.Contains(shared, f.Name) {
			args = append(args, "-"+f.Name+"="+f.Value.String())
		}
	})
	return args
}

// pattern is the -test.run pattern that matches one test, with its parents.
func pattern(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = "^" + regexp.QuoteMeta(part) + "$"
	}
	return strings.Join(parts, "/")
}

// verdictOf finds PASS, FAIL or SKIP of a test in verbose output; it is empty if the test did not run.
func verdictOf(name string, output []byte) string {
	line := regexp.MustCompile(`(?m)^\s*--- (PASS|FAIL|SKIP): ` + regexp.QuoteMeta(name) + ` \(`)
	if found := line.FindSubmatch(output); found != nil {
		return string(found[1])
	}
	return ""
}
