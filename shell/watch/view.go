package watch

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"netql/query/schema"
	"netql/shell/render"
)

// view is the state of a watch on a screen: the latest samples, and what the person's keys have chosen.
type view struct {
	query    string
	columns  []*schema.Column
	interval time.Duration // between samples
	warnings int           // how many the plan has given

	last, before []row // the rows of the latest sample and of the one before; nil for none
	taken        sample
	late         string // the message that samples were skipped; "" for none
	dropped      sample // the sample behind the latest, which was not finished; zero for none
	waiting      bool   // for the second sample: values of the first one cannot be computed

	paused, help bool
	sorted       int // the index of the column by which rows are sorted; -1 for the query's order
	ascending    bool
	top          int // the index of the first row that is shown, or of the first line of help or of a record
	otherTop     int // the same of the rows while help is shown, and of help while rows are
	page         int // how many rows fit

	rows      []any // the identities of the rows, in the order in which they are shown
	selected  any   // the identity of the row that the keys have chosen; nil for none
	record    bool  // the selected row alone is shown, as a record
	recordTop int   // the index of the first line of the record that is shown
}

// add makes a new sample the latest. One that was not finished is only told of.
func (v *view) add(s sample) {
	if v.dropped = s; s.err != nil {
		return
	}
	v.dropped = sample{}
	v.before, v.last, v.taken, v.waiting = v.last, s.rows, s, false
	if v.last == nil {
		v.last = []row{}
	}
}

// key is an action of the keyboard.
type key struct {
	keys []string // the letters or sequences that ask for it
	name string   // what help calls these
	doc  string
	do   func(v *view) // nil for the key that quits
}

// keys are all keys of a watch.
var keys = []key{
	{[]string{"q"}, "q", "quit; so does Ctrl-C", nil},
	{[]string{" "}, "space", "pause, and go on", func(v *view) { v.paused = !v.paused }},
	{[]string{"+", "="}, "+", "a shorter interval", func(v *view) { v.interval = max(shortest, v.interval/2) }},
	{[]string{"-", "_"}, "-", "a longer interval", func(v *view) { v.interval = min(longest, v.interval*2) }},
	{[]string{"\x1b[C", "\x1bOC", "s"}, "right, s", "sort by the next column",
		func(v *view) { v.sortBy(v.sorted + 1) }},
	{[]string{"\x1b[D", "\x1bOD", "S"}, "left, S", "sort by the column before",
		func(v *view) { v.sortBy(v.sorted - 1) }},
	{[]string{"r"}, "r", "the other way round", func(v *view) { v.ascending = !v.ascending }},
	{[]string{"\x1b[B", "\x1bOB", "j"}, "down, j", "select the next row", func(v *view) { v.move(1) }},
	{[]string{"\x1b[A", "\x1bOA", "k"}, "up, k", "select the row before", func(v *view) { v.move(-1) }},
	{[]string{"\x1b[6~"}, "page down", "the next rows", func(v *view) { v.turn(1) }},
	{[]string{"\x1b[5~"}, "page up", "the rows before", func(v *view) { v.turn(-1) }},
	{[]string{"\r", "\n"}, "enter", "all values of the selected row, and back", (*view).toggleRecord},
	{[]string{"?", "h"}, "?", "this help", func(v *view) { v.help, v.top, v.otherTop = !v.help, v.otherTop, v.top }},
}

// The limits of the interval for the keys + and -; a query may have a shorter or longer one.
const (
	shortest = 100 * time.Millisecond
	longest  = time.Hour
)

// press does the action of a key; leave says that it is the key that quits. Other keys do nothing.
func (v *view) press(pressed string) (leave bool) {
	for _, k := range keys {
		if slices.Contains(k.keys, pressed) {
			if k.do == nil {
				return true
			}
			k.do(v)
		}
	}
	return false
}

// sortBy sorts by a column; before the first column and behind the last comes the query's own order.
func (v *view) sortBy(column int) {
	n := len(v.columns)
	v.sorted = (column+1+n+1)%(n+1) - 1
	v.ascending = v.sorted >= 0 && !largestFirst(v.columns[v.sorted])
}

// largestFirst says that sorting by a column begins with its largest values: those of numbers and durations.
func largestFirst(c *schema.Column) bool { return c.Type.Numeric() || c.Type.Kind == schema.Duration }

// headerLines is the number of lines above the rows: title and status.
const headerLines = 2

// lines are the lines of a screen of this height, and of the options' width.
func (v *view) lines(height int, options render.Options) []string {
	if v.help {
		lines := helpLines(options.Width)
		v.page = max(1, height)
		v.top = max(0, min(v.top, len(lines)-v.page))
		return crop(lines[v.top:], height, options.Width)
	}
	table := compare(v.before, v.last)
	v.sort(table)
	v.rows = v.rows[:0]
	for i := range table {
		v.rows = append(v.rows, table[i].ID)
		table[i].Selected = v.selected != nil && table[i].ID == v.selected
	}
	header := []string{render.Title(render.Fitted(v.title(options.Width), options.Width), options)}
	if v.last == nil {
		waiting := "waiting for the first sample"
		if v.waiting {
			waiting = "waiting for the second sample, to compare it with the first"
		}
		header = append(header, render.Fitted(v.status(0), options.Width), render.Fitted(waiting, options.Width))
		return crop(header, height, 0)
	}
	if i := v.index(); v.record && i >= 0 {
		lines := render.Record(v.columns, table[i], options)
		v.recordTop = max(0, min(v.recordTop, len(lines)-max(1, height-headerLines)))
		header = append(header, render.Fitted(v.recordStatus(i), options.Width))
		return crop(append(header, lines[v.recordTop:]...), height, 0)
	}
	shown := v.visible(table, height, options)
	header = append(header, render.Fitted(v.status(len(table)), options.Width))
	return crop(append(header, shown...), height, 0)
}

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

// picture are the lines of the rows that the screen shows, without what only a screen needs: the title is there, and
// the rows that are there now.
func (v *view) picture(options render.Options) []string {
	if v.last == nil {
		return nil
	}
	lines := compare(nil, v.last)
	v.sort(lines)
	top := min(v.top, len(lines))
	if v.help {
		top = min(v.otherTop, len(lines))
	}
	shown := lines[top:min(len(lines), top+max(1, v.page))]
	options.Color = false
	return append([]string{render.Fitted(v.title(options.Width), options.Width)},
		render.Frame(v.columns, shown, -1, options).Lines()...)
}

func (v *view) sort(lines []render.Line) {
	if v.sorted < 0 {
		return
	}
	column := v.columns[v.sorted]
	slices.SortStableFunc(lines, func(a, b render.Line) int {
		x, y := a.Values[v.sorted], b.Values[v.sorted]
		c := column.Type.Compare(x, y)
		if !v.ascending && x != nil && y != nil {
			return -c
		}
		return c
	})
}

// title is the query and the time of the sample, in a line of room columns.
func (v *view) title(room int) string {
	text := schema.Visible(v.query)
	if v.taken.at.IsZero() {
		return text
	}
	clock := v.taken.at.Format(render.MillisOfDay)
	if gap := room - render.Width(text) - len(clock); gap > 0 {
		return text + strings.Repeat(" ", gap) + clock
	}
	return clock + " " + text
}

// recordStatus is the line below the title while the row at this place is shown as a record.
func (v *view) recordStatus(i int) string {
	parts := []string{"every " + v.interval.String(), fmt.Sprintf("row %d of %d", i+1, len(v.rows))}
	if v.paused {
		parts[0] = "paused"
	}
	return strings.Join(append(parts, "enter: all rows, q quit"), " · ")
}

// status is the line below the title: the interval, which of the rows are shown, order, errors and warnings.
func (v *view) status(rows int) string {
	parts := []string{"every " + v.interval.String()}
	if v.paused {
		parts[0] = "paused"
	}
	switch n := len(v.last); {
	case rows > v.page:
		parts = append(parts, fmt.Sprintf("rows %d-%d of %d", v.top+1, min(rows, v.top+v.page), rows))
	case n == 1:
		parts = append(parts, "1 row")
	case v.last != nil:
		parts = append(parts, fmt.Sprintf("%d rows", n))
	}
	if v.sorted >= 0 {
		direction := "descending"
		if v.ascending {
			direction = "ascending"
		}
		parts = append(parts, "by "+v.columns[v.sorted].Name+" "+direction)
	}
	if v.dropped.err != nil {
		parts = append(parts, "error: "+v.dropped.err.Error()+": "+v.dropped.unfinished())
	}
	if v.warnings == 1 {
		parts = append(parts, "1 warning")
	} else if v.warnings > 1 {
		parts = append(parts, fmt.Sprintf("%d warnings", v.warnings))
	}
	if v.late != "" {
		parts = append(parts, v.late)
	}
	return schema.Visible(strings.Join(append(parts, "? help, q quit"), " · "))
}

// lateness is the message that samples were skipped: because one took longer than the interval, or because the program
// had no processor for a while.
func lateness(took, interval time.Duration, missed int) string {
	if took < interval {
		return fmt.Sprintf("%d skipped", missed)
	}
	return fmt.Sprintf("a sample took %s, longer than the interval of %s: %d skipped", took.Round(time.Millisecond),
		interval, missed)
}

// Keys are the keys of a watch with their docs, for help.
func Keys() (list []render.Choice) {
	for _, k := range keys {
		list = append(list, render.Choice{Text: k.name, Doc: k.doc})
	}
	return list
}

// rowMarks are the marks before the rows of a watch with their docs, for help.
var rowMarks = []render.Choice{{Text: "+", Doc: "a new row"}, {Text: "*", Doc: "a changed one"},
	{Text: "-", Doc: "one that is gone"}}

func helpLines(width int) []string {
	return slices.Concat([]string{"Keys of a watch", ""}, render.Aligned(Keys(), width), []string{"", "Marks", ""},
		render.Aligned(rowMarks, width))
}

// crop is the first lines, up to a height, each cut to a width; 0 leaves the widths.
func crop(lines []string, height, width int) []string {
	lines = lines[:min(len(lines), max(1, height))]
	for i := range lines {
		if width > 0 {
			lines[i] = render.Fitted(lines[i], width)
		}
	}
	return lines
}
