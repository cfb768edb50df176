package render

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
	"unsafe"

	"github.com/jedib0t/go-pretty/v6/text"

	"netql/query/schema"
)

const (
	window = 2000 // how many rows are read before the widths are decided
	gap    = "  " // between two columns: a value may contain a single blank, but never two
)

// cell is one value as it is shown: text without control characters, and the SGR sequence of its colour or "".
type cell struct {
	text, color string
	null        bool // the value is NULL
	nothing     bool // the value is NULL, 0, or the like
}

// sizeOf is about how many bytes cells take.
func sizeOf(line []cell) int {
	bytes := len(line) * int(unsafe.Sizeof(cell{}))
	for _, c := range line {
		bytes += len(c.text)
	}
	return bytes
}

// grid is the layout of aligned columns, for plain and table: the first rows decide the widths, which later rows keep.
type grid struct {
	columns []*schema.Column
	widths  []int
	least   []int    // the width of the widest cell of each column when all are cut as much as they can be
	limit   int      // the width of the window; 0 is no limit
	records bool     // rows are shown as records, one value below the other
	out     []bool   // which columns are left out, while that is being decided
	hidden  []string // the columns that are left out because the window is too narrow
	lines   bool     // a row is never shown as a record
	slack   int      // how much wider than its column a text may be in rows behind those that decided the widths
	partial bool     // there may be more rows than those that decide the layout
	live    bool     // the widths are decided before there are rows
	trim    bool     // texts wider than their column are cut, and lines with other values that are wider are folded
	cellOf  func(c *schema.Column, v any) cell
	// appendValues appends a row behind the first ones without making cells; nil where there have to be cells.
	appendValues func(b []byte, row schema.Row) []byte
	// appendRow appends a row behind the first ones: appendLine, unless settling the layout has chosen another.
	appendRow func(b []byte, line []cell) []byte
}

// write reads the first rows, has settle decide the widths and append these rows, and then appends row by row. Live
// output settles without rows.
func (g *grid) write(out *output, rows Rows, settle func(b []byte, first [][]cell) []byte) error {
	var first [][]cell
	settled := out.live
	g.appendRow = g.appendLine
	if g.live, g.partial = out.live, out.live; g.live {
		out.buf = settle(out.buf, nil)
		g.slack = max(0, g.limit-g.lineWidth())
		if err := out.flush(); err != nil {
			return err
		}
	}
	var line []cell
	err := out.read(rows, func(row schema.Row) (whole bool) {
		if settled && g.appendValues != nil {
			return out.append(row, g.appendValues)
		}
		if line = g.cells(line[:0], row); out.ended() {
			return false
		}
		if settled {
			out.buf = g.appendRow(out.buf, line)
			return true
		}
		if first = append(first, slices.Clone(line)); len(first) == window {
			settled, g.partial = true, true
			out.buf = settle(out.buf, first)
			g.slack = max(0, g.limit-g.lineWidth())
			first = nil
		}
		return true
	})
	if !settled {
		out.buf = settle(out.buf, first)
	}
	return err
}

// cells appends the cells of a row to a line.
func (g *grid) cells(line []cell, row schema.Row) []cell {
	for _, c := range g.columns {
		line = append(line, g.cell(c, c.Get(row)))
	}
	return line
}

// cell is the cell of a value.
func (g *grid) cell(c *schema.Column, v any) cell {
	shown := g.cellOf(c, v)
	shown.null, shown.nothing = v == nil, nothing(v)
	return shown
}

// nothing says whether a value is NULL, 0, false, or an empty text or list.
func nothing(v any) bool {
	switch v := v.(type) {
	case []string:
		return len(v) == 0
	case []any:
		return len(v) == 0
	case nil, string, int, float64, bool, time.Duration:
		return v == nil || v == "" || v == 0 || v == 0.0 || v == false || v == time.Duration(0)
	}
	return false
}

// header is the line of column names; none under NoHeader.
func (g *grid) header(o Options) []cell {
	if o.NoHeader {
		return nil
	}
	return g.names(o)
}

// names are the cells of the columns' names, which count for the widths: where they are shown, and where they were
// shown above (Options.Above).
func (g *grid) names(o Options) []cell {
	if o.NoHeader && !o.Above {
		return nil
	}
	line := make([]cell, len(g.columns))
	for i, c := range g.columns {
		line[i].text = cellText(o.label(c))
		if o.Color {
			line[i].color = bold
		}
	}
	return line
}

// measure sets the width of every column to that of its widest cell in the lines.
func (g *grid) measure(lines [][]cell) {
	g.widths, g.least = make([]int, len(g.columns)), make([]int, len(g.columns))
	for n, line := range lines {
		for i, c := range line {
			w := width(c.text)
			g.widths[i] = max(g.widths[i], w)
			if n == 0 { // the names, of which that of a series has the ends of its scale behind it
				g.least[i] = min(w, width(g.columns[i].Name))
			} else {
				g.least[i] = max(g.least[i], leastWidth(g.columns[i], c.text))
			}
		}
	}
	if g.live {
		g.expect()
	}
}

// appendLine appends a line of cells, padded to the widths of their columns, without blanks at its end.
func (g *grid) appendLine(b []byte, line []cell) []byte {
	if g.trim && !g.whole(line) && !g.pushes(line) {
		return g.appendFolded(b, line)
	}
	for i, c := range line {
		if i > 0 {
			b = append(b, gap...)
		}
		c = g.fitted(i, c)
		padding := g.widths[i] - width(c.text)
		if rightAligned(g.columns[i]) {
			b = appendCell(appendBlanks(b, padding), c)
			continue
		}
		b = appendCell(b, c)
		if i < len(line)-1 {
			b = appendBlanks(b, padding)
		}
	}
	return append(b, '\n')
}

// pushes says whether a line that came after the widths were decided fits into the window where its wide cells push
// what is behind them to the right.
func (g *grid) pushes(line []cell) bool {
	sum := len(gap) * (len(line) - 1)
	for i, c := range line {
		sum += max(g.widths[i], width(g.fitted(i, c).text))
	}
	return g.slack > 0 && sum <= g.limit
}

// whole says whether each cell of a line fits into its column.
func (g *grid) whole(line []cell) bool {
	for i, c := range line {
		if (g.out == nil || !g.out[i]) && width(g.fitted(i, c).text) > g.widths[i] {
			return false
		}
	}
	return true
}

// fitted is the cell, cut to the width of its column where texts are cut.
func (g *grid) fitted(i int, c cell) cell {
	if g.trim && g.shrinkable(i) {
		c.text = cutValue(g.columns[i].Type, c.text, g.widths[i]+g.slack)
	}
	return c
}

func appendBlanks(b []byte, n int) []byte {
	for range n {
		b = append(b, ' ')
	}
	return b
}

func appendCell(b []byte, c cell) []byte {
	if c.color == "" {
		return append(b, c.text...)
	}
	return append(append(append(b, c.color...), c.text...), reset...)
}

// cellText is a text as it stands between two gaps: with control characters escaped, never empty, and with \x20 for
// blanks at its ends and beside others.
func cellText(s string) string {
	if s == "" {
		return `""`
	}
	s = schema.Visible(s)
	if s[0] == ' ' || s[len(s)-1] == ' ' || strings.Contains(s, gap) {
		return string(appendSingleBlanks(nil, s))
	}
	return s
}

// appendSingleBlanks appends a text with \x20 for blanks at its ends and beside others.
func appendSingleBlanks(b []byte, s string) []byte {
	for i := range len(s) {
		if s[i] == ' ' && (i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			b = append(b, `\x20`...)
			continue
		}
		b = append(b, s[i])
	}
	return b
}

// rightAligned says whether the column is aligned to the right: it holds numbers.
func rightAligned(c *schema.Column) bool { return slices.Contains(numbers, c.Type.Kind) }

var numbers = []schema.Kind{schema.Int, schema.Float, schema.Port, schema.Duration}

// width is how many columns of a terminal the text takes.
func width(s string) int {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return text.StringWidthWithoutEscSequences(s)
		}
	}
	return len(s)
}
