package watch

import (
	"slices"

	"netql/shell/render"
)

// visible are the lines of the rows that the screen has room for, with the names of the columns above them: of those
// from v.top on, or further down where the selected row would not be among them.
func (v *view) visible(table []render.Line, height int, options render.Options) []string {
	selected := v.index()
	if selected >= 0 && selected < v.top {
		v.top = selected
	}
	for down := false; ; {
		room := max(1, height-headerLines)
		v.top = max(0, min(v.top, len(table)-1))
		framed := render.Frame(v.columns, table[v.top:min(len(table), v.top+room)], v.sorted, options)
		var header, lines []string
		if framed.Header != "" {
			header = []string{framed.Header}
		}
		if framed.NotShown != "" && room > 8 {
			header = append(header, framed.NotShown)
		}
		room = max(1, room-len(header))
		v.page = 0
		for _, row := range framed.Rows {
			if v.page > 0 && len(lines)+len(row) > room {
				break
			}
			lines = append(lines, row...)
			v.page++
		}
		v.page = max(1, v.page)
		switch last := v.top + v.page; {
		case selected >= last:
			down = true
			v.top = max(v.top+1, selected-v.page+1)
		case last >= len(table) && v.top > 0 && len(lines) < room && !down:
			if v.top--; !v.fits(table, room, options) {
				v.top++
				return append(header, lines...)
			}
		default:
			return append(header, lines...)
		}
	}
}

// fits says whether all rows from v.top on have room in so many lines.
func (v *view) fits(table []render.Line, room int, options render.Options) bool {
	n := 0
	for _, row := range render.Frame(v.columns, table[v.top:], v.sorted, options).Rows {
		n += len(row)
	}
	return n <= room
}

// index is the place of the selected row; -1 where none is selected, or it is no longer there.
func (v *view) index() int {
	if v.selected == nil {
		return -1
	}
	return slices.Index(v.rows, v.selected)
}

// move selects the row so many places further down; the first one that is shown where none is selected.
func (v *view) move(by int) {
	if v.help {
		v.top += by
		return
	}
	if len(v.rows) == 0 {
		return
	}
	i := v.index()
	if i < 0 {
		i, by = min(v.top, len(v.rows)-1), 0
	}
	v.selected, v.recordTop = v.rows[max(0, min(i+by, len(v.rows)-1))], 0
}

// turn shows the next page, or with -1 the one before: of help, of a record, or of the rows, of which the selected one
// moves along.
func (v *view) turn(by int) {
	switch i := v.index(); {
	case v.help:
		v.top += by * v.page
	case v.record && i >= 0:
		v.recordTop += by * v.page
	default:
		v.top += by * v.page
		if i >= 0 {
			v.move(by * v.page)
		}
	}
}

// toggleRecord shows the selected row as a record, or the first one that is shown, and then all rows again.
func (v *view) toggleRecord() {
	if v.index() < 0 {
		v.record = false
		v.move(0)
	}
	v.record, v.recordTop = !v.record && v.index() >= 0, 0
}
