package shell

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"netql/sources/lab"
)

// window is a terminal that draws: what a person would see is asked of tmux.
type window struct {
	t            *testing.T
	socket, home string
}

// inWindow starts a shell with job control in a window of that size.
func inWindow(t *testing.T, columns, lines int) *window {
	t.Helper()
	lab.Need(t, "tmux")
	home, err := os.MkdirTemp("", "home") // what is killed at the end may still write there
	if err != nil {
		t.Fatal(err)
	}
	w := &window{t, filepath.Join(t.TempDir(), "tmux"), home}
	command := fmt.Sprintf("HOME=%s XDG_STATE_HOME= XDG_CONFIG_HOME= NETQL_PAGER= LC_ALL=C.UTF-8 PS1='$ ' "+
		"bash --norc --noprofile", home)
	w.tmux("-f", "/dev/null", "new-session", "-d", "-x", strconv.Itoa(columns), "-y", strconv.Itoa(lines), command)
	t.Cleanup(func() {
		w.tmux("kill-server")
		os.RemoveAll(home)
	})
	w.expect("$")
	return w
}

func (w *window) tmux(args ...string) string {
	w.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-u", "-S", w.socket}, args...)...)
	cmd.Env = append(os.Environ(), "TMUX=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		w.t.Fatalf("tmux %q: %v: %s", args, err, out)
	}
	return string(out)
}

// types presses keys: texts, and tmux's names of keys such as Enter and C-z.
func (w *window) types(keys ...string) {
	w.t.Helper()
	w.tmux(append([]string{"send-keys"}, keys...)...)
}

// screen is what the window shows.
func (w *window) screen() string { return strings.TrimRight(w.tmux("capture-pane", "-p"), "\n") }

// expect waits until the screen shows all the texts.
func (w *window) expect(texts ...string) string {
	w.t.Helper()
	return w.await(fmt.Sprintf("%q", texts), func(screen string) bool {
		for _, text := range texts {
			if !strings.Contains(screen, text) {
				return false
			}
		}
		return true
	})
}

func (w *window) await(what string, shown func(screen string) bool) string {
	w.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		screen := w.screen()
		if shown(screen) {
			return screen
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("the screen does not show %s:\n%s", what, screen)
		}
	}
}

// resizes changes the size of the window.
func (w *window) resizes(columns, lines int) {
	w.tmux("resize-window", "-x", strconv.Itoa(columns), "-y", strconv.Itoa(lines))
}

// lastLine says whether the last line of the screen is this one: the shell or the prompt is waiting.
func lastLine(want string) func(string) bool {
	return func(screen string) bool {
		return strings.TrimRight(screen[strings.LastIndexByte(screen, '\n')+1:], " ") == want
	}
}

// lastLineHas says whether the last line of the screen has this in it: what stands above may be older.
func lastLineHas(want string) func(string) bool {
	return func(screen string) bool {
		return strings.Contains(screen[strings.LastIndexByte(screen, '\n')+1:], want)
	}
}

// TestSuspend: Ctrl-Z stops a query and a watch, with the shell's screen as it was, and fg brings them back. At the
// prompt it does nothing.
func TestSuspend(t *testing.T) {
	t.Parallel()
	w := inWindow(t, 80, 24)
	w.types("fakeql 'slow | where n < 0'", "Enter")
	w.expect("fakeql 'slow", "reading slow")
	w.types("C-z")
	w.await("the shell", lastLine("$"))
	w.types("fg", "Enter")
	w.await("the query again", lastLineHas("reading slow"))
	w.types("C-c")
	w.await("the shell", lastLine("$"))

	w.types("clear; echo before", "Enter")
	w.await("an empty screen", func(s string) bool { return strings.HasPrefix(s, "before") })
	w.types("fakeql 'moving | watch 1h'", "Enter")
	w.expect("every 1h", "1  1 MiB  scan 1")
	w.types("C-z")
	w.expect("before", "Stopped")
	w.types("fg", "Enter")
	w.expect("every 1h", "*  1  1 MiB  scan 2") // at once: intervals count from then on
	w.types("q")
	w.expect("before")
	w.await("the shell", lastLine("$"))

	w.types("clear; fakeql", "Enter")
	w.await("the prompt", lastLine("netql>"))
	w.types("C-z", "numbers n == 2", "Enter")
	w.expect("2  2 MiB  -")
	w.types("many | where n < 0", "Enter")
	w.expect("reading many")
	w.types("C-z")
	w.await("the shell", lastLine("$"))
	w.types("fg", "Enter")
	w.await("the query again", lastLineHas("reading many"))
	w.types("C-c")
	w.await("the prompt", lastLine("netql>"))
	w.types("moving | watch 100ms", "Enter")
	w.expect("every 100ms")
	w.types("C-z")
	w.await("the shell", lastLine("$"))
	w.types("fg", "Enter")
	w.expect("every 100ms")
	w.types("q")
	w.await("the prompt", lastLine("netql>"))
	w.types("quit", "Enter")
	w.await("the shell", lastLine("$"))
}

// TestScreens: in windows of all sizes, a watch shows whole lines and follows a new size.
func TestScreens(t *testing.T) {
	t.Parallel()
	w := inWindow(t, 80, 24)
	w.types("fakeql 'hundred | extend long = \"0123456789012345678901234567890123456789\" | watch 100ms'", "Enter")
	w.expect("every 100ms · rows 1-21 of 100 · ? help, q quit",
		"    1   1 MiB  -     0123456789012345678901234567890123456789\n")
	w.resizes(20, 8)
	screen := w.await("five rows",
		func(s string) bool { return strings.Contains(s, "rows …") && strings.Count(s, "MiB") == 5 })
	if lines := strings.Split(screen, "\n"); len(lines) != 8 {
		t.Errorf("%d lines:\n%s", len(lines), screen)
	}
	w.types("NPage")
	w.expect("    6   6 MiB")
	w.resizes(200, 50)
	w.expect("rows 6-52 of 100", "0123456789012345678901234567890123456789")
	w.types("End", "s")
	w.expect("by n descending", "53  53 MiB")
	w.types("q")
	w.await("the shell", lastLine("$"))

	// Bars fill the window to its last place, and nothing wraps.
	w.resizes(60, 24)
	w.types("clear; fakeql 'numbers | select n, m = n | bars | watch 100ms'", "Enter")
	w.await("the longest bar", func(s string) bool {
		return strings.HasSuffix(s, "\n   5  5  "+strings.Repeat("█", 51))
	})
	w.types("q")
	w.await("the shell", lastLine("$"))
}

// TestNarrowPrompt: a prompt of 20 columns can be used: lists, answers and help fit or wrap.
func TestNarrowPrompt(t *testing.T) {
	t.Parallel()
	w := inWindow(t, 20, 20)
	w.types("fakeql", "Enter")
	w.await("the prompt", lastLine("netql>"))
	w.types("numbers | ", "Tab")
	w.expect("where CONDITION\n", "extend NAME = EXPR…\n", "netql> numbers |")
	w.types("C-c", "numbers n == 4", "Enter")
	w.expect("4  4 MiB  -")
	w.types("hostile | limit 1", "Enter")
	w.expect("  text  \\x1b[31mred\\\nx1b[0m\n")
	w.await("the prompt", lastLine("netql>"))
	w.types("moving | watch 50ms", "Enter")
	w.expect("every 50ms · 2 rows…")
	w.types("q")
	w.await("the prompt", lastLine("netql>"))
	w.types("quit", "Enter")
	w.await("the shell", lastLine("$"))
}

// TestHostileScreens: a text that would clear the screen is shown, wherever it comes up.
func TestHostileScreens(t *testing.T) {
	t.Parallel()
	w := inWindow(t, 80, 24)
	w.types("clear; echo before; fakeql", "Enter")
	w.await("the prompt", lastLine("netql>"))
	w.types(`hostile text == "\x1b[31mred\x1b[0m" or text == "\x9b2J\xff"`, "Enter")
	w.expect("before", `\x1b[31mred\x1b[0m`, `\x9b2J\xff`)
	w.types("history", "Enter")
	w.expect("before", `  1  hostile text == "\x1b[31mred\x1b[0m"`)
	w.types("broken", "Enter")
	w.expect("before", `error: the dump was cut short\x1b[2J`)
	w.types(`hostile text matches "\x1b" | watch 50ms`, "Enter")
	w.expect(`hostile text matches "\x1b" | watch 50ms`, `   1  1 MiB  \x1b[31mred\x1b[0m`)
	w.types("q")
	w.await("the prompt", lastLine("netql>"))
	w.types("broken | watch 50ms", "Enter")
	w.expect("every 50ms", `error: the dump was cut short\x1b[2J`)
	w.types("q")
	w.expect("before")
}

// TestPastedLines: several lines that come at once, without the marks of a paste, are several queries.
func TestPastedLines(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	term.typed("numbers n == 1\rnumbers (n == 2\ror n == 3)\rmoving | watch 20ms until n == 3\rnumbers n == 4\r")
	term.expect("1  1 MiB  -\r\n")
	term.expect("3  3 MiB  -\r\n")
	term.expect(firstScreen)
	term.expect("4  4 MiB  -\r\n")
	term.expect(firstPrompt)
	term.asks("numbers | select n, "+strings.Repeat("n, ", 200)+"n", "n_202")
	term.leaves()
}
