package shell

import (
	"strings"
	"testing"
)

// TestTerminalSafety: on a terminal no format lets a control character of a value through, and auto is a table in
// colours there, unless the environment wants none.
func TestTerminalSafety(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		environment, command string
		has, lacks           []string
	}{
		{"TERM=xterm", "--format csv --no-header 'hostile | select text'",
			[]string{`\x1b[31mred`, `\u202etxt`}, []string{"\x1b", "\u202e"}},
		{"TERM=xterm", "--format tsv --no-header 'hostile | select text'",
			[]string{`\x1b[31mred`, `\u202etxt`}, []string{"\x1b", "\u202e"}},
		{"TERM=xterm", "--format json 'hostile | select text'",
			[]string{`\u001b[31mred`, `\u202etxt`}, []string{"\x1b", "\u202e"}},
		{"NO_COLOR=", "'numbers | limit 1'", []string{"\x1b[1mn\x1b[0m", "1 MiB"}, nil},
		{"NO_COLOR=1", "'numbers | limit 1'", []string{"1 MiB"}, []string{"\x1b"}},
		{"NO_COLOR= TERM=dumb", "'numbers | limit 1'", []string{"1 MiB"}, []string{"\x1b"}},
		{"NO_COLOR= TERM=dumb", "--color always 'numbers | limit 1'", []string{"\x1b[1mn\x1b[0m"}, nil},
	} {
		// The shell waits for a key, because a terminal whose first process ends may drop what it has not shown.
		term := onTerminal(t, t.TempDir(), strings.Fields(test.environment), "sh", "-c",
			"fakeql "+test.command+"; printf over; read key")
		shown := term.expect("over")
		for _, text := range test.has {
			if !strings.Contains(shown, text) {
				t.Errorf("%s: %q is not in %q", test.command, text, shown)
			}
		}
		for _, text := range test.lacks {
			if strings.Contains(shown, text) {
				t.Errorf("%s: %q is in %q", test.command, text, shown)
			}
		}
		term.typed(enter)
		term.ends()
	}
}
