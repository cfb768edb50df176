package shell

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestInterrupt: SIGINT ends a query; what was found is printed, whole, and the status says it.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ format, last string }{{"csv", ""}, {"json", "]"}, {"ndjson", ""}} {
		t.Run(test.format, func(t *testing.T) {
			cmd := exec.Command("fakeql", "--format", test.format, "slow | select n")
			stdout, messages := started(t, cmd)
			lines := bufio.NewScanner(stdout)
			for range 3 {
				lines.Scan()
			}
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			last := lines.Text()
			for lines.Scan() {
				last = lines.Text()
			}
			cmd.Wait()
			if got := cmd.ProcessState.ExitCode(); got != interrupted {
				t.Errorf("status %d, want %d", got, interrupted)
			}
			if test.last != "" && last != test.last {
				t.Errorf("the output ends with %q", last)
			}
			if messages.Len() > 0 {
				t.Errorf("messages: %s", messages.String())
			}
		})
	}
}

// TestOutOfTime: a time limit ends a query; what was found is printed in every format, with a warning.
func TestOutOfTime(t *testing.T) {
	t.Parallel()
	for format, first := range map[string]string{"csv": "n\n1\n", "table": "n\n1\n", "json": "[\n{\"n\":1}"} {
		var got outcome
		if !inTime(80*time.Millisecond, func(within string) bool {
			got = outcomeOf(t, exec.Command("fakeql", "--timeout", within, "--format", format, "slow | select n"))
			return strings.HasPrefix(got.stdout, first) && got.status == timedOut &&
				got.stderr == "warning: stopped after "+within+": the answer is not complete\n"
		}) {
			t.Errorf("%s: %+v", format, got)
		}
	}
}

// TestInterruptBatch: SIGINT ends the query that runs, and the ones after it are not begun.
func TestInterruptBatch(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("fakeql", "--format", "csv", "--no-header")
	cmd.Stdin = strings.NewReader("slow | select n\nnumbers | select wrong = 'not begun'\n")
	stdout, _ := started(t, cmd)
	lines := bufio.NewScanner(stdout)
	lines.Scan()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
		if lines.Text() == "not begun" {
			t.Error("the next query was begun")
		}
	}
	cmd.Wait()
	if got := cmd.ProcessState.ExitCode(); got != interrupted {
		t.Errorf("status %d, want %d", got, interrupted)
	}
}
