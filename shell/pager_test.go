package shell

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestPager: what is longer than the screen goes through the pager, and nothing else does.
func TestPager(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		environment []string
		typed       string
		shown       string
		paged       bool
	}{
		{[]string{"NETQL_PAGER=sed s/^/P:/"}, "hundred", "P:100  100 MiB  -\r\n", true},
		{[]string{"NETQL_PAGER=sed s/^/P:/"}, "numbers", "5  5 MiB  -\r\n", false},
		{[]string{"NETQL_PAGER=sed s/^/P:/"}, "hundred | limit 22", "22  22 MiB  -\r\n", false},
		{[]string{"NETQL_PAGER=sed s/^/P:/"}, "hundred | limit 23", "23  23 MiB  -\r\n", true},
		{[]string{"NETQL_PAGER=sed s/^/P:/"}, "help functions", "P:  count(x)", true},
		{[]string{"LESS=", "NETQL_PAGER=cat >/dev/null; echo P:$LESS"}, "help functions", "P:FRX\r\n", true},
		{[]string{"LESS=", "NETQL_PAGER=cat >/dev/null; echo P:$LESS"}, "hundred", "P:FRSX\r\n", true},
		{[]string{"LESS=-R", "NETQL_PAGER=cat >/dev/null; echo P:$LESS"}, "hundred", "P:-R\r\n", true},
		{[]string{"NETQL_PAGER=sed s/^/P:/", "PAGER=false"}, "hundred", "P:100  100 MiB  -\r\n", true},
		{[]string{"NETQL_PAGER=", "PAGER=sed s/^/P:/"}, "hundred", "100  100 MiB  -\r\n", false},
		{[]string{"NETQL_PAGER=nosuchpager -x"}, "hundred", "100  100 MiB  -\r\n", false},
		{[]string{"NETQL_PAGER=sed s/^/P:/", "TERM=dumb"}, "hundred", "100  100 MiB  -\r\n", false},
		{[]string{"NETQL_PAGER=false"}, "hundred", "", false},
		{[]string{"NETQL_PAGER=sed 3q"}, "many", "   2     2 MiB  -\r\n", false}, // ends a query without an end
		{[]string{"NETQL_PAGER=sed 3q"}, "many | where n < 2100", "   2     2 MiB  -\r\n", false},
	} {
		term := atPrompt(t, test.environment...)
		term.typed(test.typed + enter)
		term.expect(test.typed + "\r\n")
		shown := term.expect(test.shown)
		if strings.Contains(shown, "P:") != test.paged {
			t.Errorf("%q, %s: %q", test.environment, test.typed, shown)
		}
		if shown += term.expect(firstPrompt); strings.Contains(shown, "error") ||
			strings.Count(shown, "nosuchpager") != strings.Count(test.environment[0], "nosuchpager") {
			t.Errorf("%q, %s: %q", test.environment, test.typed, shown)
		}
		term.typed("numbers n == 3" + enter)
		term.expect("3  3 MiB  -\r\n")
	}
}

// TestPagerHeading: a less that can keep the first line on the screen is told to for tables, and no other is.
func TestPagerHeading(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{"608": "-FRSX --header=1", "590": "FRSX", "x": "FRSX"} {
		folder := t.TempDir()
		script := "#!/bin/sh\nif [ \"$1\" = --version ]; then echo less " + version +
			"; exit; fi\ncat >/dev/null; echo \"P:$LESS\"\n"
		if err := os.WriteFile(filepath.Join(folder, "less"), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
		term := atPrompt(t, "LESS=", "NETQL_PAGER="+filepath.Join(folder, "less"))
		term.typed("hundred" + enter)
		term.expect("P:" + want + "\r\n")
		term.typed("help functions" + enter)
		term.expect("P:FRX\r\n")
	}
}

// TestPagerKeepsCtrlC: it is the pager's, and ends the query, but not the program.
func TestPagerKeepsCtrlC(t *testing.T) {
	t.Parallel()
	term := atPrompt(t, `NETQL_PAGER=trap "" INT; cat | head -n 30; echo waiting; read key </dev/tty; echo left`)
	for _, query := range []string{"many", "hundred"} {
		term.typed(query + enter)
		term.expect("waiting\r\n")
		term.typed(ctrlC)
		term.typed(ctrlC)
		term.typed(enter)
		term.expect("left\r\n")
		term.expect(firstPrompt)
		term.typed("format" + enter) // the program has seen the signals when it has answered that
		term.expect("format auto\r\n")
		term.expect(firstPrompt)
	}
	term.asks("numbers n == 3", "3  3 MiB  -\r\n")
	term.leaves()
}

// TestProgress: a query that takes its time tells what it reads, and nothing of that is left.
func TestProgress(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), nil, "fakeql", "trickle | sort n desc | limit 1")
	shown := term.expect("12  12 MiB  -\r\n")
	if !regexp.MustCompile(regexp.QuoteMeta(eraseLine) +
		`reading trickle: ([5-9]|1[0-2]) rows \.\.\.`).MatchString(shown) {
		t.Errorf("no progress: %q", shown)
	}
	if !strings.HasSuffix(shown, "rows ..."+eraseLine+" n    size  text\r\n12  12 MiB  -\r\n") {
		t.Errorf("the line is left: %q", shown)
	}
	term.ends()

	term = onTerminal(t, t.TempDir(), nil, "fakeql", "slow | where n < 0 | join numbers on n")
	term.expect("reading slow")
	term.typed(ctrlC)
	if shown := term.expect("^C\r\nn  "); !strings.Contains(shown, eraseLine+"^C\r\n") {
		t.Errorf("after Ctrl-C: %q", shown)
	}
	term.diesWith(interrupted)

	for _, quiet := range [][]string{
		{"sh", "-c", "fakeql 'trickle | limit 8' 2>/dev/null"},
		{"sh", "-c", "fakeql 'trickle | limit 8' 2>&1 | cat"},
		{"env", "TERM=dumb", "fakeql", "trickle | limit 8"},
		{"fakeql", "happening | follow | limit 12"},
	} {
		term := onTerminal(t, t.TempDir(), nil, quiet...)
		status := term.wait()
		if got := <-status; got != done {
			t.Errorf("%q: status %d", quiet, got)
		}
		if shown, ok := term.shows("reading", 0); ok {
			t.Errorf("%q: %q", quiet, shown)
		}
	}
}

// TestProgressBesideData: data that goes into a file does not end the line, the end does.
func TestProgressBesideData(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), nil, "sh", "-c", "fakeql trickle >/dev/null; echo over")
	if shown := term.expect("over"); !regexp.MustCompile(`reading trickle: ([5-9]|1[0-2]) rows`).MatchString(shown) ||
		!strings.HasSuffix(shown, eraseLine+"over") {
		t.Errorf("shown %q", shown)
	}
}

// diesWith waits until the program ends with a status.
func (term *terminal) diesWith(status int) {
	term.t.Helper()
	if got := <-term.wait(); got != status {
		term.t.Errorf("status %d, want %d", got, status)
	}
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
