package shell

import (
	"syscall"
	"testing"
)

// TestKilledAtPrompt: a signal that ends the program while a line is typed gives the terminal back first.
func TestKilledAtPrompt(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			term := atPrompt(t)
			term.typed("numbers n == 3" + enter)
			term.expect("3 MiB")
			term.expect(firstPrompt)
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
	if !term.killedBy(signal) {
		term.t.Errorf("it ended with %v", term.cmd.ProcessState)
	}
	term.asBefore()
}

// TestBugAtTab: a bug in what completion reads costs the completion, and not the prompt.
func TestBugAtTab(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	term.typed("faulty n == " + tab)
	term.expect("error: completion failed: a bug")
	term.typed("\x15numbers n == 3" + enter)
	term.expect("3 MiB")
	term.expect(firstPrompt)
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
