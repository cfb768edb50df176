package render

import (
	"strings"
	"unicode/utf8"

	"github.com/jedib0t/go-pretty/v6/text"

	"netql/query/schema"
)

const (
	ellipsis    = "…"
	narrowest   = 6  // a text that is cut shows this much, the ellipsis included
	comfortable = 24 // a text that shows this much is cut further only when names above numbers are cut too
)

// fit makes the lines no wider than limit. It takes from the widest text again and again, then from the names above
// numbers what the numbers below do not need, then from texts once more. Numbers are never cut: where they alone are too
// wide, lines wrap.
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
	g.shrink(limit, func(i int) bool { return shrinkable(g.columns[i]) && g.widths[i] > narrowest })
	for i := range header {
		header[i].text = cut(header[i].text, g.widths[i], false)
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
		g.widths[widest]--
	}
}

func (g *grid) lineWidth() int {
	sum := len(gap) * (len(g.widths) - 1)
	for _, w := range g.widths {
		sum += w
	}
	return sum
}

func shrinkable(c *schema.Column) bool { return !rightAligned(c) }

// cut shortens the text to the width. An endpoint keeps its end, where the port is.
func cut(s string, limit int, keepEnd bool) string {
	if len(s) <= limit || width(s) <= limit {
		return s
	}
	room := max(0, limit-width(ellipsis))
	if !keepEnd {
		return text.Trim(s, room) + ellipsis
	}
	head := text.Trim(s, room/2)
	return head + ellipsis + tail(s, room-width(head))
}

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
