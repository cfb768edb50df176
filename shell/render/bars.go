package render

import (
	"bytes"
	"math"
	"slices"
	"strings"

	"netql/query/schema"
)

const (
	usualWidth  = 80 // the width of a line where the output has none
	shortestBar = 10 // the longest bar gets at least this many columns, whatever the width
	longestText = 40 // labels are cut to this many columns, so that bars keep their room
)

// eighths are the ends of bars, by how many eighths of their column they fill.
var eighths = [...]rune{' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'}

// writeBars writes each row as its cells and a bar for each number that is drawn. It keeps all rows before it writes
// the first.
func (f Format) writeBars(out *output, columns []*schema.Column, rows Rows, options Options) error {
	options.Color = options.Color && !f.Exact
	g := &grid{columns: columns, cellOf: f.cells(options), lines: true}
	chart := &chart{Bars: *options.Bars}
	var lines [][]cell
	failure := out.read(rows, func(row schema.Row) (whole bool) {
		line, before := g.cells(nil, row), len(chart.rows)
		chart.add(columns, func(c *schema.Column) any { return c.Get(row) })
		if out.ended() {
			chart.rows = chart.rows[:before]
			return false
		}
		for i := range line {
			line[i].text = cutLabel(columns[i].Type, line[i].text)
		}
		lines = append(lines, line)
		options.keep(chart.rowSize() + sizeOf(line))
		return true
	})
	g.addShares(chart, lines)
	inside := options
	switch {
	case f.Exact:
		inside.Width, inside.Quiet = 0, nil
	case options.Width > 0:
		inside.Width = max(1, options.Width-len(gap)-shortestBar)
		inside.Spare = slices.Concat(options.Spare, lastFirst(columns, options.Bars))
	}
	names := g.fit(inside, g.names(options), lines)
	pen := g.barPen(chart, options)
	if !options.NoHeader {
		out.buf = g.appendBeside(out.buf, names, pen.appendNames)
	}
	for i, line := range lines {
		out.buf = g.appendBeside(out.buf, line, func(b []byte, padding int) []byte { return pen.append(b, padding, i) })
	}
	out.buf = g.appendNotShown(out.buf, options)
	return failure
}

// appendBeside appends the lines of a row, of which a function fills the first one: it is told how many blanks that
// lacks to be as wide as the columns.
func (g *grid) appendBeside(b []byte, line []cell, fill func(b []byte, padding int) []byte) []byte {
	for i, cells := range g.folded(line) {
		start := len(b)
		b = appendPlaced(b, cells)
		if i == 0 {
			b = append(b[:start], fill(slices.Clone(b[start:]), g.lineWidth()-cells[len(cells)-1].to)...)
		}
		b = append(b, '\n')
	}
	return b
}

// cutLabel cuts a long text. Addresses and the like are left whole.
func cutLabel(t schema.Type, s string) string {
	switch t.Kind {
	case schema.Text, schema.List, schema.Object, schema.Any:
		return cutValue(t, s, longestText)
	}
	return s
}

// addShares settles the chart, and adds cells for what per cent of the sum numbers are, where that is wanted.
func (g *grid) addShares(c *chart, lines [][]cell) {
	c.settle()
	shares := c.shares()
	g.columns = append(g.columns[:len(g.columns):len(g.columns)], shares...)
	for row := range lines {
		for i := range shares {
			lines[row] = append(lines[row], cell{text: c.share(row, i)})
		}
	}
}

// barPen draws bars in characters behind the lines of a grid; one without a chart draws none.
type barPen struct {
	*chart
	room         int // the columns of one bar
	ascii, color bool
}

// barPen gives the longest bar all the columns that the cells leave.
func (g *grid) barPen(c *chart, options Options) barPen {
	room := max(shortestBar, options.width()-g.lineWidth()-len(gap))
	if c != nil && len(c.Numbers) == 2 {
		room = (room - 1) / 2
	}
	return barPen{c, room, options.ASCII, options.Color}
}

// axis stands between two bars that grow away from each other.
func (p barPen) axis() string {
	if p.ascii {
		return "|"
	}
	return "│"
}

// append appends the bars of a row to its line, which lacks so many blanks to be as wide as the others.
func (p barPen) append(line []byte, padding, row int) []byte {
	if p.chart == nil {
		return line
	}
	right := p.bar(row, len(p.Numbers)-1)
	switch {
	case len(p.Numbers) == 2:
		left := p.leftBar(row)
		line = appendBlanks(line, padding+len(gap)+p.room-width(left))
		line = p.colored(append(p.colored(line, row, left), p.axis()...), row, right)
	case right == "":
		line = bytes.TrimRight(line, " ") // below shares
	default:
		line = p.colored(appendBlanks(line, padding+len(gap)), row, right)
	}
	return line
}

// appendNames appends the names of two numbers to the line of names, each over its bars.
func (p barPen) appendNames(line []byte, padding int) []byte {
	if p.chart == nil || len(p.Numbers) < 2 {
		return line
	}
	left, right := cut(cellText(p.Numbers[0].Name), p.room), cut(cellText(p.Numbers[1].Name), p.room)
	line = appendBlanks(line, padding+len(gap)+p.room-width(left))
	return append(append(append(line, left...), p.axis()...), right...)
}

// colored appends a bar in the colour of its row's state.
func (p barPen) colored(b []byte, row int, bar string) []byte {
	c := cell{text: bar}
	if p.color && bar != "" {
		c.color = levelColors[p.rows[row].level]
	}
	return appendCell(b, c)
}

// bar is one that grows to the right, in eighths of a column unless it is of ASCII. Any number above 0 gets one.
func (p barPen) bar(row, number int) string {
	length := p.length(row, number)
	if length <= 0 {
		return ""
	}
	if p.ascii {
		return strings.Repeat("#", max(1, int(math.Round(length*float64(p.room)))))
	}
	return blockBar(length, p.room)
}

// blockBar is a bar of blocks.
func blockBar(length float64, room int) string {
	parts := max(1, int(math.Round(length*float64(room)*8)))
	bar := strings.Repeat("█", parts/8)
	if rest := parts % 8; rest > 0 {
		bar += string(eighths[rest])
	}
	return bar
}

// leftBar is the bar of the first of two numbers, which grows to the left: in halves of a column, because there are no
// characters for eighths on that side.
func (p barPen) leftBar(row int) string {
	length := p.length(row, 0)
	switch {
	case length <= 0:
		return ""
	case p.ascii:
		return p.bar(row, 0)
	}
	halves := max(1, int(math.Round(length*float64(p.room)*2)))
	return strings.Repeat("▐", halves%2) + strings.Repeat("█", halves/2)
}
