package shell

import (
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"netql/sources/lab"
)

// TestMain lets the test binary be the program, over the real tables (netql, also called netstat) and over made-up
// ones (fakeql).
func TestMain(m *testing.M) {
	lab.Role()
	testscript.Main(lab.M{M: m}, map[string]func(){
		"netql":      func() { os.Exit(Main(os.Args, os.Stdin, os.Stdout, os.Stderr)) },
		"netstat":    func() { os.Exit(Main(os.Args, os.Stdin, os.Stdout, os.Stderr)) },
		"badql":      func() { os.Exit(badMain(os.Args, os.Stdin, os.Stdout)) },
		"otherhost":  func() { os.Exit(otherHost(os.Args)) },
		"otherclock": func() { os.Exit(otherClock(os.Args, os.Stdin, os.Stdout)) },
		"fakeql":     func() { os.Exit(fakeMain(os.Args, os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the program as a whole, over made-up tables. The scripts have one command of ours: "status N
// command args..." runs the command and wants the exit status N.
func TestScripts(t *testing.T) { runScripts(t, "testdata/script") }

// TestLiveScripts runs the program as a whole on the real kernel, in a namespace without a socket.
func TestLiveScripts(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) { runScripts(t, "testdata/live") })
}

func runScripts(t *testing.T, dir string) {
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		RequireExplicitExec: true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"status": wantStatus},
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			return nil
		},
	})
}

func wantStatus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: status N command args...")
	}
	got := 0
	var exit *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("status %d, want %s", got, args[0])
	}
}

// TestWarningsOfEvents: what is lost while events come is told at once, and once.
func TestWarningsOfEvents(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		option string
		status int
	}{{"--no-header", done}, {"--strict", partial}} {
		cmd := exec.Command("fakeql", "--format", "csv", "--no-header", c.option,
			"happenings | follow | select event, n")
		both, err := cmd.CombinedOutput()
		if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		status := cmd.ProcessState.ExitCode()
		if want := "new,1\nwarning: some were lost\ngone,2\n"; string(both) != want || status != c.status {
			t.Errorf("%s: %q, status %d", c.option, both, status)
		}
	}
}
