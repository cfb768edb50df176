package watch

import (
	"fmt"
	"strings"
	"testing"

	"netql/shell/render"
)

func rows(texts ...string) []row {
	all := []row{}
	for _, text := range texts {
		name, value, _ := strings.Cut(text, "=")
		all = append(all, row{name, []any{name, value, []float64{float64(len(all))}}})
	}
	return all
}

// TestCompare: rows are found again by their identity, and one that is gone stays where it was.
func TestCompare(t *testing.T) {
	for _, test := range []struct {
		before, now []row
		want        string
	}{
		{nil, rows("a=1", "b=2"), " a  b"},
		{rows("a=1", "b=2"), rows("a=1", "b=2"), " a  b"},
		{rows("a=1", "b=2"), rows("a=1", "b=3", "c=4"), " a *b +c"},
		{rows("a=1", "b=2", "c=3"), rows("a=1", "c=3"), " a -b  c"},
		{rows("a=1", "b=2", "c=3"), rows("c=3", "b=1"), "-a  c *b"},
		{rows("a=1", "b=2"), rows(), "-a -b"},
		{rows(), rows("a=1"), "+a"},
		{rows("a=1"), rows("b=1"), "-a +b"},
	} {
		var got []string
		for _, line := range compare(test.before, test.now) {
			mark := map[render.Mark]string{render.Same: " ", render.Changed: "*", render.New: "+",
				render.Gone: "-"}[line.Mark]
			got = append(got, mark+fmt.Sprint(line.Values[0]))
			if (line.Mark == render.Changed) != (line.Changed != nil) ||
				line.Changed != nil && (line.Changed[0] || !line.Changed[1] || line.Changed[2]) {
				t.Errorf("%v: the changed cells are %v", line.Values, line.Changed)
			}
		}
		if text := strings.Join(got, " "); text != test.want {
			t.Errorf("%v to %v: %q, want %q", test.before, test.now, text, test.want)
		}
	}
}

// TestSplit: keys come as letters and as the sequences that terminals send.
func TestSplit(t *testing.T) {
	for typed, want := range map[string]string{
		"":              "",
		"q":             "q",
		" +-":           " ,+,-",
		"\x1b[A\x1b[6~": "\x1b[A,\x1b[6~",
		"\x1bOCs":       "\x1bOC,s",
		"\x1b":          "\x1b",
		"\x1b[":         "\x1b[",
		"\x1b[1;5Cx":    "\x1b[1;5C,x",
	} {
		if got := strings.Join(split(typed), ","); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
