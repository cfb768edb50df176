package shell

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"netql/sources"
	"netql/sources/vfs/vfstest"
)

const habitsFile = "testdata/habits.txt"

// TestHabits types the lines of testdata/habits.txt at the prompt, where a query is explained and not run, and compares
// the answers. The line of each hint must be right itself.
func TestHabits(t *testing.T) {
	data, err := os.ReadFile(habitsFile)
	if err != nil {
		t.Fatal(err)
	}
	var written strings.Builder
	lines := 0
	for line := range strings.Lines(string(data)) {
		typed, want, isHabit := strings.Cut(strings.TrimSuffix(line, "\n"), " => ")
		typed = strings.TrimRight(typed, " ")
		if !isHabit || strings.HasPrefix(line, "#") {
			written.WriteString(line)
			continue
		}
		lines++
		got := habitAnswer(t, typed)
		if got != want && !*update {
			t.Errorf("%s\ngives %s\nwant  %s", typed, got, want)
		}
		fmt.Fprintf(&written, "%s => %s\n", typed, got)
	}
	if lines < 150 {
		t.Errorf("only %d lines", lines)
	}
	if *update {
		if err := os.WriteFile(habitsFile, []byte(written.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// habitAnswer is what the prompt answers to a line, as in testdata/habits.txt.
func habitAnswer(t *testing.T, typed string) string {
	t.Helper()
	if habit := explaining().habit(typed); habit.Same {
		checkHabitLine(t, typed, habit.Line)
		return "runs " + habit.Line
	}
	s := explaining()
	out, failed := s.answered(typed)
	if failed == "" {
		first, _, _ := strings.Cut(out, "\n")
		return "takes " + first
	}
	_, hint, ok := strings.Cut(failed, "\nhint: ")
	if !ok {
		return "no hint: " + failed
	}
	hint, _, _ = strings.Cut(hint, "\n")
	if s.offered == "" {
		return "says " + hint
	}
	checkHabitLine(t, typed, s.offered)
	if s.offered != hint {
		return "hint " + hint + " => " + s.offered
	}
	return "hint " + hint
}

// checkHabitLine: the line that is to be typed instead is right.
func checkHabitLine(t *testing.T, typed, line string) {
	t.Helper()
	if strings.HasPrefix(line, "use ") {
		return // there is no system here that has a namespace
	}
	if command, ok := strings.CutPrefix(line, shellWord+" netql "); ok {
		line, _, _ = strings.Cut(command, " | ") // what follows is the shell's
	}
	if _, failed := explaining().answered(line); failed != "" {
		t.Errorf("%s: the hint is to type %s, and that is answered with:\n%s", typed, line, failed)
	}
}

// explaining is a prompt over the real tables and a machine without files, which explains queries.
func explaining() *session {
	s := newSession(strings.NewReader(""), &bytes.Buffer{}, &bytes.Buffer{})
	o, _, err := parseArguments([]string{"--explain"})
	if err != nil {
		panic(err)
	}
	*s.options = o
	s.use(&sources.System{Files: vfstest.Files{}})
	s.past, s.atPrompt = &history{}, true
	return s
}

// answered runs an entry of the prompt, and gives what it writes.
func (s *session) answered(text string) (out, failed string) {
	var stdout, stderr bytes.Buffer
	s.out, s.err = &stdout, &stderr
	s.runEntry(text)
	return stdout.String(), stderr.String()
}
