package asker

import (
	"slices"
	"testing"
)

// TestNotes: there is one note for all hosts of which the same is to be known.
func TestNotes(t *testing.T) {
	f := &transport{places: map[string]int{"a": 0, "b": 1, "c": 2, "d": 3, "e": 4}}
	for _, test := range []struct {
		roster map[string]int
		want   []string
	}{
		{map[string]int{"a": 1, "b": 0}, nil},
		{map[string]int{"a": 1, "b": 3}, []string{"3 agents are connected as b; one of them is heard"}},
		{map[string]int{"a": 2, "b": 3, "c": 2, "d": 2, "x": 2, "y": 0}, []string{
			"several agents are connected as one host (4: a, b, c ...); one of each is heard",
			"hosts were added to the hub that are not asked yet (2: x, y): `use hosts` again, or ask anew"}},
	} {
		f.heard(test.roster)
		if got := f.notes(); !slices.Equal(got, test.want) {
			t.Errorf("%v: %q", test.roster, got)
		}
	}
}
