package shell

import (
	"strings"
	"testing"
)

func TestPromptText(t *testing.T) {
	for _, test := range []struct {
		name   string
		window int
		want   string
	}{
		{"", 80, "netql> "},
		{"web1", 80, "netql web1> "},
		{"old.nq 03:12", 80, "netql old.nq 03:12> "},
		{"old.nq 03:12", 40, "netql> "},
		{"a\x1b[2J", 80, `netql a\x1b[2J> `},
		{strings.Repeat("x", 50), 100, "netql " + strings.Repeat("x", 29) + "…> "},
	} {
		if got := (&target{name: test.name}).promptText(test.window); got != test.want {
			t.Errorf("%q in %d columns: %q", test.name, test.window, got)
		}
	}
}

// TestFirstLine: who has never been at the prompt is told how to begin, once.
func TestFirstLine(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	term := onTerminal(t, home, nil, "fakeql")
	term.expect("note: type help to see how to begin")
	term.expect(firstPrompt)
	term.asks("numbers n == 3", "3 MiB")
	term.leaves()
	term = onTerminal(t, home, nil, "fakeql")
	if shown := term.expect(firstPrompt); strings.Contains(shown, "help") {
		t.Errorf("shown again: %q", shown)
	}
	term.leaves()
}
