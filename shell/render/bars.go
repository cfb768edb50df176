package render

import (
	"math"
	"strings"
	"time"

	"netql/query/schema"
)

const (
	usualWidth  = 80 // of a picture that goes nowhere in particular
	shortestBar = 10 // bars never get less room than this, whatever the width
	longestText = 40 // labels are cut to this, so that bars keep their room
)

// eighths are the ends of a bar, by how much of the last place they fill.
var eighths = []rune(" ▏▎▍▌▋▊▉")

// writeBars writes each row as its labels, the number in the last column, and a bar that is as long as the number is
// large. All rows are looked at before the first is written, for the longest bar is the width of the screen.
func writeBars(out *output, columns []*schema.Column, rows Rows, options Options) error {
	g := &grid{columns: columns, cellOf: options.cells()}
	var lines [][]cell
	var sizes []float64
	number := columns[len(columns)-1]
	var failure error
	for row, err := range rows {
		if err != nil {
			failure = err
			break
		}
		line := g.cells(nil, row)
		for i := range line[:len(line)-1] {
			line[i].text = cut(line[i].text, longestText, columns[i].Type.Kind == schema.Endpoint)
		}
		lines, sizes = append(lines, line), append(sizes, size(number.Get(row)))
	}
	header := g.header(options)
	g.measure(append([][]cell{header}, lines...))
	room := max(shortestBar, options.width()-g.lineWidth()-len(gap))
	longest := 0.0
	for _, s := range sizes {
		longest = max(longest, s)
	}
	if header != nil {
		out.buf = g.appendLine(out.buf, header)
	}
	for i, line := range lines {
		out.buf = g.appendLine(out.buf, line)
		out.buf = append(appendBar(out.buf[:len(out.buf)-1], sizes[i]/longest, room, options.ASCII), '\n')
		out.rows++
	}
	return failure
}

// size is what a bar shows of a value; nothing of NULL and of what is below zero.
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

// appendBar draws a share of the room, in eighths of a place where the terminal has such characters. What is not nothing is
// seen.
func appendBar(b []byte, share float64, room int, plain bool) []byte {
	if math.IsNaN(share) || share <= 0 {
		return b
	}
	b = append(b, gap...)
	if plain {
		return append(b, strings.Repeat("#", max(1, int(math.Round(share*float64(room)))))...)
	}
	parts := max(1, int(math.Round(share*float64(room*8))))
	b = append(b, strings.Repeat("█", parts/8)...)
	if rest := parts % 8; rest > 0 {
		b = append(b, string(eighths[rest])...)
	}
	return b
}
