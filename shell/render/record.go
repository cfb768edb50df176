package render

import (
	"slices"
	"strconv"
	"strings"

	"github.com/jedib0t/go-pretty/v6/text"

	"netql/query/schema"
)

// writeRecord writes rows one below the other: for each its number, and a line for each value that is not NULL, with
// the name of its column before it. Where the columns have sections, these are headings. Sentences that are wider than
// the window are broken between words, and nothing else is, so that an address can be copied.
func writeRecord(out *output, columns []*schema.Column, rows Rows, options Options) error {
	r := newRecords(columns, options)
	g := &grid{columns: columns, cellOf: screenCell(options)}
	var line []cell
	return out.read(rows, func(row schema.Row) (whole bool) {
		if line = g.cells(line[:0], row); out.ended() {
			return false
		}
		out.buf = r.append(out.buf, line)
		return true
	})
}

// records is the layout of rows as records.
type records struct {
	columns  []*schema.Column
	order    []int // the indices of the columns, with those of one section together
	color    bool
	headings bool // there is more than one section
	numbers  bool // a line with the row's number stands before each
	names    int  // the width of the longest name
	limit    int  // the width of a line, in which longer values go on below; 0 is no limit
	window   int  // the width of a line, in which sentences go on below, broken between words; 0 is no limit
	n        int  // rows so far
}

func newRecords(columns []*schema.Column, o Options) *records {
	r := &records{columns: columns, color: o.Color, numbers: !o.NoHeader, window: o.Width}
	first := map[string]int{} // of each section
	for i, c := range columns {
		r.names = max(r.names, width(cellText(c.Name)))
		r.order = append(r.order, i)
		if _, known := first[c.Section]; !known {
			first[c.Section] = i
		}
	}
	delete(first, "")
	r.headings = len(first) > 1
	first[""] = -1 // what has no section stands before those
	slices.SortStableFunc(r.order, func(i, j int) int { return first[columns[i].Section] - first[columns[j].Section] })
	return r
}

// append appends a row. Between two rows is an empty line.
func (r *records) append(b []byte, line []cell) []byte {
	if r.n++; r.n > 1 {
		b = append(b, '\n')
	}
	if r.numbers {
		b = append(appendCell(b, r.styled("row "+strconv.Itoa(r.n), bold)), '\n')
	}
	section := ""
	for _, i := range r.order {
		c, column := line[i], r.columns[i]
		if c.null {
			continue
		}
		if r.headings && column.Section != section && column.Section != "" {
			section = column.Section
			b = append(appendCell(append(b, gap...), r.styled(cellText(section), dim)), '\n')
		}
		indent := len(gap)
		if r.headings {
			indent += len(gap)
		}
		name := cellText(column.Name)
		b = append(appendBlanks(b, indent), name...)
		b = appendBlanks(b, r.names-width(name)+len(gap))
		if at := indent + r.names + len(gap); column.Prose && r.window > 0 {
			b = appendSentences(b, c, at, r.window)
		} else {
			b = r.appendValue(b, c, at)
		}
	}
	return b
}

// appendValue appends a value that begins at a column of the terminal, and goes on below where it is too wide.
func (r *records) appendValue(b []byte, c cell, at int) []byte {
	rest := c.text
	for room := max(1, r.limit-at); r.limit > 0 && width(rest) > room; {
		head := text.Trim(rest, room)
		if head == "" {
			break
		}
		b = append(appendCell(b, cell{text: head, color: c.color}), '\n')
		b, rest = appendBlanks(b, at), rest[len(head):]
	}
	return append(appendCell(b, cell{text: rest, color: c.color}), '\n')
}

// appendSentences appends sentences that begin at a column of the terminal, in lines of this width.
func appendSentences(b []byte, c cell, at, window int) []byte {
	for i, part := range Wrapped(c.text, max(narrowest, window-at)) {
		if i > 0 {
			b = appendBlanks(b, at)
		}
		b = append(appendCell(b, cell{text: part, color: c.color}), '\n')
	}
	return b
}

func (r *records) styled(text, color string) cell {
	if !r.color {
		color = ""
	}
	return cell{text: text, color: color}
}

// Record lays out a row of a screen as a record. A value that is wider than the screen goes on in the next line.
// Sentences are broken between words.
func Record(columns []*schema.Column, row Line, options Options) []string {
	row.Selected = false
	g := &grid{columns: columns, cellOf: screenCell(options)}
	options.NoHeader = true
	r := newRecords(columns, options)
	r.limit = options.width()
	return strings.Split(strings.TrimSuffix(string(r.append(nil, g.frameCells(row, options.Color))), "\n"), "\n")
}
