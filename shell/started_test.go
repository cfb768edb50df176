package shell

import (
	"io"
	"os/exec"
	"strings"
	"testing"
)

// started starts a program whose output is read as it comes. What it writes to stderr is complete when it has ended. It
// does not outlive the test.
func started(t *testing.T, cmd *exec.Cmd) (out io.ReadCloser, messages *strings.Builder) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	messages = &strings.Builder{}
	cmd.Stderr = messages
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	return out, messages
}
