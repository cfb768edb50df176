package render

import (
	"time"

	"netql/query/schema"
)

// usual is how wide most values of each kind are: the width of their column in a live answer, which has no rows yet
// when the widths are decided.
var usual = map[schema.Kind]int{
	schema.Bool: 5, schema.Int: 6, schema.Float: 6, schema.Port: 5, schema.Text: 12, schema.Duration: 7,
	schema.Time: 19, schema.Address: 15, schema.Prefix: 18, schema.Endpoint: 21, schema.MAC: 17,
}

// expect makes every column at least as wide as most values of its kind.
func (g *grid) expect() {
	for i, c := range g.columns {
		expected := usual[c.Type.Kind]
		if c.Type.Kind == schema.Enum {
			for _, word := range c.Type.Words.Words() {
				expected = max(expected, len(word.Name))
			}
		}
		if c.Millis { // all such times are equally wide
			expected = width(g.cellOf(c, time.Now()).text)
		}
		g.widths[i] = max(g.widths[i], expected)
		switch {
		case c.Millis:
			g.least[i] = max(g.least[i], len(MillisOfDay))
		case c.Type.Kind == schema.Time:
			g.least[i] = max(g.least[i], len(time.DateOnly))
		}
	}
}
