package tables

import (
	"strconv"
	"strings"

	"netql/query/schema"
)

// template is a text with places for values, in pieces. An expression in braces is a place; [one|many] stands for one
// of two texts, by whether the number before it is 1: "{n} [socket is|sockets are] closed". No expression has braces of
// its own, and no text square brackets.
type template []piece

// piece is a text, a place, or a choice.
type piece struct {
	text, place string
	one, many   string
}

// parseTemplate takes a text apart.
func parseTemplate(text string) (t template) {
	for {
		at := strings.IndexAny(text, "{[")
		if at < 0 {
			return append(t, piece{text: text})
		}
		end := map[byte]string{'{': "}", '[': "]"}[text[at]]
		inside, after, _ := strings.Cut(text[at+1:], end)
		if t = append(t, piece{text: text[:at]}); end == "}" {
			t = append(t, piece{place: inside})
		} else {
			one, many, _ := strings.Cut(inside, "|")
			t = append(t, piece{one: one, many: many})
		}
		text = after
	}
}

// places are the expressions in the text, in order.
func (t template) places() (places []string) {
	for _, p := range t {
		if p.place != "" {
			places = append(places, p.place)
		}
	}
	return places
}

// with is the text about a row, whose columns are the values at the places, as people read them.
func (t template) with(columns []*schema.Column, row schema.Row) string {
	var b strings.Builder
	last := ""
	for _, p := range t {
		switch {
		case p.place != "":
			value := columns[0].PeopleRead(row)
			if _, err := strconv.Atoi(value); err == nil {
				last = value
			}
			b.WriteString(value)
			columns = columns[1:]
		case p.many != "" && last == "1":
			b.WriteString(p.one)
		default:
			b.WriteString(p.text + p.many)
		}
	}
	return b.String()
}
