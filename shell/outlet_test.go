package shell

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestUnreadOutput: a query that writes to somebody who does not read ends by its time-out and by Ctrl-C nevertheless.
func TestUnreadOutput(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args   []string
		signal os.Signal
		status int
		told   string
	}{
		"a time-out":        {[]string{"--timeout", "300ms", "many"}, nil, timedOut, "stopped after 300ms"},
		"Ctrl-C":            {[]string{"many"}, os.Interrupt, interrupted, "interrupted"},
		"samples":           {[]string{"many | limit 5000 | watch 1s"}, os.Interrupt, interrupted, "interrupted"},
		"several":           {[]string{"--format", "json", "many"}, os.Interrupt, interrupted, "interrupted"},
		"a silent time-out": {[]string{"--timeout", "300ms", "many"}, nil, timedOut, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, in, err := os.Pipe()
			if err != nil {
				t.Fatal(err)
			}
			defer out.Close()
			defer in.Close()
			cmd := exec.Command("fakeql", test.args...)
			var messages strings.Builder
			if cmd.Stdout, cmd.Stderr = in, &messages; test.told == "" {
				cmd.Stderr = in // which nobody reads, either
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			defer cmd.Process.Kill()
			if test.signal != nil {
				waitFull(t, in)
				cmd.Process.Signal(test.signal)
			}
			ended := make(chan struct{})
			go func() { cmd.Wait(); close(ended) }()
			select {
			case <-ended:
			case <-time.After(patience):
				t.Fatal("it does not end")
			}
			if got := cmd.ProcessState.ExitCode(); got != test.status {
				t.Errorf("%v, want status %d", cmd.ProcessState, test.status)
			}
			if !strings.Contains(messages.String(), test.told) || strings.Count(messages.String(), "\n") > 1 {
				t.Errorf("it said %q", messages.String())
			}
		})
	}
}

// waitFull waits until a pipe takes no more.
func waitFull(t *testing.T, in *os.File) {
	t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
		fds := []unix.PollFd{{Fd: int32(in.Fd()), Events: unix.POLLOUT}}
		if n, err := unix.Poll(fds, 0); err == nil && n == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("the pipe does not fill")
		}
	}
}

// TestReaderGone: what waits for something to happen ends well when its reader has gone, and not only when it happens.
func TestReaderGone(t *testing.T) {
	t.Parallel()
	for _, query := range []string{"moving | watch 1h", "silent | follow"} {
		cmd := exec.Command("fakeql", "--format", "csv", query)
		out, messages := started(t, cmd)
		if _, err := out.Read(make([]byte, 1)); err != nil { // the names of the columns
			t.Fatal(err)
		}
		out.Close()
		timer := time.AfterFunc(patience, func() { cmd.Process.Kill() })
		cmd.Wait()
		timer.Stop()
		if got := cmd.ProcessState.ExitCode(); got != done || messages.Len() > 0 {
			t.Errorf("%s: %v, %q", query, cmd.ProcessState, messages.String())
		}
	}
}

// TestExportKilled: an export that a signal ends leaves the file as it was, and no other.
func TestExportKilled(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT} {
		term := atPrompt(t)
		path := filepath.Join(term.home, "out.csv")
		if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
			t.Fatal(err)
		}
		term.typed("export ~/out.csv slow" + enter)
		for deadline := time.Now().Add(patience); ; time.Sleep(5 * time.Millisecond) {
			if begun, _ := filepath.Glob(term.home + "/.netql-*"); len(begun) > 0 {
				break
			}
			if time.Now().After(deadline) {
				t.Fatal("no export has begun")
			}
		}
		term.killed(signal)
		if left, _ := filepath.Glob(term.home + "/.netql-*"); len(left) > 0 {
			t.Errorf("%v: left %v", signal, left)
		}
		if text, err := os.ReadFile(path); err != nil || string(text) != "old" {
			t.Errorf("%v: %q, %v", signal, text, err)
		}
	}
}
