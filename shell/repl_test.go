package shell

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func atPrompt(t *testing.T, environment ...string) *terminal {
	t.Helper()
	term := onTerminal(t, t.TempDir(), environment, "fakeql")
	term.expect(firstPrompt)
	return term
}

func TestPromptAnswers(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	term.asks("numbers | limit 2", "2  2 MiB  -\r\n")
	term.asks("nubmers", "hint: did you mean \"numbers\"?\r\n")
	term.asks("broken", `error: the dump was cut short\x1b[2J`)
	term.asks("guarded", "warning: no permission")
	term.asks("help", "sockets | count by state")
	term.asks(" "+enter+"# only a comment", "comment\r\n")
	term.typed("quit" + enter)
	term.ends()
	want := []string{"numbers | limit 2", "nubmers", "broken", "guarded", "help", "quit"}
	if got := term.history(); !slices.Equal(got, want) {
		t.Errorf("history %q, want %q", got, want)
	}
}

func TestPromptContinues(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	term.typed("numbers (n == 1" + enter)
	term.expect(nextPrompt)
	term.asks("or n == 5)", "5  5 MiB  -\r\n")

	// A semicolon ends a statement; several may stand in one entry.
	term.typed("numbers n == 2; schema numbers ; numbers text == ';' | count; nubmers" + enter)
	term.expect("2  2 MiB  -\r\n")
	term.expect("size  int, bytes")
	term.expect("    0\r\n")
	term.expect("hint: did you mean \"numbers\"?\r\n")
	term.expect(firstPrompt)

	// An empty line gives up and shows what is missing.
	term.typed("numbers (" + enter)
	term.expect(nextPrompt)
	term.typed(enter)
	term.expect("error: ")
	term.expect(firstPrompt)

	// So does Ctrl-C, without a word.
	term.typed("numbers (" + enter)
	term.expect(nextPrompt)
	term.typed(ctrlC)
	term.expect("^C\r\n")
	if shown := term.expect(firstPrompt); strings.Contains(shown, "error") {
		t.Errorf("Ctrl-C in the second line shows %q", shown)
	}

	// The arrow key brings all lines back as one.
	term.typed(arrowUp + arrowUp + arrowUp + enter)
	term.expect("numbers (n == 1 or n == 5)")
	term.expect("5  5 MiB  -\r\n")
	term.expect(firstPrompt)
	term.leaves()
}

func TestPromptKeys(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	// Ctrl-C clears the line and stays.
	term.typed("numbers |" + ctrlC)
	term.expect("^C\r\n")
	term.expect(firstPrompt)
	// Ctrl-Z does not stop it, NUL does not end the line, and what no key means is not typed.
	term.typed("num" + ctrlZ + nul + ctrlV + "\u202e\u009b" + "bers n == 4" + enter)
	term.expect("numbers n == 4")
	term.expect("4  4 MiB  -\r\n")
	term.expect(firstPrompt)
	// Ctrl-C during a query ends only that.
	for _, query := range []string{"many | where n < 0", "slow | where n < 0"} {
		term.typed(query + enter)
		term.expect(query + "\r\n")
		term.interrupts()
	}
	term.asks("numbers n == 3", "3  3 MiB  -\r\n")
	term.typed("exit" + enter)
	term.ends()
}

// TestInterruptBehindEnter: Ctrl-C that comes together with Enter, as from a paste, ends the query.
func TestInterruptBehindEnter(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	for _, query := range []string{"slow | where n < 0", "many | where n < 0", "happening | follow | where n < 0"} {
		for _, typed := range []string{query + enter + ctrlC, query + enter + "forgotten" + ctrlC} {
			term.typed(typed)
			term.expect(query + "\r\n")
			term.expect(firstPrompt)
		}
	}
	term.typed("numbers (" + enter + ctrlC) // ends the entry, not only its line
	term.expect("numbers (\r\n")
	if shown := term.expect(firstPrompt); strings.Contains(shown, nextPrompt) {
		t.Errorf("shown %q", shown)
	}
	term.asks("numbers n == 3", "3  3 MiB  -\r\n")
	term.leaves()
}

// TestPromptMends: a failed query can be brought back and mended, in this prompt and in the next.
func TestPromptMends(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	term := onTerminal(t, home, nil, "fakeql")
	term.expect(firstPrompt)
	term.typed("numbers n == " + enter)
	term.expect(nextPrompt)
	term.typed(enter)
	term.expect(firstPrompt)
	term.asks(arrowUp+"2", "2  2 MiB  -\r\n")
	term.leaves()

	term = onTerminal(t, home, nil, "fakeql")
	term.expect(firstPrompt)
	term.asks(arrowUp+arrowUp+"3", "3  3 MiB  -\r\n")
	term.leaves()
	want := []string{"numbers n ==", "numbers n ==2", "numbers n ==3"}
	if got := term.history(); !slices.Equal(got, want) {
		t.Errorf("history %q, want %q", got, want)
	}
}

// TestTwoPrompts: both keep what they were told, whichever was first.
func TestTwoPrompts(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	one, two := onTerminal(t, home, nil, "fakeql"), onTerminal(t, home, nil, "fakeql")
	one.expect(firstPrompt)
	two.expect(firstPrompt)
	one.typed("numbers n == 1" + enter)
	one.expect("1  1 MiB  -\r\n")
	two.typed("numbers n == 2" + enter)
	two.expect("2  2 MiB  -\r\n")
	two.typed("numbers n == 3" + enter)
	two.expect("3  3 MiB  -\r\n")
	one.typed("numbers n == 4" + enter)
	one.expect("4  4 MiB  -\r\n")
	want := []string{"numbers n == 1", "numbers n == 2", "numbers n == 3", "numbers n == 4"}
	if got := one.history(); !slices.Equal(got, want) {
		t.Errorf("history %q, want %q", got, want)
	}
}

// TestPromptWithoutHistory: a history that cannot be kept is one warning.
func TestPromptWithoutHistory(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	if err := os.WriteFile(filepath.Join(home, ".local"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	term := onTerminal(t, home, nil, "fakeql")
	term.expect("warning: no history is kept: ")
	term.expect(firstPrompt)
	term.typed("numbers n == 1" + enter)
	if shown := term.expect("1  1 MiB  -\r\n") + term.expect(firstPrompt); strings.Contains(shown, "warning") {
		t.Errorf("a second warning: %q", shown)
	}
	term.asks(arrowUp, "1  1 MiB  -\r\n")
	term.leaves()
}

// TestFullHistory: an entry for which there is no room leaves nothing behind that the next would be written after.
func TestFullHistory(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	directory := filepath.Join(home, ".local/state/netql")
	old := strings.Repeat("x", 500)
	if err := os.MkdirAll(directory, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(directory, "history"), []byte(old+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	term := onTerminal(t, home, nil, "sh", "-c", "ulimit -f 1; exec fakeql") // 512 bytes
	term.expect(firstPrompt)
	term.typed("numbers n == 3 or n == 4" + enter)
	term.expect("warning: no history is kept any more: ")
	term.expect("4  4 MiB")
	term.expect(firstPrompt)
	term.leaves()
	if got := term.history(); !slices.Equal(got, []string{old}) {
		t.Errorf("history %q", got)
	}
}

// TestDumbTerminal: where the cursor cannot be moved the terminal itself edits the lines.
func TestDumbTerminal(t *testing.T) {
	t.Parallel()
	term := atPrompt(t, "TERM=dumb")
	term.typed("numbers (n == 1" + enter)
	term.expect(nextPrompt)
	term.typed("or n == 2)" + enter)
	if shown := term.expect("2  2 MiB  -\r\n"); strings.Contains(shown, "\x1b") {
		t.Errorf("escape sequences: %q", shown)
	}
	term.expect(firstPrompt)
	term.typed("announced | where n < 0" + enter)
	term.expect("reading\r\n") // a Ctrl-C before the line is read would throw it away
	term.typed(ctrlC)
	term.expect("n  size  text\r\n" + firstPrompt)
	term.typed(ctrlD)
	term.ends()
}

// TestPromptBesideData: when the output goes into a file, the prompt is still seen, and not in the file.
func TestPromptBesideData(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	term := onTerminal(t, home, nil, "sh", "-c", `fakeql --format csv > "$HOME/out"`)
	term.expect(firstPrompt)
	term.typed("numbers n == 1" + enter)
	term.expect(firstPrompt)
	term.leaves()
	got, err := os.ReadFile(filepath.Join(home, "out"))
	if err != nil || string(got) != "n,size,text\n1,1048576,\n" {
		t.Errorf("the file has %q, %v", got, err)
	}
}

// TestClosedOutput: the prompt leaves when nobody reads its output any more.
func TestClosedOutput(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), nil, "bash", "-c", `exec 3> >(true); wait $!; exec fakeql >&3`)
	term.expect(firstPrompt)
	term.typed("numbers" + enter)
	term.ends()
}
