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
	picture := append([]string{render.Fitted(v.title(options.Width), options.Width)},
		render.Frame(v.columns, shown, -1, options).Lines()...)
	if len(shown) < len(lines) {
		picture = append(picture, fmt.Sprintf("rows %d-%d of %d", top+1, top+len(shown), len(lines)))
	}
	return picture
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
		parts = append(parts, v.dropped.failure())
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
