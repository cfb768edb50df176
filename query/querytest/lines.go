package querytest

import (
	"os"
	"strings"
	"testing"
)

// Lines holds a file of lines to what they become. Below each line, indented by two blanks, stands its outcome, whose
// last line ends, too; empty lines and those that begin with # are left as they are. With update it writes the file
// anew; otherwise it names the command that does, again. n is how many lines have an outcome.
func Lines(t *testing.T, file string, update bool, again string, outcome func(line string) string) (n int) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		if strings.HasPrefix(line, "  ") {
			continue
		}
		b.WriteString(line + "\n")
		if line != "" && line[0] != '#' {
			n++
			b.WriteString(outcome(line))
		}
	}
	if update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return n
	}
	got, want := strings.Split(b.String(), "\n"), strings.Split(string(text), "\n")
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("%s, line %d:\n%s\nand not\n%s\n(%s)", file, i+1, got[i], want[i], again)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s has %d lines, and not %d (%s)", file, len(want), len(got), again)
	}
	return n
}
