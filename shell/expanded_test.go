package shell

import (
	"strings"
	"testing"
)

// TestExpanded: an ending of psql or mysql shows one answer as records, and \x alone all of them.
func TestExpanded(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	const record = "row 1\r\n  n     2\r\n  size  2 MiB\r\n"
	for _, ending := range []string{` \G`, `\G`, ` \x`, `\G;`} {
		term.asks("numbers n == 2"+ending, record)
	}
	term.asks("numbers n == 2", "2  2 MiB  -\r\n")
	term.typed(`\x` + enter)
	term.expect("format record\r\n")
	term.typed("numbers n == 2" + enter)
	term.expect(record)
	term.typed(`\x` + enter)
	term.expect("format auto\r\n")
	term.typed(`numbers text == '\\x'` + enter)
	if shown := term.expect("n  size  text"); strings.Contains(shown, "row 1") {
		t.Errorf("an ending in quotes counts: %q", shown)
	}
	term.expect(firstPrompt)
	term.leaves()
}
