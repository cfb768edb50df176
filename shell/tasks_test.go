package shell

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"netql/query"
	"netql/sources/lab"
	"netql/tables"
)

// taskWidth is the width of the window in which all tasks can be read, and of the lines that are typed there.
const taskWidth = 80

// TestTasks: each task of docs/tasks.md is one line. In a namespace in trouble it finds something, and shows it whole
// in a window of 80 columns, with addresses of IPv6.
func TestTasks(t *testing.T) {
	lab.Isolate(t, func(t *testing.T) {
		lab.Need(t, "tmux", "/etc/services")
		lab.Troubled(t)
		w := inWindow(t, taskWidth, 50)
		w.types("cd; for n in before web1 web2; do netql record $n.nq; done; clear; echo recorded", "Enter")
		w.await("three captures", func(screen string) bool { return strings.HasPrefix(screen, "recorded") })
		for _, line := range taskLines(t) {
			if utf8.RuneCountInString(line) > taskWidth {
				t.Errorf("wider than %d columns: %s", taskWidth, line)
			}
			checkAnswer(t, line, w.answer(line))
		}
		written, _ := filepath.Glob(w.home + "/sockets.*")
		written = append(written, filepath.Join(w.home, "incident.html"))
		for _, file := range written {
			if info, err := os.Stat(file); err != nil || info.Size() == 0 {
				t.Errorf("%s is empty, or %v", file, err)
			}
		}
		if len(written) != 3 {
			t.Errorf("written: %q", written)
		}
	})
}

// taskLines are what is typed for each task: queries behind netql, and commands as they are.
func taskLines(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../docs/tasks.md")
	if err != nil {
		t.Fatal(err)
	}
	return append(linesIn(string(text), "netql"), linesIn(string(text), "sh")...)
}

// cutAddress finds an address of which a part was cut. It begins where a word does.
var cutAddress = regexp.MustCompile(`(^|[^0-9A-Za-z])[0-9a-f]*[:.][0-9a-f:.\]]*…|…[0-9a-f]*\]?[:.][0-9a-f:.\]]+`)

// TestCutAddress: what is cut is seen, and other texts are not taken for it.
func TestCutAddress(t *testing.T) {
	for line, want := range map[string]bool{
		"10.0.…44720": true, "[2001:db8:85a3::8a2e:…": true, "…7334]:443": true, "10.0.0.…": true,
		"Connections reset, in ESTABLISHED or…": false, "2001:db8::1  docker-4f9c…  up": false,
		"rows 1-5 … of 9": false, "1  Times that a receive window became zero:…": false, "  ::…": true,
	} {
		if got := cutAddress.MatchString(line); got != want {
			t.Errorf("an address is cut in %q: %t", line, got)
		}
	}
}

// checkAnswer wants lines, no wider than the window, and no address that was cut.
func checkAnswer(t *testing.T, task, answer string) {
	t.Helper()
	lines := strings.Split(answer, "\n")
	intoFile := regexp.MustCompile(` (record|report|>) `).MatchString(task)
	if len(lines) < 2 && !intoFile {
		t.Errorf("%s shows nothing:\n%s", task, answer)
	}
	for _, line := range lines {
		if utf8.RuneCountInString(line) > taskWidth {
			t.Errorf("%s: a line of more than %d columns:\n%s", task, taskWidth, line)
		}
		if cut := cutAddress.FindString(line); cut != "" {
			t.Errorf("%s: an address is cut: %q in\n%s", task, cut, line)
		}
	}
}

// answer types a task and gives all that is shown then; of a watch and a stream of events, which are left then, what
// the first rows look like.
func (w *window) answer(task string) string {
	w.t.Helper()
	command := task
	if !strings.HasPrefix(task, "netql ") {
		command = "netql '" + task + "'"
	}
	w.types("clear", "Enter")
	w.await("an empty screen", func(screen string) bool { return strings.TrimSpace(screen) == "$" })
	w.tmux("clear-history")
	w.types(command+`; echo "status $?, the end"`, "Enter")
	plan, err := query.Compile(task, tables.Catalog(), askSSH())
	endless := err == nil && (plan.Follows() || plan.Watch() != nil && !plan.Watch().Conditional())
	if !endless {
		return w.whole(task)
	}
	screen := w.await("rows of "+task, func(screen string) bool { return strings.Count(screen, "\n") > 3 })
	if plan.Watch() != nil {
		w.types("q")
		w.whole(task)
		return screen
	}
	w.types("C-c")
	w.await("the shell", lastLine("$"))
	_, screen, _ = strings.Cut(screen, "the end\"\n") // behind what was typed
	return screen
}

// statusLine is what the shell writes behind an answer.
var statusLine = regexp.MustCompile(`(?m)^status (\d+), the end$`)

// whole waits for the end of a task, and gives all that it has shown. What the window had to wrap is one line.
func (w *window) whole(task string) string {
	w.t.Helper()
	var shown string
	w.await("the end of "+task, func(string) bool {
		shown = spacesAtEnd.ReplaceAllString(w.tmux("capture-pane", "-p", "-J", "-S", "-"), "")
		return statusLine.MatchString(shown)
	})
	place := statusLine.FindStringSubmatchIndex(shown)
	status, _ := strconv.Atoi(shown[place[2]:place[3]])
	_, shown, _ = strings.Cut(strings.TrimSuffix(shown[:place[0]], "\n"), "\n") // behind what was typed
	if status != done && !(status == 1 && strings.HasPrefix(task, "netql diff ")) &&
		!(status == unexpected && strings.Contains(task, " --expect ")) {
		w.t.Errorf("%s: status %d:\n%s", task, status, shown)
	}
	return shown
}

var spacesAtEnd = regexp.MustCompile(`(?m) +$`)
