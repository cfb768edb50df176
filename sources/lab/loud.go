package lab

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// impossible skips a test for a reason that lies in the machine, and fails it with CI=true in the environment.
func impossible(t testing.TB, reason string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("impossible here: %s", reason)
	}
	if os.Getenv(markEnv) == ready { // else Main has told it once for all
		shout(t.Name() + " NOT RUN: " + reason)
	}
	t.Skipf("NOT RUN: %s", reason)
}

// Cannot skips a test for want of a right that no namespace gives, and tells the person at the terminal.
func Cannot(t testing.TB, reason string) {
	t.Helper()
	shout(t.Name() + " NOT RUN: " + reason)
	t.Skipf("NOT RUN: %s", reason)
}

// shout tells the person at the terminal something about this package's tests. `go test ./...` shows nothing of what a
// test that passes or is skipped prints, so it goes there directly; where there is no terminal, to standard error.
func shout(text string) {
	line := fmt.Sprintf("%s: %s\n", strings.TrimSuffix(filepath.Base(os.Args[0]), ".test"), text)
	terminal, err := os.OpenFile("/dev/tty", os.O_WRONLY, 0)
	if err != nil {
		os.Stderr.WriteString(line)
		return
	}
	defer terminal.Close()
	terminal.WriteString(line)
}
