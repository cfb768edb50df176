package render

import (
	"slices"

	"github.com/jedib0t/go-pretty/v6/text"

	"netql/query/schema"
)

// Mark says how a row differs from what it was in the sample before.
type Mark uint8

// The marks.
const (
	Same Mark = iota
	Changed
	New
	Gone
)

// marks are the first character of a row, and its colour.
var marks = [...]cell{Same: {text: " "}, Changed: {text: "*"}, New: {"+", green}, Gone: {"-", dim}}

// Line is one row of a frame.
type Line struct {
	Mark    Mark
	Values  []any
	Changed []bool // which of the values differ from those of the sample before; nil if none does
}

// Frame lays out rows for a screen: the names of the columns, then a line for each row, with its mark before it. Lines
// are no wider than the screen, and have no line ends. The name of the column with index sorted is underlined; -1 for
// none.
func Frame(columns []*schema.Column, rows []Line, sorted int, options Options) []string {
	options = options.measureSeries(columns, func(yield func(i int, v any)) {
		for _, row := range rows {
			for i, value := range row.Values {
				yield(i, value)
			}
		}
	})
	g := &grid{columns: columns, cellOf: screenCell(options)}
	lines := make([][]cell, len(rows))
	for i, row := range rows {
		lines[i] = g.frameCells(row, options.Color)
	}
	var bars *chart
	if options.Bars != nil {
		bars = frameChart(columns, rows, *options.Bars)
		g.addShares(bars, lines)
	}
	header := g.header(options)
	options.Width = max(1, options.width()-1) // beside the mark
	room := options.Width - len(gap)
	if bars != nil {
		room -= shortestBar + len(gap)
	}
	g.fit(max(1, room), header, lines)
	pen := g.barPen(bars, options, len(gap))
	if header != nil && sorted >= 0 && sorted < len(header) && options.Color {
		header[sorted].color = underlined
	}
	var texts []string
	if header != nil {
		text := g.frameLine(marks[Same], header, options.Width)
		texts = append(texts, string(pen.appendNames([]byte(text), g.padding(header))))
	}
	for i, line := range lines {
		mark := marks[rows[i].Mark]
		if !options.Color {
			mark.color = ""
		}
		text := g.frameLine(mark, line, options.Width)
		texts = append(texts, string(pen.append([]byte(text), g.padding(line), i)))
	}
	return texts
}

// frameChart is the bars of a frame.
func frameChart(columns []*schema.Column, rows []Line, bars schema.Bars) *chart {
	c := &chart{Bars: bars}
	for _, row := range rows {
		c.add(columns, func(column *schema.Column) any {
			if i := slices.Index(columns, column); i >= 0 {
				return row.Values[i]
			}
			return nil
		})
	}
	return c
}

// frameCells are the cells of a row, with changed values in bold and rows that are gone dim.
func (g *grid) frameCells(row Line, color bool) []cell {
	line := make([]cell, len(row.Values))
	for i, value := range row.Values {
		line[i] = g.cellOf(g.columns[i], value)
		switch {
		case !color:
		case row.Mark == Gone:
			line[i].color = dim
		case row.Changed != nil && row.Changed[i]:
			line[i].color = bold + line[i].color
		}
	}
	return line
}

// frameLine is the cells of a line side by side, cut at room columns.
func (g *grid) frameLine(mark cell, line []cell, room int) string {
	b := appendCell(nil, mark)
	for i, c := range line {
		before, after := len(gap), 0
		c = g.fitted(i, c)
		padding := max(0, g.widths[i]-width(c.text))
		if rightAligned(g.columns[i]) {
			before += padding
		} else if i < len(line)-1 {
			after = padding
		}
		if room <= before {
			break
		}
		b = appendBlanks(b, before)
		room -= before
		if w := width(c.text); w > room {
			c.text = text.Trim(c.text, room)
		}
		b = appendCell(b, c)
		room -= width(c.text)
		b = appendBlanks(b, min(after, room))
		room -= min(after, room)
	}
	return string(b)
}

// Fitted is a text cut to the width, with an ellipsis.
func Fitted(s string, limit int) string { return cut(s, limit) }

// Title is a text in bold, where the options have colours.
func Title(s string, options Options) string {
	return string(appendCell(nil, cell{s, map[bool]string{true: bold}[options.Color]}))
}
