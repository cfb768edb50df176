package query

import (
	"slices"
	"testing"
)

// TestAlike: a warning that differs from another in its numbers alone is the same warning.
func TestAlike(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{"because 3 of the processes, 1 (init), may not be", "because 31 of the processes, 2 (init), may not be", true},
		{"open /proc/net/raw", "open /proc/net/raw6", false},
		{"rules of inet4", "rules of inet6", false},
		{"3 rows", "3 rows more", false},
		{"netns 4026532477: gone", "netns 4026532478: gone", false},
	} {
		if alike(test.a, test.b) != test.want {
			t.Errorf("%q and %q: want %v", test.a, test.b, test.want)
		}
	}
}

// TestWarningsOfSamples: two messages that differ in numbers alone are two of one sample, and one of several.
func TestWarningsOfSamples(t *testing.T) {
	var w warnings
	w.add("route 1 is wrong")
	w.add("route 2 is wrong")
	w.before = len(w.messages)
	w.add("route 3 is wrong")
	w.add("route 2 is wrong")
	w.add("link 3 is wrong")
	if got, want := w.messages, []string{"route 1 is wrong", "route 2 is wrong", "link 3 is wrong"}; !slices.Equal(got,
		want) {
		t.Errorf("%q, want %q", got, want)
	}
}
