package render

import (
	"math"
	"slices"
	"strings"
	"time"

	"netql/query/schema"
)

const (
	usualWidth  = 80 // the width of a line where the output has none
	shortestBar = 10 // the longest bar gets at least this many columns, whatever the width
	longestText = 40 // labels are cut to this many columns, so that bars keep their room
)

// eighths are the ends of bars, by how many eighths of their column they fill.
var eighths = [...]rune{' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'}

// writeBars writes each row as its labels, the number in the last column, and a bar that is as long as the number is
// large. It keeps all rows before it writes the first, because the largest number decides how long a bar is.
func (f Format) writeBars(out *output, columns []*schema.Column, rows Rows, options Options) error {
	g := &grid{columns: columns, cellOf: f.cells(options)}
	var lines [][]cell
	var sizes []float64
	failure := out.read(rows, func(row schema.Row) (whole bool) {
		line := g.cells(nil, row)
		length := options.barSize(func(c *schema.Column) any { return c.Get(row) })
		if out.ended() {
			return false
		}
		for i := range line[:len(line)-1] {
			line[i].text = cutValue(columns[i].Type.Kind, line[i].text, longestText)
		}
		lines, sizes = append(lines, line), append(sizes, length)
		return true
	})
	g.measure(append([][]cell{g.names(options)}, lines...))
	scale := g.bars(sizes, options)
	if header := g.header(options); header != nil {
		out.buf = g.appendLine(out.buf, header)
	}
	for i, line := range lines {
		out.buf = g.appendLine(out.buf, line)
		out.buf = append(scale.append(out.buf[:len(out.buf)-1], sizes[i]), '\n')
	}
	return failure
}

// bars is the scale of bars: the largest number gets all the columns that the grid leaves.
type bars struct {
	longest float64 // the largest number
	room    int     // the columns of its bar
	ascii   bool    // bars are of # signs
}

func (g *grid) bars(sizes []float64, options Options) bars {
	return bars{slices.Max(append(sizes, 0)), max(shortestBar, options.width()-g.lineWidth()-len(gap)), options.ASCII}
}

// barSize is the number that the bar of a row shows; 0 where it has none. value gives the row's values.
func (o Options) barSize(value func(*schema.Column) any) float64 {
	if o.Bars == nil || o.Bars.Known != nil && value(o.Bars.Known) == nil {
		return 0
	}
	return size(value(o.Bars.Number))
}

// size is the number that a bar shows of a value; 0 for NULL, for numbers below zero and for what is no number.
func size(v any) float64 {
	switch v := v.(type) {
	case int:
		return max(0, float64(v))
	case float64:
		return max(0, v)
	case time.Duration:
		return max(0, float64(v))
	}
	return 0
}

// append appends a bar, in eighths of a column unless the scale is of ASCII. Any number above 0 gets one at least.
func (s bars) append(b []byte, size float64) []byte {
	if size <= 0 {
		return b
	}
	b = append(b, gap...)
	share := size / s.longest * float64(s.room)
	if s.ascii {
		return append(b, strings.Repeat("#", max(1, int(math.Round(share))))...)
	}
	parts := max(1, int(math.Round(share*8)))
	b = append(b, strings.Repeat("█", parts/8)...)
	if rest := parts % 8; rest > 0 {
		b = append(b, string(eighths[rest])...)
	}
	return b
}
