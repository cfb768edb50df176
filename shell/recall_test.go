package shell

import (
	"os"
	"path/filepath"
	"testing"
)

func TestRecall(t *testing.T) {
	entries := []string{"sockets", "routes", "sockets | limit 1", "routes", "sockets | count", "sockets | count"}
	for _, test := range []struct {
		line  string
		steps []int
		want  []string // "" for no entry
	}{
		{"", []int{-1, -1, -1, 1, 1, 1}, []string{"sockets | count", "routes", "sockets | limit 1", "routes",
			"sockets | count", "-"}},
		{"so", []int{-1, -1, -1, -1, 1, 1, 1, 1}, []string{"sockets | count", "sockets | limit 1", "sockets", "",
			"sockets | limit 1", "sockets | count", "so", ""}},
		{"links", []int{-1, 1}, []string{"", ""}},
		{"sockets | limit 1", []int{1}, []string{"routes"}},
	} {
		r, line := recall{entries: entries, at: len(entries)}, test.line
		for i, by := range test.steps {
			got, ok := r.step(line, by, false)
			if ok {
				line = got
			}
			if want := test.want[i]; want == "-" && (!ok || got != "") ||
				want != "-" && (got != want || ok != (want != "")) {
				t.Errorf("%q, step %d: %q, %t; want %q", test.line, i, got, ok, want)
			}
		}
	}
}

// TestPrefix: the arrows go through the entries that begin with what is typed, and back to that.
func TestPrefix(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	for _, test := range []struct{ entry, shown string }{
		{"numbers n == 1", "1  1 MiB"}, {"schema numbers", "text  text"}, {"numbers n == 2", "2  2 MiB"},
	} {
		term.asks(test.entry, test.shown)
	}
	term.typed("sc" + arrowUp)
	term.expect(firstPrompt + "schema numbers")
	term.typed("\x1b[B")
	term.expect(firstPrompt + "sc")
	term.asks("\x15num"+arrowUp+arrowUp+"1", "numbers n == 11\r\n")
	// Behind a search, from what was found.
	term.typed("\x12schema" + arrowUp + enter)
	term.expect("numbers n == 1\r\n")
	term.expect("1  1 MiB")
	term.leaves()
}

// TestEditor: an entry is edited by $VISUAL, else $EDITOR, and Enter runs it.
func TestEditor(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	editor := filepath.Join(dir, "my editor")
	script := "#!/bin/sh\ntest \"$1\" = -x || exit 3\nsed -i 's/1$/2\\n# or\\n or n == 3/' \"$2\"\n"
	if err := os.WriteFile(editor, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	term := atPrompt(t, "VISUAL='"+editor+"' -x", "EDITOR=false", "TMPDIR="+dir)
	term.typed("numbers n == 1\x18\x05")
	term.expect("numbers n == 2 or n == 3")
	term.asks("1", "2  2 MiB")
	term.typed("\\e" + enter)
	term.expect("numbers n == 2 or n == 32 or n == 3")
	term.typed(enter)
	term.expect("3  3 MiB")
	term.expect(firstPrompt)
	term.typed("numbers (" + enter)
	term.expect(nextPrompt)
	term.typed("n == 1\x18\x05")
	term.expect("numbers ( n == 2 or n == 3")
	term.typed(")\\e" + enter)
	term.expect("numbers ( n == 2 or n == 3)")
	term.typed(enter)
	term.expect("3  3 MiB")
	term.expect(firstPrompt)
	term.leaves()
	if left, _ := filepath.Glob(filepath.Join(dir, "*.nq")); len(left) > 0 {
		t.Errorf("left: %q", left)
	}

	term = atPrompt(t, "VISUAL=", "EDITOR=false")
	term.typed("numbers n == 3\\e" + enter)
	term.expect("error: the entry is left as it was: false: exit status 1\r\n")
	term.expect("numbers n == 3")
	term.typed(enter)
	term.expect("3  3 MiB")
	term.leaves()
}
