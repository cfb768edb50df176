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
	proseWidth  = 36 // of sentences, which go on below
)

// fit decides which columns are shown, and how wide they are, so that lines are no wider than the window; a width of 0
// is no limit. Lines that do not fit lose, in this order: the ends of long texts, and columns that the table can spare,
// as few as it takes; lines with long addresses are folded where most lines have none. Where all that does not do, no
// column is lost if narrower texts or more folded lines will do instead. Addresses, numbers and the like are never cut.
// Where even folded lines do not fit, and where a single row would lose anything, rows are shown as records
// (g.records).
//
// Columns that say nothing in any of the rows are not there, but only where these are all rows.
//
// It gives the header without the columns that are left out; rows loses their cells in place.
func (g *grid) fit(o Options, header []cell, rows [][]cell) (kept []cell) {
	g.measure(append([][]cell{header}, rows...))
	g.limit, g.trim = o.Width, o.Width > 0 // what does not fit then is folded
	g.out = make([]bool, len(g.columns))
	for _, name := range o.Quiet {
		if i := g.index(name); i >= 0 && g.left() > 1 && !g.partial {
			g.out[i] = !slices.ContainsFunc(rows, func(row []cell) bool { return !row[i].nothing })
		}
	}
	natural := slices.Clone(g.widths)
	if g.trim && !g.squeeze(comfortable) {
		g.narrow(append(g.nulls(o, rows), o.Spare...), header, rows)
		g.widen(natural)
	}
	return g.leaveOut(header, rows)
}

// widen gives columns of sentences the room that columns have left which were left out.
func (g *grid) widen(natural []int) {
	for i, c := range g.columns {
		if c.Prose && !g.out[i] && !g.records {
			g.widths[i] += max(0, min(natural[i]-g.widths[i], g.limit-g.lineWidth()))
		}
	}
}

// narrow makes lines fit that are still too wide when their texts are cut. A row that is alone is a record instead.
func (g *grid) narrow(spare []string, header []cell, rows [][]cell) {
	alone := len(rows) == 1 && !g.live && !g.lines
	switch {
	case !alone && g.sparing(spare, func() bool { return g.squeeze(comfortable) || g.mostlyWhole(header, rows) }):
	case !alone && g.sparing(spare, func() bool { return g.squeeze(narrowest) || g.foldable(header) }):
	case !g.lines:
		g.records = true
	default:
		for _, name := range spare {
			g.spare(name)
		}
		g.foldable(header)
	}
}

// sparing leaves out as many of the columns, the first of them first, as it takes until the lines fit, and says whether
// they do. Where they do not, all columns are there again.
func (g *grid) sparing(spare []string, fits func() bool) bool {
	natural, all := slices.Clone(g.widths), slices.Clone(g.out)
	if fits() {
		return true
	}
	for _, name := range spare {
		if copy(g.widths, natural); g.spare(name) && fits() {
			return true
		}
	}
	copy(g.widths, natural)
	g.out, g.hidden = all, nil
	return false
}

// spare leaves out a column, if it is there and not the only one.
func (g *grid) spare(name string) bool {
	i := g.index(name)
	if i < 0 || g.out[i] || g.left() == 1 {
		return false
	}
	g.out[i] = true
	g.hidden = append(g.hidden, name)
	return true
}

// mostlyWhole makes columns narrow enough for lines to fit, and says whether no more than half of the lines has to be
// folded then: rather than leaving out a column for the sake of a few long addresses, their lines are folded.
func (g *grid) mostlyWhole(header []cell, rows [][]cell) bool {
	if !g.foldable(header) {
		return false
	}
	folded := 0
	for _, row := range rows {
		if !g.whole(row) {
			folded++
		}
	}
	return folded <= len(rows)/2
}

// nulls are the columns that are NULL in every row, which a window that is too narrow goes without before others, the
// last of them first. A query may have chosen them, and columns of which no row is known yet are not among them.
func (g *grid) nulls(o Options, rows [][]cell) (names []string) {
	for i := len(g.columns) - 1; i >= 0 && o.Defaults && len(rows) > 0 && !g.partial; i-- {
		if !slices.ContainsFunc(rows, func(row []cell) bool { return !row[i].null }) {
			names = append(names, g.columns[i].Name)
		}
	}
	return names
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
		if g.columns[i].Prose {
			return g.widths[i] > max(proseWidth, width(g.columns[i].Name))
		}
		switch g.columns[i].Type.Kind {
		case schema.Time, schema.Series:
			return g.widths[i] > g.least[i]
		}
		return g.shrinkable(i) && g.widths[i] > max(least, g.least[i])
	})
}

// foldable makes columns of addresses no wider than most addresses of their kind, so that only lines with longer ones
// are folded, and says whether lines fit then.
func (g *grid) foldable(header []cell) bool {
	return g.shrink(func(i int) bool {
		name := 0
		if header != nil {
			name = width(header[i].text)
		}
		kind := g.columns[i].Type.Kind
		switch {
		case kind == schema.List:
			kind = g.columns[i].Type.Elem.Kind
		case g.columns[i].Whole:
			kind = schema.Endpoint
		}
		return (g.columns[i].Whole || long(g.columns[i].Type)) && g.widths[i] > max(name, usual[kind])
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
	if g.columns[i].Whole || g.columns[i].Prose {
		return false
	}
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

// notShown tells which columns are left out; "" where none is.
func (g *grid) notShown() string {
	if len(g.hidden) == 0 {
		return ""
	}
	return "not shown: " + strings.Join(g.hidden, ", ") + "; select them, or use a wider window"
}

// appendNotShown appends that as dim lines, broken between words.
func (g *grid) appendNotShown(b []byte, o Options) []byte {
	told := g.notShown()
	if told == "" {
		return b
	}
	for _, line := range Wrapped(told, g.limit) {
		b = append(append(b, Dim(line, o)...), '\n')
	}
	return b
}
