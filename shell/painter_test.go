package shell

import (
	"strings"
	"testing"

	"netql/shell/complete"
)

// TestPainter: the line that is typed has colours, and an earlier entry is suggested behind it, which the right arrow
// takes.
func TestPainter(t *testing.T) {
	t.Parallel()
	term := atPrompt(t, "NO_COLOR=")
	term.typed("numbers n == 2 | lim")
	term.expect(sgr("1", "numbers") + " " + sgr("36", "n") + " == " + sgr("32", "2") + " | lim")
	term.typed("its ")
	term.expect(sgr("4;31", "limits"))
	term.asks("\x7f\x7f 1", "2  2 MiB")
	term.typed("numb")
	term.expect("numb" + sgr("90", "ers n == 2 | limit 1") + "\x1b[20D")
	term.typed("\x1b[C, 3\x7f\x7f\x7f" + enter)
	term.expect(sgr("32", "1") + "\r\n")
	term.expect("2  2 MiB")
	term.expect(firstPrompt)
	term.typed("numbers (n == 3" + enter)
	term.expect(sgr("1;31", "("))
	term.expect(nextPrompt)
	term.typed("or n == 4)" + enter)
	term.expect(sgr("35", "or") + " " + sgr("36", "n"))
	term.expect("4  4 MiB")
	term.expect(firstPrompt)
	term.typed("| select n, siz ")
	term.expect(sgr("1;34", "select") + " " + sgr("36", "n") + ", " + sgr("4;31", "siz"))
	term.typed(ctrlC)
	term.expect(firstPrompt)
	term.leaves()

	term = atPrompt(t) // with NO_COLOR
	term.typed("numbers n == 2" + enter + "num" + "\x1b[Cbers n == 3" + enter)
	if shown := term.expect("3  3 MiB"); strings.Contains(shown, "\x1b[90m") || strings.Contains(shown, "\x1b[36m") {
		t.Errorf("shown %q", shown)
	}
	term.leaves()
}

// TestSuggestionFits: what is suggested stays in the row of the cursor, and what is painted has the text of the line.
func TestSuggestionFits(t *testing.T) {
	keys := &keyFilter{recall: recall{entries: []string{"numbers 世界 | limit 3"}}}
	for width := 9; width < 40; width++ {
		p := &painter{parts: func(string) []complete.Part { return nil }, keys: keys, promptWidth: 7,
			width: func() int { return width }}
		got := string(p.Paint([]rune("num"), 3))
		if room := width - 11; room > 0 && room < 18 && !strings.HasSuffix(got, "D") {
			t.Errorf("%d columns: %q", width, got)
		}
		if !strings.HasPrefix(got, "num") || width == 10 && got != "num" {
			t.Errorf("%d columns: %q", width, got)
		}
		if got := string(p.Paint([]rune("num"), 2)); got != "num" {
			t.Errorf("cursor inside: %q", got)
		}
	}
	p := &painter{parts: func(string) []complete.Part { panic("a bug") }, keys: keys}
	if got := string(p.Paint([]rune("num"), 3)); got != "num" {
		t.Errorf("after a panic: %q", got)
	}
}
