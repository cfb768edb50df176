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
var marks = [...]cell{Same: {text: " "}, Changed: {text: "*"}, New: {text: "+", color: green},
	Gone: {text: "-", color: dim}}

// Line is one row of a frame.
type Line struct {
	ID       any // comparable; different for each row
	Mark     Mark
	Values   []any
	Changed  []bool // which of the values differ from those of the sample before; nil if none does
	Selected bool   // the person's keys have chosen it
}

// Framed is the layout of rows for a screen. Lines are no wider than the screen, and have no line ends.
type Framed struct {
	Header   string     // the names of the columns; "" where they are not shown
	Rows     [][]string // the lines of each row, mostly one
	NotShown string     // tells which columns are left out because the screen is too narrow; "" where none is
}

// Lines are all lines, the one that tells what is left out as the last.
func (f Framed) Lines() (lines []string) {
	for _, line := range slices.Concat([]string{f.Header}, slices.Concat(f.Rows...), []string{f.NotShown}) {
		if line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// Frame lays out rows for a screen, each with its mark before it. The name of the column with index sorted is
// underlined; -1 for none. Where columns do not fit, the last ones are left out as well.
func Frame(columns []*schema.Column, rows []Line, sorted int, options Options) Framed {
	options = options.measureSeries(columns, func(yield func(i int, v any)) {
		for _, row := range rows {
			for i, value := range row.Values {
				yield(i, value)
			}
		}
	})
	g := &grid{columns: columns, cellOf: screenCell(options), lines: true}
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
	if header != nil && sorted >= 0 && sorted < len(header) && options.Color {
		header[sorted].color = underlined
	}
	screen := options.width()
	options.Width = max(1, screen-1-len(gap)) // beside the mark
	inside := options
	if bars != nil {
		inside.Width = max(1, options.Width-shortestBar-len(gap))
	}
	inside.Spare = slices.Concat(options.Spare, lastFirst(columns, options.Bars))
	header = g.fit(inside, header, lines)
	pen := g.barPen(bars, options)
	framed := Framed{Rows: make([][]string, len(lines))}
	if told := g.notShown(); told != "" {
		framed.NotShown = Dim(cut(told, screen), options)
	}
	if header != nil {
		names, end := g.frameLines(marks[Same], header, screen)
		framed.Header = string(pen.appendNames([]byte(names[0]), g.lineWidth()-end))
	}
	for i, line := range lines {
		texts, end := g.frameLines(rows[i].mark(options), line, screen)
		texts[0] = string(pen.append([]byte(texts[0]), g.lineWidth()-end, i))
		framed.Rows[i] = texts
	}
	return framed
}

// lastFirst are the names of the columns behind the first one that are not drawn as bars, the last of them first.
func lastFirst(columns []*schema.Column, bars *schema.Bars) (names []string) {
	for i := len(columns) - 1; i > 0; i-- {
		if bars == nil || !slices.Contains(bars.Numbers, columns[i]) {
			names = append(names, columns[i].Name)
		}
	}
	return names
}

// mark is the mark before a row.
func (l Line) mark(options Options) cell {
	mark := marks[l.Mark]
	if !options.Color {
		mark.color = ""
	}
	if l.Selected {
		mark.text = ">"
	}
	return mark
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
		line[i] = g.cell(g.columns[i], value)
		switch {
		case !color:
		case row.Selected:
			line[i].color = reversed
		case row.Mark == Gone:
			line[i].color = dim
		case row.Changed != nil && row.Changed[i]:
			line[i].color = bold + line[i].color
		}
	}
	return line
}

// frameLines are the lines of a row behind its mark, cut at the width of the screen, and where the first one ends in
// the grid.
func (g *grid) frameLines(mark cell, line []cell, screen int) (lines []string, end int) {
	for n, cells := range g.folded(line) {
		if n == 0 {
			end = cells[len(cells)-1].to
		}
		for i := range cells {
			if room := screen - 1 - len(gap) - cells[i].from; width(cells[i].text) > room {
				cells[i].text = text.Trim(cells[i].text, max(0, room))
			}
		}
		b := appendBlanks(appendCell(nil, mark), min(len(gap), screen-1))
		lines = append(lines, string(appendPlaced(b, cells)))
		mark = cell{text: " "}
	}
	return lines, end
}

// Fitted is a text cut to the width, with an ellipsis.
func Fitted(s string, limit int) string { return cut(s, limit) }

// Dim is a text that is less bright than others, where the options have colours.
func Dim(s string, options Options) string {
	return string(appendCell(nil, cell{text: s, color: map[bool]string{true: dim}[options.Color]}))
}

// Title is a text in bold, where the options have colours.
func Title(s string, options Options) string {
	return string(appendCell(nil, cell{text: s, color: map[bool]string{true: bold}[options.Color]}))
}
