package shell

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestEndingsOverHosts: whatever ends a query over hosts that goes through a pager or into a file, the programs that
// reach hosts end with it, the terminal is as before, and of the file there is no half.
func TestEndingsOverHosts(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, line string
		signal     syscall.Signal // that ends netql; 0 for Ctrl-C, which ends the query
	}{
		{"pager", "many", syscall.SIGTERM},
		{"pager", "many", syscall.SIGHUP},
		{"pager", "many", 0},
		{"export", "export OUT/out.csv many", syscall.SIGTERM},
		{"export", "export OUT/out.csv many", syscall.SIGHUP},
		{"export", "export OUT/out.csv many", 0},
		{"watch", "export OUT/out.csv numbers | watch 10ms", syscall.SIGTERM},
	} {
		t.Run(fmt.Sprint(test.name, int(test.signal)), func(t *testing.T) {
			t.Parallel()
			endOverHosts(t, test.line, test.signal)
		})
	}
}

// endOverHosts types a line and ends it when it is under way.
func endOverHosts(t *testing.T, line string, signal syscall.Signal) {
	directory, out := t.TempDir(), t.TempDir()
	samples := strings.Contains(line, "watch") // those that were written are the answer
	reach := filepath.Join(directory, "reach")
	script := fmt.Sprintf("#!/bin/sh\necho $$ > %[1]s/new\nmv %[1]s/new %[1]s/$1\nfakeql answer\nsleep 1000\n",
		directory)
	if err := os.WriteFile(reach, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	term := onTerminal(t, t.TempDir(), []string{"NETQL_PAGER=stty -echo; head -n 5; echo paging; exec sleep 1000"},
		"fakeql", "--hosts", "a", "--via", reach+" {}")
	term.expect("netql 1 host> ")
	term.typed(expandOut(line, out) + enter)
	if line == expandOut(line, out) {
		term.expect("paging")
	} else {
		waitUntil(t, func() bool {
			found, err := filepath.Glob(filepath.Join(out, ".netql-*"))
			return err == nil && len(found) == 1
		})
		waitUntil(t, func() bool { _, err := os.Stat(filepath.Join(directory, "a")); return err == nil })
	}
	pid := pidIn(t, filepath.Join(directory, "a"))
	if signal != 0 {
		term.killed(signal)
	} else {
		term.typed("\x03")
		term.expect("netql 1 host> ")
	}
	waitUntil(t, func() bool { return errors.Is(syscall.Kill(-pid, 0), syscall.ESRCH) })
	if signal == 0 { // the file is gone when the line has ended, and that may be a moment later
		term.leaves()
		term.asBefore()
	}
	left, err := os.ReadDir(out)
	if whole := len(left) == 1 && left[0].Name() == "out.csv"; err != nil || len(left) > 0 && !(samples && whole) {
		t.Errorf("%v, %v", left, err)
	}
}

// expandOut puts a directory in the place of OUT.
func expandOut(line, directory string) string { return strings.ReplaceAll(line, "OUT", directory) }
