package shell

import (
	"slices"
	"strings"
	"testing"
)

// TestOffer: Enter on an empty line takes the line that a hint has, once, and it is in the history.
func TestOffer(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	for _, test := range []struct{ typed, hint, offer, answer string }{
		{"select n from numbers where n = 2", "hint: numbers n == 2 | select n\r\n", "      Enter takes it\r\n",
			"1 row"},
		{"numbers | slect n | limit 1", "hint: did you mean \"select\"?\r\n",
			"      Enter takes: numbers | select n | limit 1\r\n", "1 row"},
		{"explain select n from numbers", "hint: explain numbers | select n\r\n", "      Enter takes it\r\n",
			"scan numbers: made up\r\n"},
		{`\d numbers`, "hint: schema numbers\r\n", "      Enter takes it\r\n", "size  int, bytes"},
	} {
		term.typed(test.typed + enter)
		term.expect(test.hint)
		if shown := term.expect(firstPrompt); !strings.HasPrefix(shown, test.offer) {
			t.Errorf("%s: below the hint stands %q", test.typed, shown)
		}
		term.typed(enter)
		term.expect(test.answer)
		term.expect(firstPrompt)
		term.typed(enter + "numbers n == 5" + enter)
		if shown := term.expect("1 row"); !strings.Contains(shown, "5  5 MiB") {
			t.Errorf("%s: an offer was taken twice: %q", test.typed, shown)
		}
		term.expect(firstPrompt)
	}

	// Another line withdraws the offer.
	term.asks("numbres", "Enter takes: numbers\r\n")
	term.asks("format", "format auto\r\n")
	term.typed(enter)
	if shown := term.expect(firstPrompt); strings.Contains(shown, "row") {
		t.Errorf("an old offer was taken: %q", shown)
	}
	term.typed(`\q` + enter)
	term.ends()
	got := term.history()
	if len(got) < 2 || !slices.Equal(got[:2],
		[]string{"select n from numbers where n = 2", "numbers n == 2 | select n"}) {
		t.Errorf("history %q", got)
	}
}
