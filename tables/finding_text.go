package tables

import (
	"strings"

	"netql/query/schema"
)

// template is a text with places for values: the texts between the places, one more than there are places, and the
// expression of each place.
type template struct {
	texts, places []string
}

// parseTemplate takes apart a text with expressions in braces. No expression has braces of its own.
func parseTemplate(text string) (t template) {
	for {
		before, rest, found := strings.Cut(text, "{")
		t.texts = append(t.texts, before)
		if !found {
			return t
		}
		place, after, _ := strings.Cut(rest, "}")
		t.places = append(t.places, place)
		text = after
	}
}

// with is the text about a row, whose columns are the values at the places, as people read them.
func (t template) with(columns []*schema.Column, row schema.Row) string {
	var b strings.Builder
	for i, text := range t.texts {
		b.WriteString(text)
		if i < len(columns) {
			b.WriteString(columns[i].PeopleRead(row))
		}
	}
	return b.String()
}
