package shell

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"netql/shell/render"
)

// TestTab: what is certain is typed, and what is not is listed above the line.
func TestTab(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	os.WriteFile(filepath.Join(term.home, "my file.csv"), nil, 0o600)
	for _, test := range []struct{ typed, shown string }{
		{"numb" + tab + "n == 1", "numbers n == 1"},
		{"numbers | wh" + tab + "n == 2", "numbers | where n == 2"},
		{"numbers | sel" + tab + "n, te" + tab, "numbers | select n, text"},
		{"numbers | " + tab, "where CONDITION"},
		{"numbers | select n, size | where " + tab, "n     int:"},
		{"numbers n == " + tab, "1\r\n2\r\n3\r\n4\r\n5\r\n"},
		{"hostile text == " + tab + tab, `"\u202etxt.exe"`},
		{`hostile text == "\x1` + tab, `hostile text == "\x1b[31mred\x1b[0m"`},
		{"forma" + tab + "j" + tab, "format json"},
		{"help lang" + tab, "help language"},
		{"use netns al" + tab, "use netns all"},
		{"export ~/my" + tab, "export ~/my"},
		{`export "~/my` + tab, `export "~/my file.csv" `},
		{"nothing" + tab, "nothing"},
		{tab, "hundred"},
	} {
		term.typed(test.typed)
		shown := term.expect(test.shown)
		for _, evil := range []string{"\x1b[31m", "\u202e", "\x9b"} {
			if strings.Contains(shown, evil) {
				t.Errorf("%q shows %q", test.typed, shown)
			}
		}
		term.typed(ctrlC)
		term.expect("^C")
		term.expect(firstPrompt)
	}
	// In the next line the lines before count.
	term.typed("numbers (n == 1 or" + enter)
	term.expect(nextPrompt)
	term.asks("te"+tab+" == nil)", "5  5 MiB  -\r\n")
	term.leaves()
}

// TestTabPages: Tab in the same line shows the next candidates, up to the last one and then from the first again. What
// cannot be read in a moment is told.
func TestTabPages(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	term.resizes(40, 10)
	term.typed("hundred n == " + tab)
	for _, shown := range []string{"and 52 more: Tab", "   100\r\n"} {
		term.expect(shown)
		term.expect(firstPrompt + "hundred n == ")
		term.typed(tab)
	}
	term.expect("and 52 more: Tab")
	term.typed("\x15many n == " + tab)
	term.expect("(of the first 1000 rows)\r\n")
	term.typed(ctrlC)
	term.expect(firstPrompt)
	term.leaves()
	term = atPrompt(t, hurried+"=1")
	term.typed("slow n == " + tab)
	term.expect("(too slow here)\r\n")
	term.typed(ctrlC)
	term.expect(firstPrompt)
	term.leaves()
}

// TestTabAnywhere: no terminal is too narrow for a list.
func TestTabAnywhere(t *testing.T) {
	t.Parallel()
	for _, columns := range []int{1, 2, 8, 20, 300} {
		term := onTerminal(t, t.TempDir(), nil, "sh", "-c", "read line; exec fakeql")
		term.resizes(columns, 10)
		term.typed(enter)
		term.awaitKeys()
		term.typed("numbers | " + tab + tab + "\x15hostile text == " + tab + tab + "\x15numbers n == 3" + enter)
		term.expect("3 MiB")
		term.leaves()
	}
}

// TestChoices: lists keep to the screen.
func TestChoices(t *testing.T) {
	t.Parallel()
	for n := range 40 {
		var list []render.Choice
		for i := range n {
			list = append(list, render.Choice{Text: fmt.Sprintf("choice_%d 世界", i), Doc: "what it is about"})
		}
		for width := 1; width < 120; width += 3 {
			for height := 1; height < 30; height += 4 {
				lines := render.Choices(list, width, height)
				if len(lines) > height || n > 0 && len(lines) == 0 {
					t.Fatalf("%d choices in %dx%d: %d lines", n, width, height, len(lines))
				}
				for _, line := range lines {
					if render.Width(line) > max(1, width-1) {
						t.Fatalf("%d columns: %q", width, line)
					}
				}
				if text := strings.Join(lines, " "); width > 20 && n > 0 && n <= height &&
					!strings.Contains(text, fmt.Sprintf("choice_%d 世界", n-1)) {
					t.Errorf("the last is missing: %q", text)
				}
			}
		}
	}
}
