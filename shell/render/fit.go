package render

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"

	"netql/query/schema"
)

// Widths of columns that are cut to fit, in columns of the terminal.
const (
	ellipsis    = "…"
	narrowest   = 6  // of a text, the ellipsis included
	dateOrTime  = 10 // of a time, which is cut to its date, or to its time of day if the date is today
	timeOfDay   = 8  // of a time where texts can be cut no further
	comfortable = 24 // of a text; names above numbers are cut before a text gets less
)

// fit decides the widths of the columns so that lines are no wider than limit; 0 is no limit. It cuts the widest text
// again and again, down to comfortable, then names above numbers that are wider than the numbers, then texts down to
// narrowest, and at last times. Numbers are never cut: where they alone are too wide, lines wrap.
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

// shrink makes the widest column that may shrink narrower, again and again, until the lines fit or none may.
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

// narrowest is the least width of a column of texts or times.
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

// cutValue cuts the text of a value of this kind to the width, with an ellipsis. An endpoint keeps its end, too, where
// the port is; a time is cut to its date or time of day, a graph to its newest part.
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
	case schema.Series:
		return tail(s, limit) // the last samples
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

// cut cuts a text to the width, with an ellipsis at its end.
func cut(s string, limit int) string { return cutValue(schema.Text, s, limit) }

// tail is the longest end of the text that takes no more than limit columns.
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
