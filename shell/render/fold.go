package render

// placed is a cell at its place in a line: from which column of the terminal to which.
type placed struct {
	cell
	from, to int
}

// folded lays out the cells of a row in as many lines as it takes, in g.limit columns of the terminal. Each cell stands
// under the name of its column, or as far to the left of that as it takes to be whole, in the first line where nothing
// else is in its place.
func (g *grid) folded(line []cell) [][]placed {
	var lines [][]placed
	start := 0
	for i, c := range line {
		c = g.fitted(i, c)
		w := width(c.text)
		from := start
		switch {
		case w > g.widths[i]:
			from = max(0, min(start, g.limit-w))
		case rightAligned(g.columns[i]):
			from = start + g.widths[i] - w
		}
		lines = place(lines, placed{c, from, from + w})
		start += g.widths[i] + len(gap)
	}
	return lines
}

// place puts a cell into the first line with room for it, behind or between the cells that are there.
func place(lines [][]placed, p placed) [][]placed {
	for i, line := range lines {
		at, free := len(line), true
		for j, other := range line {
			if p.from < other.to+len(gap) && other.from < p.to+len(gap) {
				free = false
			}
			if p.to < other.from {
				at = min(at, j)
			}
		}
		if free {
			lines[i] = append(line[:at:at], append([]placed{p}, line[at:]...)...)
			return lines
		}
	}
	return append(lines, []placed{p})
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
