package render

import "netql/query/schema"

// usual is how wide the values of each kind mostly are: what a live answer, whose rows are not there yet, makes room
// for.
var usual = map[schema.Kind]int{
	schema.Bool: 5, schema.Int: 6, schema.Float: 6, schema.Port: 5, schema.Text: 12, schema.Duration: 7,
	schema.Time: 19, schema.Address: 15, schema.Prefix: 18, schema.Endpoint: 21, schema.MAC: 17,
}

// expect makes every column as wide as its values will mostly be.
func (g *grid) expect() {
	for i, c := range g.columns {
		expected := usual[c.Type.Kind]
		if c.Type.Kind == schema.Enum {
			for _, word := range c.Type.Words.Words() {
				expected = max(expected, len(word.Name))
			}
		}
		g.widths[i] = max(g.widths[i], expected)
	}
}
