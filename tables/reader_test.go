package tables_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"netql/query"
	"netql/sources"
	"netql/sources/lab"
)

// readerEnv holds a query: it makes a process of this test binary a program that answers it, and exits.
const readerEnv = "NETQL_TABLES_READER"

// readAsUser prints the answer's rows as lines, then its warnings.
func readAsUser(text string) (status int) {
	a, err := run(context.Background(), sources.Live(), query.Compile, text)
	a.takeUnreadable()
	if err := errors.Join(err, a.err); err != nil {
		fmt.Println(err)
		return 1
	}
	for _, line := range lines(a.rows) {
		fmt.Printf("%q\n", line)
	}
	for _, warning := range a.warnings {
		fmt.Println("warning:", warning)
	}
	return 0
}

// unprivileged asks as an ordinary user.
func unprivileged(t *testing.T, text string) (rows, warnings []string) {
	t.Helper()
	cmd := lab.Unprivileged(t, os.Args[0])
	cmd.Env = append(cmd.Env, readerEnv+"="+text)
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		t.Fatalf("%s: %v\n%s%s", text, err, out, exit.Stderr)
	} else if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSuffix(line, "\n")
		if warning, ok := strings.CutPrefix(line, "warning: "); ok {
			warnings = append(warnings, warning)
			continue
		}
		text, err := strconv.Unquote(line)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		rows = append(rows, text)
	}
	return rows, warnings
}
