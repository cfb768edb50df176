package shell

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"netql/shell/render"
)

// TestWatchAtPrompt: a watch takes the screen and gives it back, whichever way it ends.
func TestWatchAtPrompt(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	for _, key := range []string{"q", ctrlC} {
		term.typed("moving | watch 50ms" + enter)
		term.expect(secondScreen)
		term.expect("every 50ms")
		term.expect("*  1")
		term.expect("+  2")
		term.expect("-  2")
		if shown := term.expect("*  1"); strings.Contains(shown, "*  3") {
			t.Errorf("a row that stays is marked: %q", shown)
		}
		term.typed("?")
		term.expect("Keys of a watch")
		term.typed("?")
		term.expect("every 50ms")
		term.typed("+- ")
		term.expect("paused")
		term.typed(key)
		term.expect(firstScreen)
		term.expect("moving | watch 50ms")
		if left := term.expect(firstPrompt); !strings.Contains(left, "   3  3 MiB  still\r\n") {
			t.Errorf("left is %q", left)
		}
	}
	term.asks("numbers n == 1", "1  1 MiB  -\r\n")
	term.leaves()
}

// TestWatchColors: marks have colours, and what has changed is bold; without colours nothing is.
func TestWatchColors(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), []string{"NO_COLOR="}, "fakeql", "moving | watch 50ms")
	for _, shown := range []string{"\x1b[32m+\x1b[0m", "\x1b[1mscan ", "\x1b[2m-\x1b[0m"} {
		term.expect(shown)
	}
	term.typed("s")
	term.expect("\x1b[1;4mn\x1b[0m")
	term = onTerminal(t, t.TempDir(), nil, "fakeql", "moving | watch 20ms until text == 'scan 9'")
	if shown := term.expect(firstScreen); strings.Contains(shown, "\x1b[1m") || strings.Contains(shown, "\x1b[3") {
		t.Errorf("colours: %q", shown)
	}
}

// TestWatchUntil: what it ended with is there for good, and the status is good.
func TestWatchUntil(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), nil, "fakeql", `moving | watch 20ms until text == "scan 5"`)
	term.expect(firstScreen)
	term.expect("   1  1 MiB  scan 5\r\n")
	term.ends()
	term.asBefore()
}

// TestWatchEndsBySignal: the terminal is as it was before the signal ends the program.
func TestWatchEndsBySignal(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT, syscall.SIGABRT} {
		once := onTerminal(t, t.TempDir(), nil, "fakeql", "moving | watch 1s")
		prompt := atPrompt(t)
		prompt.typed("moving | watch 1s" + enter)
		for _, term := range []*terminal{once, prompt} {
			term.expect("every 1s")
			term.cmd.Process.Signal(signal)
			term.expect(firstScreen)
			term.endsBy(signal)
			term.asBefore()
		}
	}
}

// endsBy waits until the signal has ended the program.
func (term *terminal) endsBy(signal syscall.Signal) {
	term.t.Helper()
	select {
	case <-term.wait():
	case <-time.After(patience):
		term.t.Fatal("the program does not end")
	}
	term.diedOf(signal)
}

// TestWatchIsLate: a sample that takes longer than the interval is said.
func TestWatchIsLate(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), nil, "fakeql", "late | watch 100ms")
	term.expect("longer than the interval of 100ms: ")
	term.typed("q")
	term.expect(firstScreen)
	term.ends()
}

// TestWatchWarns: warnings are counted while it runs, and told at its end.
func TestWatchWarns(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), nil, "fakeql", "guarded | watch 50ms")
	if shown := term.expect("1 warning"); strings.Contains(shown, "no permission") {
		t.Errorf("a warning on the screen of the watch: %q", shown)
	}
	term.typed("q")
	term.expect(firstScreen)
	term.expect(`warning: no permission to read \x1b[1mowners`)
	term.ends()
}

// TestWatchFits follows the size of the window, down to one that is smaller than anything.
func TestWatchFits(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), nil, "fakeql", "moving | watch 50ms")
	term.expect("*  1  1 MiB  scan ")
	for _, size := range [][2]int{{20, 5}, {200, 60}, {3, 2}, {1, 1}, {80, 24}} {
		term.resizes(size[0], size[1])
		term.typed("?")
		term.expect(frameEnd)
		term.typed("?")
		term.expect(frameEnd)
	}
	term.expect("*  1  1 MiB  scan ")
	term.typed("q")
	term.ends()
	term.asBefore()
}

// TestDumbWatch: a terminal that cannot move its cursor gets one sample after the other.
func TestDumbWatch(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), []string{"TERM=dumb"}, "fakeql", `moving | watch 20ms until text == "scan 3"`)
	shown := term.expect("scan 3")
	term.ends()
	if strings.Contains(shown, "\x1b") || strings.Count(shown, "still") != 2 {
		t.Errorf("shown %q", shown)
	}
}

// TestPipedWatch: samples follow each other in one stream, each row with its time.
func TestPipedWatch(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		format string
		check  func(text string) bool
	}{
		{"csv", func(text string) bool {
			return strings.Count(text, "time,n,size,text\n") == 1 && strings.Count(text, "Z,3,") == 3
		}},
		{"tsv", func(text string) bool { return strings.Count(text, "time\tn\tsize\ttext\n") == 1 }},
		{"plain", func(text string) bool {
			return strings.Count(text, "time ") == 1 && strings.Count(text, "still") == 3
		}},
		{"table", func(text string) bool {
			return strings.Count(text, "time ") == 1 && strings.Count(text, "still") == 3
		}},
		{"ndjson", func(text string) bool { return strings.Count(text, `{"time":"`) == 7 }},
		{"markdown", func(text string) bool { return strings.Count(text, "| time |") == 3 }},
		{"html", func(text string) bool { return strings.Count(text, "<table") == 3 }},
		{"json", func(text string) bool {
			samples, decoder := 0, json.NewDecoder(strings.NewReader(text))
			for decoder.More() {
				var sample []map[string]any
				if decoder.Decode(&sample) != nil || len(sample) < 2 || sample[0]["time"] == nil {
					return false
				}
				samples++
			}
			return samples == 3
		}},
	} {
		out, err := exec.Command("fakeql", "--format", test.format,
			`moving | watch 20ms until text == "scan 3"`).Output()
		if err != nil || !test.check(string(out)) {
			t.Errorf("%s: %v\n%s", test.format, err, out)
		}
	}
}

// TestUnfinishedSample: no row of it is written, and that is said.
func TestUnfinishedSample(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"csv", "table", "json"} {
		var messages strings.Builder
		cmd := exec.Command("fakeql", "--format", format, "--timeout", "300ms", "slow | watch 1s")
		cmd.Stderr = &messages
		out, _ := cmd.Output()
		if len(out) > 0 || cmd.ProcessState.ExitCode() != timedOut ||
			!strings.Contains(messages.String(), "was not finished, and is left out") {
			t.Errorf("%s: %v %s %s", format, cmd.ProcessState, out, messages.String())
		}
	}
	var shown string
	if !inTime(300*time.Millisecond, func(within string) bool {
		term := onTerminal(t, t.TempDir(), nil, "fakeql", "--timeout", within, "slow | watch 1s")
		term.expect(firstScreen)
		shown = term.expect("stopped after " + within)
		return strings.Contains(shown, "is left out") && !strings.Contains(shown, "MiB")
	}) {
		t.Errorf("shown %q", shown)
	}
}

// TestLeftBeforeASample: what --expect is about is not known then.
func TestLeftBeforeASample(t *testing.T) {
	t.Parallel()
	term := onTerminal(t, t.TempDir(), nil, "fakeql", "--expect", "none", "announced | watch 1s until n == 0")
	term.expect("reading")
	term.typed("q")
	if status := <-term.wait(); status != interrupted {
		t.Errorf("status %d", status)
	}
}

// TestFirstSample: it is shown where all of it can be computed.
func TestFirstSample(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ query, first string }{
		{`moving | select n, d = delta(n) | where n == 3 | watch 20ms until d == 0`, "3,0\n"},
		{`moving | select n, d = delta(n) ?? 7 | where n == 3 | watch 20ms until d == 0`, "3,7\n"},
		{`moving | select n, s = spark(n) | where n == 3 | watch 20ms until n == 3`, "3,[3]\n"},
		{`moving | where rate(n) >= 0 | select n | watch 20ms until n == 3`, "3\n"},
	} {
		out, err := exec.Command("fakeql", "--format", "csv", "--no-header", test.query).Output()
		_, first, _ := strings.Cut(string(out), "Z,")
		if err != nil || !strings.HasPrefix(first, test.first) && !strings.HasPrefix(first, "1\n") {
			t.Errorf("%s: %v %q", test.query, err, out)
		}
	}
	term := onTerminal(t, t.TempDir(), nil, "fakeql", "moving | select n, rate(n) | watch 500ms")
	if shown := term.expect("waiting for the second sample"); strings.Contains(shown, "rate_n ") {
		t.Errorf("shown %q", shown)
	}
	term.expect("3  ")
	term.typed("q")
	term.ends()
}

// TestPipedWatchFlushes: a sample is seen when it is taken, and a reader that goes ends the watch.
func TestPipedWatchFlushes(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"csv", "tsv", "json", "ndjson", "plain"} {
		cmd := exec.Command("fakeql", "--format", format, "moving | watch 200ms")
		stdout, messages := started(t, cmd)
		lines := bufio.NewScanner(stdout)
		for lines.Scan() && !strings.Contains(lines.Text(), "scan 2") {
		}
		stdout.Close()
		if err := cmd.Wait(); err != nil || messages.Len() > 0 {
			t.Errorf("%s: %v %s", format, err, messages.String())
		}
	}
}

// TestFollowOnTerminal: events come one by one, none of them is obeyed, and Ctrl-C ends them.
func TestFollowOnTerminal(t *testing.T) {
	t.Parallel()
	term := atPrompt(t)
	term.typed("happening | follow | where n > 1" + enter)
	term.expect("time")
	term.expect(`2  evil \x1b[2J` + "\r\n")
	term.expect(`3  evil \x1b[2J` + "\r\n")
	term.interrupts()
	term.expect(firstPrompt)
	term.leaves()
}

// TestWatchPictures: samples that are appended are drawn as single answers are.
func TestWatchPictures(t *testing.T) {
	t.Parallel()
	for _, format := range render.Names() {
		for _, picture := range []string{"graph n, text", "histogram n by text",
			"group by text: a = count(), b = max(n) | bars a, b"} {
			cmd := exec.Command("fakeql", "--format", format, "numbers | "+picture+" | watch 10ms until true")
			out, err := cmd.CombinedOutput()
			status := cmd.ProcessState.ExitCode()
			undrawn := (format == "dot" || format == "mermaid") && !strings.HasPrefix(picture, "graph")
			if undrawn != (status == wrong) || !undrawn && err != nil || bytes.Contains(out, []byte("goroutine")) {
				t.Errorf("%s, %s: %v\n%s", format, picture, err, out)
			}
		}
	}
}
