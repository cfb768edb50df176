package shell

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"netql/sources/lab"
)

// TestForeignExamplesAsWritten: each line of flags in docs/netstat.md and docs/ss.md is right as it is written there.
func TestForeignExamplesAsWritten(t *testing.T) {
	lab.Need(t, "/etc/services") // of which some name ports
	line := regexp.MustCompile("(?m)^`((?:netql|netstat|ss) [^`]*)`: ")
	for _, file := range []string{"../docs/netstat.md", "../docs/ss.md"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		found := line.FindAllSubmatch(text, -1)
		if len(found) < 15 {
			t.Errorf("%s: only %d lines", file, len(found))
		}
		for _, match := range found {
			words := strings.Fields(string(match[1]))
			if words[0] == "netql" {
				words = words[1:]
			}
			if status, failed := commandLine(t, append(words, "--explain")...); status != done {
				t.Errorf("%s: %s: status %d: %s", file, match[1], status, failed)
			}
		}
	}
}

// TestQuotedEntries: a line of the prompt that begins with a word of it may be an argument of the command line.
func TestQuotedEntries(t *testing.T) {
	for _, test := range []struct{ line, failed string }{
		{"ss -tln", ""},
		{"netstat -rn", ""},
		{"explain sockets", ""},
		{"ss -tan | grep ESTAB", "a stage follows a query"},
		{"alias quoted = routes", ""},
		{"alias sockets = routes", "sockets is a table"},
		{"! true", "at the prompt alone"},
	} {
		status, failed := commandLine(t, test.line)
		if (status == done) != (test.failed == "") || !strings.Contains(failed, test.failed) {
			t.Errorf("%s: status %d, and %q", test.line, status, failed)
		}
	}
}

// TestHintsOnCommandLine: a hint holds where it is read, and on the command line no word of the prompt does.
func TestHintsOnCommandLine(t *testing.T) {
	for _, test := range []struct{ line, hint string }{
		{".mode csv", "netql --format csv"},
		{`\q`, "netql without a query is the prompt, which quit leaves; with one it ends by itself"},
		{`\d sockets`, "netql 'schema sockets'"},
		{".tables", "tables"},
		{"ip netns exec blue ss", "netql --netns blue"},
		{"get sockets -o json", "netql --format json"},
		{"sockets | json", "netql --format json 'sockets'"},
		{"ss -tn state estab", "did you mean established?"},
		{"ss -tn state listen", "did you mean listening?"},
		{"ss -tn state TIME_WAIT", "did you mean time-wait?"},
	} {
		status, failed := commandLine(t, test.line)
		if status != wrong || !strings.HasSuffix(failed, "\nhint: "+test.hint+"\n") {
			t.Errorf("%s: status %d, and %q, want the hint %q", test.line, status, failed, test.hint)
		}
	}
}

// TestOutputFlag: -o FORMAT before a query is --format, and among another program's flags an error that says so.
func TestOutputFlag(t *testing.T) {
	for _, test := range []struct{ line, failed string }{
		{"-ojson sockets --explain", ""},
		{"-o=json sockets --explain", ""},
		{"-o json sockets --explain", ""},
		{"-o yaml sockets", `--format cannot be "yaml"`},
		{"ss -tln -o json", "hint: --format json"},
		{"-an -o json", "hint: --format json"},
		{"-an sockets", "hint: no short flags go with a query: netql sockets"},
	} {
		status, failed := commandLine(t, strings.Fields(test.line)...)
		if (status == done) != (test.failed == "") || !strings.Contains(failed, test.failed) {
			t.Errorf("%s: status %d, and %q", test.line, status, failed)
		}
	}
}

// commandLine runs a command line without settings, and gives the status and what was wrong.
func commandLine(t *testing.T, args ...string) (status int, failed string) {
	t.Helper()
	command := exec.Command("netql", args...)
	var stderr strings.Builder
	command.Stderr = &stderr
	command.Env = append(os.Environ(), "XDG_CONFIG_HOME="+t.TempDir())
	var ended *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), stderr.String()
}
