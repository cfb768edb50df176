package watch

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"netql/query/schema"
	"netql/shell/render"
)

// someView is a view of twenty rows, of which 9 is the largest by name and row 19 by size.
func someView() *view {
	v := &view{query: "things | watch 1s", interval: time.Second, sorted: -1, columns: []*schema.Column{
		{Name: "name", Type: schema.Of(schema.Text)}, {Name: "size", Type: schema.Of(schema.Int)},
	}}
	s := sample{at: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	for i := range 20 {
		s.rows = append(s.rows, row{i, []any{fmt.Sprint(i), i}})
	}
	v.add(s)
	return v
}

func screenOf(v *view, height, width int) []string {
	return v.lines(height, render.Options{Width: width, Format: "table"})
}

// TestKeys: what each key does to the rows and to the line that tells of them.
func TestKeys(t *testing.T) {
	for _, test := range []struct{ keys, first, status string }{
		{"", "0     0", "every 1s · rows 1-3 of 20 · ? help, q quit"},
		{" ", "0     0", "paused · rows 1-3 of 20 · ? help, q quit"},
		{"  ", "0     0", "every 1s · rows 1-3 of 20 · ? help, q quit"},
		{"+", "0     0", "every 500ms · rows 1-3 of 20 · ? help, q quit"},
		{"++++++++", "0     0", "every 100ms · rows 1-3 of 20 · ? help, q quit"},
		{"--", "0     0", "every 4s · rows 1-3 of 20 · ? help, q quit"},
		{"--------------------", "0     0", "every 1h0m0s · rows 1-3 of 20 · ? help, q quit"},
		{"s", "0     0", "every 1s · rows 1-3 of 20 · by name ascending · ? help, q quit"},
		{"sr", "9     9", "every 1s · rows 1-3 of 20 · by name descending · ? help, q quit"},
		{"ss", "19    19", "every 1s · rows 1-3 of 20 · by size descending · ? help, q quit"},
		{"\x1b[C\x1bOCr", "0     0", "every 1s · rows 1-3 of 20 · by size ascending · ? help, q quit"},
		{"\x1b[D", "19    19", "every 1s · rows 1-3 of 20 · by size descending · ? help, q quit"},
		{"sss", "0     0", "every 1s · rows 1-3 of 20 · ? help, q quit"},
		{"j\x1b[B", "0     0", "every 1s · rows 1-3 of 20 · ? help, q quit"},
		{"jjjj", "1     1", "every 1s · rows 2-4 of 20 · ? help, q quit"},
		{"jk", ">     0     0", "every 1s · rows 1-3 of 20 · ? help, q quit"},
		{"k\x1b[A\x1b[5~", ">     0     0", "every 1s · rows 1-3 of 20 · ? help, q quit"},
		{"jj\r", "name     1", "every 1s · row 2 of 20 · enter: all rows, q quit"},
		{"jj\rj", "name     2", "every 1s · row 3 of 20 · enter: all rows, q quit"},
		{"\r\r", ">     0     0", "every 1s · rows 1-3 of 20 · ? help, q quit"},
		{"\x1b[6~", "3     3", "every 1s · rows 4-6 of 20 · ? help, q quit"},
		{strings.Repeat("\x1b[6~", 30), "17    17", "every 1s · rows 18-20 of 20 · ? help, q quit"},
		{"x\x1bz", "0     0", "every 1s · rows 1-3 of 20 · ? help, q quit"},
	} {
		v := someView()
		screenOf(v, 6, 100)
		for _, pressed := range split(test.keys) {
			if v.press(pressed) {
				t.Errorf("%q leaves", pressed)
			}
		}
		lines := screenOf(v, 6, 100)
		first := lines[3]
		if strings.Contains(test.status, "enter") {
			first = lines[2]
		}
		got, want := strings.Join(strings.Fields(first), "     "), strings.Join(strings.Fields(test.first), "     ")
		if got != want || lines[1] != test.status {
			t.Errorf("%q: %q\n%q, want\n%q", test.keys, lines[3], lines[1], test.status)
		}
	}
	if !someView().press("q") {
		t.Error("q does not leave")
	}
}

// TestScreenFits: no screen is too small, and no line is longer than it.
func TestScreenFits(t *testing.T) {
	v := someView()
	v.add(sample{err: errors.New("it broke\x1b[2J")})
	v.late, v.warnings = "a sample took 2s", 3
	v.query = "things name == \"\u202e\x1b[31m\" | watch 1s"
	for _, help := range []bool{false, true} {
		v.help = help
		for height := range 30 {
			for width := 1; width < 120; width += 7 {
				lines := screenOf(v, height, width)
				if len(lines) > max(1, height) {
					t.Errorf("%d lines on a screen of %d", len(lines), height)
				}
				for _, line := range lines {
					if render.Width(line) > width || schema.Visible(line) != line {
						t.Errorf("%d columns: %q", width, line)
					}
				}
			}
		}
	}
}

// TestStatus: what a person has to know of a watch beside its rows.
func TestStatus(t *testing.T) {
	v := someView()
	v.add(sample{at: v.taken.at.Add(42 * time.Millisecond), rows: v.last[:3], err: errors.New("it broke")})
	v.warnings, v.late = 1, "2 skipped"
	if got, want := screenOf(v, 40, 140)[1],
		"every 1s · 20 rows · error: it broke: the sample of 03:04:05.042 was not finished, and is left out · "+
			"1 warning · 2 skipped · ? help, q quit"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := screenOf(v, 40, 40)[0]; got != "things | watch 1s           03:04:05.000" {
		t.Errorf("%q", got)
	}
	if got := screenOf(v, 40, 20)[0]; got != "03:04:05.000 things…" {
		t.Errorf("%q", got)
	}
	if v.add(sample{}); len(screenOf(v, 40, 80)) != 23 || len(v.last) != 0 {
		t.Error("rows that are gone are not shown once more")
	}
	if v.add(sample{}); len(screenOf(v, 40, 80)) != 3 {
		t.Error("rows that are gone are shown twice")
	}
}

// TestWaiting: nothing is painted that is not known yet.
func TestWaiting(t *testing.T) {
	v := someView()
	v.last, v.before, v.taken = nil, nil, sample{}
	v.add(sample{err: errors.New("it broke")})
	if lines := screenOf(v, 6, 100); len(lines) != 3 || strings.Contains(lines[1], "rows") ||
		!strings.HasPrefix(lines[2], "waiting for the first sample") {
		t.Errorf("%q", lines)
	}
	v.waiting = true
	lines := screenOf(v, 6, 100)
	if len(lines) != 3 || lines[0] != v.query || !strings.HasPrefix(lines[2], "waiting for the second sample") {
		t.Errorf("%q", lines)
	}
	if left := v.picture(render.Options{Width: 100}); left != nil {
		t.Errorf("%q is left", left)
	}
}

// TestPicture: what stays on the terminal is what the screen showed, without the marks.
func TestPicture(t *testing.T) {
	v := someView()
	screenOf(v, 6, 40)
	for _, keys := range []string{"jjjj", "?"} {
		for _, key := range split(keys) {
			v.press(key)
		}
		screenOf(v, 6, 40)
		left := v.picture(render.Options{Width: 40, Color: true})
		want := []string{"things | watch 1s           03:04:05.000", "   name  size", "   1        1", "   2        2"}
		if got := left[:4]; !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestHelpScrolls: on the smallest screen, all of the help can be read, and the rows are where they were.
func TestHelpScrolls(t *testing.T) {
	v := someView()
	v.press("j")
	rows := strings.Join(screenOf(v, 6, 20), "\n")
	v.press("?")
	read := map[string]bool{}
	for range 80 {
		lines := screenOf(v, 6, 20)
		for _, line := range lines {
			read[line] = true
		}
		v.press("j")
	}
	for _, line := range helpLines(20) {
		if !read[line] {
			t.Errorf("nobody can read %q", line)
		}
	}
	v.press("?")
	if got := strings.Join(screenOf(v, 6, 20), "\n"); got != rows {
		t.Errorf("after help:\n%s\nbefore:\n%s", got, rows)
	}
}

// TestOneRow: a row is no rows.
func TestOneRow(t *testing.T) {
	v := someView()
	v.add(sample{rows: []row{{1, []any{"1", 1}}}})
	v.add(sample{rows: []row{{1, []any{"1", 1}}}})
	if got, want := screenOf(v, 40, 100)[1], "every 1s · 1 row · ? help, q quit"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestRecordOnScreen: the values of the selected row are whole, however narrow the screen is.
func TestRecordOnScreen(t *testing.T) {
	v := someView()
	v.add(sample{rows: []row{{1, []any{"abcdefghijklmnop", 1}}}})
	v.add(sample{rows: []row{{1, []any{"abcdefghijklmnop", 1}}}})
	screenOf(v, 10, 20)
	v.press("\r")
	want := "  name  abcdefghijkl\n        mnop\n  size  1"
	if got := strings.Join(screenOf(v, 10, 20)[2:], "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
