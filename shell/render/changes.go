package render

import (
	"io"
	"strconv"
	"strings"

	"netql/query/schema"
)

// Changes are the rows of a table in which two answers differ.
type Changes struct {
	Table   string
	Columns []*schema.Column // tell which row it is
	Keys    int              // the columns from here on are needed only where those before do not tell rows apart
	Rows    []RowChange
}

// RowChange is a row that is new, gone or changed.
type RowChange struct {
	Mark    Mark
	Values  []any
	Changed []schema.ValueChange
}

// changeMarks are the signs of changes, in the order of the summary, and their colours.
var changeMarks = []struct {
	mark Mark
	sign cell
}{{New, cell{text: "+", color: green}}, {Gone, cell{text: "-", color: red}}, {Changed, cell{text: "~", color: yellow}}}

func signOf(m Mark) cell {
	for _, s := range changeMarks {
		if s.mark == m {
			return s.sign
		}
	}
	return cell{}
}

// WriteChanges writes changes for people: how many there are in each table, and then all of them, table by table.
// footer is a last, dim line; "" for none. No value is cut: what does not fit in a line is wrapped between values.
func WriteChanges(w io.Writer, tables []Changes, footer string, options Options) error {
	var b []byte
	widest := 0
	for _, t := range tables {
		widest = max(widest, width(t.Table))
	}
	for _, t := range tables {
		b = append(b, padded(t.Table, widest)...)
		b = append(t.appendCounts(b, options), '\n')
	}
	if len(tables) == 0 {
		b = append(b, "no differences\n"...)
	}
	for _, t := range tables {
		b = append(append(append(b, '\n'), Title(t.Table, options)...), '\n')
		b = t.append(b, options)
	}
	if footer != "" {
		if len(tables) > 0 {
			b = append(b, '\n')
		}
		for _, line := range Wrapped(footer, max(1, options.width()-1)) {
			b = append(append(b, Dim(line, options)...), '\n')
		}
	}
	if _, err := w.Write(b); err != nil {
		return &WriteError{err}
	}
	return nil
}

// appendCounts appends the numbers of changes: "  +3 -2 ~5".
func (c Changes) appendCounts(b []byte, options Options) []byte {
	count := map[Mark]int{}
	for _, row := range c.Rows {
		count[row.Mark]++
	}
	blanks := gap
	for _, s := range changeMarks {
		if n := count[s.mark]; n > 0 {
			counted := s.sign
			counted.text += strconv.Itoa(n)
			b = appendCell(append(b, blanks...), counted.in(options))
			blanks = " "
		}
	}
	return b
}

// in is the cell as the options want it: without its colour where they have none.
func (c cell) in(options Options) cell {
	if !options.Color {
		c.color = ""
	}
	return c
}

// append appends the changes: side by side where the widest fits, else each with the names of its values.
func (c Changes) append(b []byte, options Options) []byte {
	c.Columns, c.Rows = c.needed()
	plain := options
	plain.Color = false
	g := &grid{columns: c.Columns, cellOf: screenCell(plain)}
	lines := make([][]cell, len(c.Rows))
	for i, row := range c.Rows {
		for j, column := range c.Columns {
			lines[i] = append(lines[i], g.cellOf(column, row.Values[j]))
		}
	}
	header := g.names(Options{Color: options.Color})
	g.measure(append([][]cell{header}, lines...))
	aligned := options.Width == 0 || g.lineWidth()+len(changeIndent) <= options.Width
	if aligned && len(c.Columns) > 0 {
		b = g.appendLine(append(b, changeIndent...), header)
	}
	for i, row := range c.Rows {
		sign := signOf(row.Mark).in(options)
		var text []string
		if aligned {
			text = []string{sign.text + gap + strings.TrimSuffix(string(g.appendLine(nil, lines[i])), "\n")}
		} else {
			text = namedValues(sign.text, c.Columns, row, lines[i], options.Width)
		}
		text = append(text, changedValues(row.Changed, plain)...)
		for _, line := range text {
			b = append(appendCell(b, cell{text: strings.TrimRight(line, " "), color: sign.color}), '\n')
		}
	}
	return b
}

// changeIndent is as wide as a sign and the gap behind it.
const changeIndent = "   "

// needed are the columns that have a value in any row, those of the key only where the others are equal in two rows.
func (c Changes) needed() (columns []*schema.Column, rows []RowChange) {
	end := len(c.Columns)
	if c.Keys > 0 && c.distinct(c.Keys) {
		end = c.Keys
	}
	rows = make([]RowChange, len(c.Rows))
	for i, row := range c.Rows {
		rows[i] = RowChange{Mark: row.Mark, Changed: row.Changed}
	}
	for j, column := range c.Columns[:end] {
		some := false
		for _, row := range c.Rows {
			some = some || row.Values[j] != nil
		}
		if !some {
			continue
		}
		columns = append(columns, column)
		for i := range rows {
			rows[i].Values = append(rows[i].Values, c.Rows[i].Values[j])
		}
	}
	return columns, rows
}

// distinct says whether the first columns tell the rows with the same sign apart.
func (c Changes) distinct(columns int) bool {
	seen := map[any]bool{}
	for _, row := range c.Rows {
		id := schema.Key(append([]any{int(row.Mark)}, row.Values[:columns]...))
		if seen[id] {
			return false
		}
		seen[id] = true
	}
	return true
}
