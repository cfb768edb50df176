package render

import (
	"slices"
	"strings"

	"netql/query/schema"
)

// Widths in columns of the terminal, in the order in which a window that is too narrow takes them.
const (
	comfortable = 24 // of a text, before columns are left out for it
	narrowest   = 10 // of a text, the ellipsis included
)

// fit decides which columns are shown, and how wide they are, so that lines are no wider than the window; a width of 0
// is no limit. Lines that do not fit lose, in this order: the ends of long texts, the columns that the table can spare,
// more of the texts, and at last lines are folded; lines with long addresses are folded first where most lines have
// none. Addresses, numbers and the like are never cut. Where even folded lines do not fit, and where a single row would
// lose anything, rows are shown as records (g.records).
//
// It gives the header without the columns that are left out; rows loses their cells in place.
func (g *grid) fit(o Options, header []cell, rows [][]cell) (kept []cell) {
	g.measure(append([][]cell{header}, rows...))
	g.limit, g.trim = o.Width, o.Width > 0 // what does not fit then is folded
	g.out = make([]bool, len(g.columns))
	for _, name := range o.Quiet {
		if i := g.index(name); i >= 0 && g.left() > 1 {
			g.out[i] = !slices.ContainsFunc(rows, func(row []cell) bool { return !row[i].nothing })
		}
	}
	quiet := slices.Clone(g.out)
	if g.trim && !g.squeeze(comfortable) && !g.mostlyWhole(header, rows) && !g.spare(o.Spare, header, rows) {
		g.foldable(header)
		if !g.lines && (g.lineWidth() > g.limit || g.alone(rows)) {
			g.records, g.out, g.hidden = true, quiet, nil
		}
	}
	return g.leaveOut(header, rows)
}

// mostlyWhole makes columns narrow enough for lines to fit, and says whether no more than half of the lines has to be
// folded then: rather than leaving out a column for the sake of a few long addresses, their lines are folded. Else the
// widths stay as they are.
func (g *grid) mostlyWhole(header []cell, rows [][]cell) bool {
	if g.alone(rows) {
		return false
	}
	natural := slices.Clone(g.widths)
	folded := 0
	if g.foldable(header); g.lineWidth() <= g.limit {
		for _, row := range rows {
			if !g.whole(row) {
				folded++
			}
		}
		if folded <= len(rows)/2 {
			return true
		}
	}
	copy(g.widths, natural)
	return false
}

// alone says whether there is one row, which is shown as a record if it does not fit.
func (g *grid) alone(rows [][]cell) bool { return len(rows) == 1 && !g.live && !g.lines }

// spare leaves out columns that the table can spare, until the lines fit, and says whether they do. A row that is alone
// has nothing to spare.
func (g *grid) spare(spare []string, header []cell, rows [][]cell) bool {
	if g.alone(rows) {
		return false
	}
	natural := slices.Clone(g.widths)
	for _, name := range spare {
		i := g.index(name)
		if i < 0 || g.out[i] || g.left() == 1 {
			continue
		}
		g.out[i] = true
		g.hidden = append(g.hidden, name)
		if copy(g.widths, natural); g.squeeze(comfortable) || g.mostlyWhole(header, rows) {
			return true
		}
	}
	return g.squeeze(narrowest)
}

func (g *grid) index(name string) int {
	return slices.IndexFunc(g.columns, func(c *schema.Column) bool { return c.Name == name })
}

// left is how many columns are not left out.
func (g *grid) left() (n int) {
	for _, out := range g.out {
		if !out {
			n++
		}
	}
	return n
}

// leaveOut removes the columns that are out, and their cells from the rows, in place. It gives the header without them.
func (g *grid) leaveOut(header []cell, rows [][]cell) []cell {
	for n := range rows {
		rows[n] = remaining(g.out, rows[n])
	}
	header = remaining(g.out, header)
	g.columns, g.widths = remaining(g.out, g.columns), remaining(g.out, g.widths)
	g.least, g.out = remaining(g.out, g.least), nil
	for i := range header {
		if g.columns[i].Type.Kind == schema.Series {
			header[i].text = cut(header[i].text, g.widths[i])
		}
	}
	return header
}

// remaining is the list without the elements that are out; an empty list stays as it is.
func remaining[T any](out []bool, list []T) (kept []T) {
	for i, element := range list {
		if !out[i] {
			kept = append(kept, element)
		}
	}
	return kept
}

// squeeze cuts the widest text again and again, down to a least width, and says whether the lines fit then.
func (g *grid) squeeze(least int) bool {
	return g.shrink(func(i int) bool {
		switch g.columns[i].Type.Kind {
		case schema.Time, schema.Series:
			return g.widths[i] > g.least[i]
		}
		return g.shrinkable(i) && g.widths[i] > max(least, g.least[i])
	})
}

// foldable makes columns of addresses no wider than most addresses of their kind, so that only lines with longer ones
// are folded.
func (g *grid) foldable(header []cell) {
	g.shrink(func(i int) bool {
		name := 0
		if header != nil {
			name = width(header[i].text)
		}
		kind := g.columns[i].Type.Kind
		if kind == schema.List {
			kind = g.columns[i].Type.Elem.Kind
		}
		return long(g.columns[i].Type) && g.widths[i] > max(name, usual[kind])
	})
}

// long says whether values of the type may be much longer than most are: those with an IPv6 address in them.
func long(t schema.Type) bool {
	switch t.Kind {
	case schema.Address, schema.Prefix, schema.Endpoint:
		return true
	case schema.List:
		return t.Elem != nil && long(*t.Elem)
	}
	return false
}

// shrink makes the widest column that may shrink narrower, again and again, and says whether the lines fit.
func (g *grid) shrink(may func(i int) bool) bool {
	for g.lineWidth() > g.limit {
		widest := -1
		for i, w := range g.widths {
			if !g.out[i] && may(i) && (widest < 0 || w > g.widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return false
		}
		g.widths[widest]--
		if g.isTime(widest) {
			g.widths[widest] = g.least[widest]
		}
	}
	return true
}

func (g *grid) isTime(i int) bool { return g.columns[i].Type.Kind == schema.Time }

func (g *grid) lineWidth() int {
	sum := -len(gap)
	for i, w := range g.widths {
		if g.out == nil || !g.out[i] {
			sum += w + len(gap)
		}
	}
	return sum
}

// shrinkable says whether the values of a column may be shown in part: texts, lists, times, the samples of a series.
func (g *grid) shrinkable(i int) bool {
	switch g.columns[i].Type.Kind {
	case schema.Text, schema.List, schema.Flags, schema.Object, schema.Any, schema.Time, schema.Series:
		return true
	}
	return false
}

// leastWidth is the width of the shortest form of a cell: a time's date or time of day, the first element of a list
// with the number of the others, no more than the text of anything else.
func leastWidth(c *schema.Column, s string) int {
	switch c.Type.Kind {
	case schema.Time:
		return width(shortTime(s))
	case schema.List:
		if !long(c.Type) {
			return 0
		}
		return width(cutList(s, 0))
	}
	return 0
}

// notShown is a dim line that tells which columns are left out, cut to a width; "" where none is. 0 is no limit.
func (g *grid) notShown(limit int, o Options) string {
	if len(g.hidden) == 0 {
		return ""
	}
	told := cell{text: "not shown: " + strings.Join(g.hidden, ", ") + "; select them, or use a wider window"}
	if limit > 0 {
		told.text = cut(told.text, limit)
	}
	if o.Color {
		told.color = dim
	}
	return string(appendCell(nil, told))
}
