package render_test

import (
	"strings"
	"testing"

	"netql/shell/render"
)

// TestAligned: explanations stand beside what they are about, or below it where there is no room beside.
func TestAligned(t *testing.T) {
	list := []render.Choice{{Text: "space", Doc: "pause, and go on after that"}, {Text: "+", Doc: "faster"}}
	for room, want := range map[int]string{
		80: "  space  pause, and go on after that\n  +      faster",
		32: "  space  pause, and go on after\n         that\n  +      faster",
		20: "  space\n    pause, and go\n    on after that\n  +\n    faster",
	} {
		if got := strings.Join(render.Aligned(list, room), "\n"); got != want {
			t.Errorf("%d columns:\n%s\nwant\n%s", room, got, want)
		}
	}
}
