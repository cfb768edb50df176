package netstat

import (
	"fmt"
	"net/netip"
	"strings"
	"unicode/utf8"
)

// Layout turns rows into the lines that a manual shows: columns with headings, unless lines or summary is set.
type Layout struct {
	Title []string // lines before everything else
	Every int      // after how many samples the heading is repeated; 0 for each sample
	// Running says that the numbers are those since the sample before, and in the first since the counting began. The
	// first row below each heading has the sums of all samples so far.
	Running bool

	columns []column
	above   func(Row) string     // the line above the heading, which depends on the first row; nil for none
	lines   func(Row) []string   // the lines of one row
	below   func(Row) []string   // the lines below that of the columns; nil for none
	summary func([]Row) []string // the lines of all rows, where they depend on other rows
}

// column is a column of a layout.
type column struct {
	heading string
	width   int // in characters, at least; negative for a column that is aligned to the right
	text    func(Row) string
}

// FreeLayout is a layout of lines that a function makes of each row, below a title.
func FreeLayout(title []string, lines func(Row) []string) Layout {
	return Layout{Title: title, lines: lines}
}

// SummaryLayout is a layout of lines that a function makes of all rows.
func SummaryLayout(summary func([]Row) []string) Layout { return Layout{summary: summary} }

// Heading is the line of the columns' headings; "" if there is none.
func (l *Layout) Heading() string {
	cells := make([]string, len(l.columns))
	for i, c := range l.columns {
		cells[i] = c.heading
	}
	return l.join(cells)
}

// HasAbove says that there is a line above the heading, which depends on the first row.
func (l *Layout) HasAbove() bool { return l.above != nil }

// Above is the line above the heading, for the first row.
func (l *Layout) Above(row Row) string { return l.above(row) }

// NeedsAllRows says that the lines depend on all rows: Summary makes them, and Lines is not called.
func (l *Layout) NeedsAllRows() bool { return l.summary != nil }

// Summary are the lines of all rows.
func (l *Layout) Summary(rows []Row) []string { return l.summary(rows) }

// Lines are the lines of one row.
func (l *Layout) Lines(row Row) []string {
	if l.lines != nil {
		return l.lines(row)
	}
	cells := make([]string, len(l.columns))
	for i, c := range l.columns {
		cells[i] = c.text(row)
	}
	lines := []string{l.join(cells)}
	if l.below != nil {
		lines = append(lines, l.below(row)...)
	}
	return lines
}

// join pads the cells to their widths.
func (l *Layout) join(cells []string) string {
	var b strings.Builder
	for i, cell := range cells {
		if i > 0 {
			b.WriteByte(' ')
		}
		width := l.columns[i].width
		padding := strings.Repeat(" ", max(0, max(width, -width)-utf8.RuneCountInString(cell)))
		if width < 0 {
			b.WriteString(padding)
		}
		b.WriteString(cell)
		if width > 0 {
			b.WriteString(padding)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// textColumn shows a column of the query as text; NULL is empty.
func textColumn(heading string, width int, name string) column {
	return column{heading, width, func(r Row) string { return r.Text(name) }}
}

// numberColumn shows a column of numbers; NULL is 0.
func numberColumn(heading string, width int, name string) column {
	return column{heading, width, func(r Row) string { return fmt.Sprint(r.Number(name)) }}
}

// textColumnOr shows a column of the query as text, with a word for NULL.
func textColumnOr(heading string, width int, name, otherwise string) column {
	return column{heading, width, func(r Row) string { return r.TextOr(name, otherwise) }}
}

// isWildcard says that an address stands for any address: it is NULL, 0.0.0.0 or ::.
func isWildcard(v any) bool {
	switch v := v.(type) {
	case nil:
		return true
	case netip.Addr:
		return v.IsUnspecified()
	case string: // what host() makes of it
		return v == "0.0.0.0" || v == "::"
	}
	return false
}

// spelling is a word as a dialect spells it; the word itself where the dialect spells it the same.
func spelling(words map[string]string, word string) string {
	if other, ok := words[word]; ok {
		return other
	}
	return word
}

// netmask is the mask of an IPv4 prefix in dotted decimal.
func netmask(p netip.Prefix) string {
	mask := uint32(0)
	if p.Bits() > 0 {
		mask = ^uint32(0) << (32 - p.Bits())
	}
	return netip.AddrFrom4([4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)}).String()
}
