package shell

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestSummary: on a terminal a line below a table tells rows and time; elsewhere, in other formats and below an answer
// that broke off there is none, and none starts a pager.
func TestSummary(t *testing.T) {
	t.Parallel()
	line := regexp.MustCompile(`\n(\d+ rows?|no rows), [0-9.]+ (µs|ms|s)\r\n`)
	term := atPrompt(t, "NETQL_PAGER=sed s/^/P:/")
	for _, test := range []struct{ typed, want string }{
		{"numbers", "5 rows"},
		{"numbers n == 1", "1 row"},
		{"numbers n > 100", "no rows"},
		{"numbers | bars", ""}, // an error
		{"numbers | select text, n | bars", "5 rows"},
		{"hundred | limit 21", "21 rows"},
		{"hundred | limit 22", ""},
		{"hundred", ""},
		{"broken", ""},
		{"happening | follow | limit 2", "2 rows"},
		{"explain numbers", ""},
		{"format json", ""},
		{"numbers", ""},
	} {
		term.typed(test.typed + enter)
		term.expect(test.typed + "\r\n")
		found := ""
		if match := line.FindStringSubmatch("\n" + term.expect(firstPrompt)); match != nil {
			found = match[1]
		}
		if found != test.want {
			t.Errorf("%s: %q, want %q", test.typed, found, test.want)
		}
	}
	term.leaves()
	out, err := exec.Command("fakeql", "--format", "table", "numbers").Output()
	if err != nil || strings.Contains(string(out), "rows") {
		t.Errorf("%v %q", err, out)
	}
	term = onTerminal(t, t.TempDir(), []string{"NO_COLOR="}, "fakeql", "numbers")
	term.expect("\x1b[2m5 rows, ")
	term.ends()
}
