package render

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"

	"netql/query/schema"
)

const (
	ellipsis    = "…"
	narrowest   = 6  // a text that is cut shows this much, the ellipsis included
	dateOrTime  = 10 // a time that is cut shows its date, or, if that is today, its time of day
	timeOfDay   = 8  // which is all that is shown of it where texts can be cut no further
	comfortable = 24 // a text that shows this much is cut further only when names above numbers are cut too
)

// fit makes the lines no wider than limit. It takes from the widest text again and again, then from the names above
// numbers what the numbers below do not need, then from texts once more, and at last from times. Numbers are never
// cut: where they alone are too wide, lines wrap.
func (g *grid) fit(limit int, header []cell, rows [][]cell) {
	g.measure(rows)
	needs := g.widths
	g.measure(append([][]cell{header}, rows...))
	g.trim = limit > 0
	if !g.trim {
		return
	}
	g.shrink(limit, func(i int) bool { return shrinkable(g.columns[i]) && g.widths[i] > comfortable })
	g.shrink(limit, func(i int) bool { return !shrinkable(g.columns[i]) && g.widths[i] > max(needs[i], narrowest) })
	g.shrink(limit, func(i int) bool { return shrinkable(g.columns[i]) && g.widths[i] > g.narrowest(i) })
	g.shrink(limit, func(i int) bool { return g.isTime(i) && g.widths[i] > timeOfDay })
	for i := range header {
		header[i].text = cut(header[i].text, g.widths[i])
	}
}

// shrink takes from the widest column that may give until the lines fit or none may.
func (g *grid) shrink(limit int, may func(i int) bool) {
	for g.lineWidth() > limit {
		widest := -1
		for i, w := range g.widths {
			if may(i) && (widest < 0 || w > g.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return
		}
		switch g.widths[widest]--; {
		case !g.isTime(widest):
		case g.widths[widest] < dateOrTime:
			g.widths[widest] = timeOfDay
		default:
			g.widths[widest] = dateOrTime
		}
	}
}

func (g *grid) isTime(i int) bool { return g.columns[i].Type.Kind == schema.Time }

// narrowest is how narrow the texts of a column may become.
func (g *grid) narrowest(i int) int {
	if g.isTime(i) {
		return dateOrTime
	}
	return narrowest
}

func (g *grid) lineWidth() int {
	sum := len(gap) * (len(g.widths) - 1)
	for _, w := range g.widths {
		sum += w
	}
	return sum
}

func shrinkable(c *schema.Column) bool { return !rightAligned(c) }

// cutValue shortens the text of a value of this kind to the width. An endpoint keeps its end too, where the port is,
// and a time what tells the most.
func cutValue(kind schema.Kind, s string, limit int) string {
	if len(s) <= limit || width(s) <= limit {
		return s
	}
	room := max(0, limit-width(ellipsis))
	switch kind {
	case schema.Endpoint:
		head := text.Trim(s, room/2)
		return head + ellipsis + tail(s, room-width(head))
	case schema.Time:
		return cut(shortTime(s), limit)
	}
	return text.Trim(s, room) + ellipsis
}

// shortTime is the date of a time, or, if that is today, its time of day.
func shortTime(s string) string {
	date, clock, _ := strings.Cut(s, " ")
	if date == time.Now().Format(time.DateOnly) {
		return clock
	}
	return date
}

// cut shortens the text to the width.
func cut(s string, limit int) string { return cutValue(schema.Text, s, limit) }

// tail is the end of the text that takes no more than the width.
func tail(s string, limit int) string {
	rest := s
	for rest != "" {
		r, size := utf8.DecodeLastRuneInString(rest)
		limit -= text.RuneWidth(r)
		if limit < 0 {
			break
		}
		rest = rest[:len(rest)-size]
	}
	return strings.TrimPrefix(s, rest)
}
