package shell

import (
	"syscall"
	"testing"

	"netql/shell/tty"
)

// TestKilledAtPrompt: a signal that ends the program while a line is typed gives the terminal back first.
func TestKilledAtPrompt(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			term := atPrompt(t)
			term.asks("numbers n == 3", "3 MiB")
			term.typed("num")
			term.expect("num")
			term.killed(signal)
		})
	}
}

// killed sends a signal, and waits until it has ended the program.
func (term *terminal) killed(signal syscall.Signal) {
	term.t.Helper()
	if err := term.cmd.Process.Signal(signal); err != nil {
		term.t.Fatal(err)
	}
	<-term.wait()
	term.diedOf(signal)
	term.asBefore()
}

// diedOf says what is wrong with how the program ended, if it is not by this signal: for SIGQUIT and SIGABRT, at which
// Go's runtime would write all stacks, the status is that by which a shell tells the signal.
func (term *terminal) diedOf(signal syscall.Signal) {
	term.t.Helper()
	quiet := signal == syscall.SIGQUIT || signal == syscall.SIGABRT
	if got := term.cmd.ProcessState; !term.killedBy(signal) && !(quiet && got.ExitCode() == 128+int(signal)) {
		term.t.Errorf("%v: it ended with %v", signal, got)
	}
	if shown, ok := term.shows("goroutine", 0); ok {
		term.t.Errorf("%v: %q", signal, shown)
	}
}

// TestKilledInPager: a signal that ends the program ends the pager as well, which has changed the terminal's modes.
func TestKilledInPager(t *testing.T) {
	t.Parallel()
	for _, signal := range tty.Endings() {
		term := atPrompt(t, "NETQL_PAGER=stty raw -echo; cat >/dev/null; echo waiting; sleep 1000; echo left")
		term.typed("hundred" + enter)
		term.expect("waiting")
		term.killed(signal.(syscall.Signal))
	}
}

// TestBugAtTab: a bug in what completion reads costs the completion, and not the prompt.
func TestBugAtTab(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	term.typed("faulty n == " + tab)
	term.expect("error: completion failed: a bug")
	term.asks("\x15numbers n == 3", "3 MiB")
	term.leaves()
	term.asBefore()
}

// TestBugInWatch: a bug in a query leaves the screen before it ends the program.
func TestBugInWatch(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), nil, "fakeql", "faulty | watch 1s")
	term.expect(secondScreen)
	term.expect(firstScreen)
	term.expect("a bug")
	<-term.wait()
	term.asBefore()
}
