package netstat

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"

	"netql/query/schema"
)

// Row gives the values of a row by the columns' names in the query.
type Row func(column string) any

func (r Row) text(column string) string { return schema.Visible(schema.Format(r(column))) }

// number is a number; 0 where it is NULL, as the manuals show it.
func (r Row) number(column string) int {
	n, _ := r(column).(int)
	return n
}

// seconds is a duration in seconds; 0 where it is NULL.
func (r Row) seconds(column string) float64 {
	d, _ := r(column).(time.Duration)
	return d.Seconds()
}

// prefix is a prefix; the zero one where it is NULL.
func (r Row) prefix(column string) netip.Prefix {
	p, _ := r(column).(netip.Prefix)
	return p
}

// Layout turns rows into the lines that a manual shows.
type Layout struct {
	Title []string // lines before everything else
	Every int      // how many lines a heading is good for; 0: each sample has its own

	columns []column
	above   func(Row) string     // a line above the heading, which needs the row that follows
	lines   func(Row) []string   // of a row, instead of columns
	all     func([]Row) []string // of all rows, instead of columns, where lines depend on other rows
}

// column is one of a layout that has a heading.
type column struct {
	heading string
	width   int // at least; negative: to the right
	text    func(Row) string
}

// Heading is the line above the rows; "" if there is none.
func (l *Layout) Heading() string {
	cells := make([]string, len(l.columns))
	for i, c := range l.columns {
		cells[i] = c.heading
	}
	return l.join(cells)
}

// Needs says that the heading needs the row that follows: Above is a part of it.
func (l *Layout) Needs() bool { return l.above != nil }

// Above is the line above the heading, which is of the row that follows; "" if there is none.
func (l *Layout) Above(row Row) string {
	if l.above == nil {
		return ""
	}
	return l.above(row)
}

// Together says that the lines depend on all rows: Summary makes them.
func (l *Layout) Together() bool { return l.all != nil }

// Summary are the lines of all rows.
func (l *Layout) Summary(rows []Row) []string { return l.all(rows) }

// Lines are the lines of one row.
func (l *Layout) Lines(row Row) []string {
	if l.lines != nil {
		return l.lines(row)
	}
	cells := make([]string, len(l.columns))
	for i, c := range l.columns {
		cells[i] = c.text(row)
	}
	return []string{l.join(cells)}
}

// join pads the cells to their widths.
func (l *Layout) join(cells []string) string {
	var b strings.Builder
	for i, cell := range cells {
		if i > 0 {
			b.WriteByte(' ')
		}
		padding := strings.Repeat(" ", max(0, max(l.columns[i].width, -l.columns[i].width)-utf8.RuneCountInString(cell)))
		if l.columns[i].width < 0 {
			b.WriteString(padding)
		}
		b.WriteString(cell)
		if l.columns[i].width > 0 {
			b.WriteString(padding)
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// shown is a column of the query as it is; NULL is nothing.
func shown(heading string, width int, name string) column {
	return column{heading, width, func(r Row) string { return r.text(name) }}
}

// numeral is a number; NULL is 0.
func numeral(heading string, width int, name string) column {
	return column{heading, width, func(r Row) string { return fmt.Sprint(r.number(name)) }}
}

// orElse is a column with a word for NULL.
func orElse(heading string, width int, name, otherwise string) column {
	return column{heading, width, func(r Row) string {
		if r(name) == nil {
			return otherwise
		}
		return r.text(name)
	}}
}

// address is an address as text, without its zone: the classic netstats know none.
func (r Row) address(column string) string {
	text, _, _ := strings.Cut(r.text(column), "%")
	return text
}

// isWildcard says that an address stands for all of them.
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

// port is a port as text, or * where it is open.
func (r Row) port(column string) string {
	if text := r.text(column); text != "" && text != "0" {
		return text
	}
	return "*"
}

// version6 is the protocol's name with a 6 where the socket is one of IPv6.
func (r Row) version6(short map[string]string) string {
	name := r.text("proto")
	if other := short[name]; other != "" {
		name = other
	}
	if r.text("family") == "inet6" {
		name += "6"
	}
	return name
}

// spelling gives words as a dialect has them, the others as they are.
func spelling(words map[string]string, word string) string {
	if other, ok := words[word]; ok {
		return other
	}
	return word
}

// netmask is the mask of a prefix as four numbers.
func netmask(p netip.Prefix) string {
	mask := uint32(0)
	if p.Bits() > 0 {
		mask = ^uint32(0) << (32 - p.Bits())
	}
	return netip.AddrFrom4([4]byte{byte(mask >> 24), byte(mask >> 16), byte(mask >> 8), byte(mask)}).String()
}
