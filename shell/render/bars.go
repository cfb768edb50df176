package render

import (
	"bytes"
	"math"
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
	g := &grid{columns: columns, cellOf: f.cells(options)}
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
		return true
	})
	g.addShares(chart, lines)
	names := g.names(options)
	g.measure(append([][]cell{names}, lines...))
	pen := g.barPen(chart, options, 0)
	if !options.NoHeader {
		out.buf = pen.appendNames(g.appendLine(out.buf, names), g.padding(names))
	}
	for i, line := range lines {
		out.buf = pen.append(g.appendLine(out.buf, line), g.padding(line), i)
	}
	return failure
}

// cutLabel cuts a long text. Addresses and the like are left whole.
func cutLabel(t schema.Type, s string) string {
	if t.Kind == schema.Text {
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

// padding is how many blanks a line lacks to be as wide as the columns.
func (g *grid) padding(line []cell) int {
	last := len(line) - 1
	if last < 0 || rightAligned(g.columns[last]) {
		return 0
	}
	return max(0, g.widths[last]-width(g.fitted(last, line[last]).text))
}

// barPen draws bars in characters behind the lines of a grid; one without a chart draws none.
type barPen struct {
	*chart
	room         int // the columns of one bar
	ascii, color bool
}

// barPen gives the longest bar all the columns that the cells leave, but for some.
func (g *grid) barPen(c *chart, options Options, but int) barPen {
	room := max(shortestBar, options.width()-g.lineWidth()-len(gap)) - but
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
func (p barPen) append(b []byte, padding, row int) []byte {
	if p.chart == nil {
		return b
	}
	line, end := bytes.CutSuffix(b, []byte{'\n'})
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
	if end {
		line = append(line, '\n')
	}
	return line
}

// appendNames appends the names of two numbers to the line of names, each over its bars.
func (p barPen) appendNames(b []byte, padding int) []byte {
	if p.chart == nil || len(p.Numbers) < 2 {
		return b
	}
	line, end := bytes.CutSuffix(b, []byte{'\n'})
	left, right := cut(cellText(p.Numbers[0].Name), p.room), cut(cellText(p.Numbers[1].Name), p.room)
	line = appendBlanks(line, padding+len(gap)+p.room-width(left))
	line = append(append(append(line, left...), p.axis()...), right...)
	if end {
		line = append(line, '\n')
	}
	return line
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
