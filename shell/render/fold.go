package render

import "slices"

// placed is a cell at its place in a line: from which column of the terminal to which.
type placed struct {
	cell
	from, to int
}

// folded lays out the cells of a row in as many lines as it takes, in g.limit columns of the terminal. Each cell stands
// under the name of its column, or as far to the left of that as it takes to be whole, in the first line where nothing
// else is in its place. NULL takes no line of its own. Sentences go on below, within their column.
func (g *grid) folded(line []cell) [][]placed {
	var lines [][]placed
	start := 0
	for i, c := range line {
		c = g.fitted(i, c)
		w := width(c.text)
		from := start
		switch {
		case w > g.widths[i] && g.columns[i].Prose:
			for _, part := range Wrapped(c.text, g.widths[i]) {
				lines = place(lines, placed{cell{text: part, color: c.color}, start, start + width(part)})
			}
			start += g.widths[i] + len(gap)
			continue
		case w > g.widths[i]:
			from = max(0, min(start, g.limit-w))
		case rightAligned(g.columns[i]):
			from = start + g.widths[i] - w
		}
		if p := (placed{c, from, from + w}); !c.null || len(lines) == 0 || p.fits(lines[0]) {
			lines = place(lines, p)
		}
		start += g.widths[i] + len(gap)
	}
	return lines
}

// place puts a cell into the first line with room for it, behind or between the cells that are there.
func place(lines [][]placed, p placed) [][]placed {
	for i, line := range lines {
		if p.fits(line) {
			at := slices.IndexFunc(line, func(other placed) bool { return p.to < other.from })
			if at < 0 {
				at = len(line)
			}
			lines[i] = slices.Insert(line, at, p)
			return lines
		}
	}
	return append(lines, []placed{p})
}

// fits says whether there is room for a cell in a line, and for the gaps beside it.
func (p placed) fits(line []placed) bool {
	return !slices.ContainsFunc(line, func(other placed) bool {
		return p.from < other.to+len(gap) && other.from < p.to+len(gap)
	})
}

// appendFolded appends the lines of a row.
func (g *grid) appendFolded(b []byte, line []cell) []byte {
	for _, cells := range g.folded(line) {
		b = append(appendPlaced(b, cells), '\n')
	}
	return b
}

func appendPlaced(b []byte, cells []placed) []byte {
	at := 0
	for _, p := range cells {
		b = appendCell(appendBlanks(b, p.from-at), p.cell)
		at = p.to
	}
	return b
}
