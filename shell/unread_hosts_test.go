package shell

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// TestUnreadHosts: the programs that reach hosts end with a query whose rows nobody reads, also those that a signal
// does not end, and netql ends as it does where its rows are read.
func TestUnreadHosts(t *testing.T) {
	t.Parallel()
	directory, reach := stubbornReach(t)
	for _, test := range []struct {
		host, query string
		signal      syscall.Signal
		status      int // -1 for an end by the signal
	}{
		{"a", "many | select n", syscall.SIGINT, interrupted},
		{"b", "many | select n", syscall.SIGTERM, -1},
		{"c", "many | limit 10000 | watch 10ms", syscall.SIGINT, interrupted},
	} {
		t.Run(test.host, func(t *testing.T) {
			t.Parallel()
			out, in, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer out.Close()
			defer in.Close()
			cmd := exec.Command("fakeql", "--hosts", test.host, "--via", reach+" {}", "--host-timeout", "1m",
				"--format", "csv", test.query)
			cmd.Stdout = in
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			waitFull(t, in)
			if err := cmd.Process.Signal(test.signal); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // the status is looked at below
			if got := cmd.ProcessState; got.ExitCode() != test.status {
				t.Errorf("it ended with %v", got)
			}
			pid := pidIn(t, filepath.Join(directory, test.host))
			waitUntil(t, func() bool { return errors.Is(syscall.Kill(-pid, 0), syscall.ESRCH) })
		})
	}
}
