package watch

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"netql/query/schema"
	"netql/shell/render"
)

// view is what a person has chosen to see, and what there is to show.
type view struct {
	query    string
	columns  []*schema.Column
	interval time.Duration
	warnings int

	last, before []row // of the latest sample and the one before
	taken        sample
	late         string // what is to be said of samples that take too long

	paused, help bool
	sorted       int // the column by which rows are sorted; -1: as the query has them
	ascending    bool
	top          int // the first row, or line of help, that is shown
	aside        int // of the rows while help is shown, and the other way round
	page         int // rows that fit
}

// add takes a new sample in.
func (v *view) add(s sample) {
	v.before, v.last, v.taken = v.last, s.rows, s
	if v.last == nil {
		v.last = []row{}
	}
}

// key is what a key does.
type key struct {
	keys []string
	name string // what help calls it
	doc  string
	do   func(v *view)
}

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
	{[]string{"\x1b[B", "\x1bOB", "j"}, "down, j", "the next row", func(v *view) { v.top++ }},
	{[]string{"\x1b[A", "\x1bOA", "k"}, "up, k", "the row before", func(v *view) { v.top-- }},
	{[]string{"\x1b[6~"}, "page down", "the next rows", func(v *view) { v.top += v.page }},
	{[]string{"\x1b[5~"}, "page up", "the rows before", func(v *view) { v.top -= v.page }},
	{[]string{"?", "h"}, "?", "this help", func(v *view) { v.help, v.top, v.aside = !v.help, v.aside, v.top }},
}

// The interval's limits for the keys; a query may say otherwise.
const (
	shortest = 100 * time.Millisecond
	longest  = time.Hour
)

// press does what a key is for; leave says that it is the one to quit.
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

// sortBy chooses a column; before the first and behind the last is the query's own order.
func (v *view) sortBy(column int) {
	n := len(v.columns)
	v.sorted = (column+1+n+1)%(n+1) - 1
	v.ascending = v.sorted >= 0 && !largestFirst(v.columns[v.sorted])
}

// largestFirst says that of such a column people want to see the large ones.
func largestFirst(c *schema.Column) bool { return c.Type.Numeric() || c.Type.Kind == schema.Duration }

// headerLines are the title and the status.
const headerLines = 2

// lines are what a screen of this size shows.
func (v *view) lines(height int, options render.Options) []string {
	if v.help {
		lines := helpLines(options.Width)
		v.page = max(1, height)
		v.top = max(0, min(v.top, len(lines)-v.page))
		return crop(lines[v.top:], height, options.Width)
	}
	table := compare(v.before, v.last)
	v.sort(table)
	v.page = max(1, height-headerLines-1)
	if options.NoHeader {
		v.page++
	}
	v.top = max(0, min(v.top, len(table)-v.page))
	header := []string{render.Title(render.Fitted(v.title(options.Width), options.Width), options),
		render.Fitted(v.status(len(table)), options.Width)}
	shown := table[v.top:min(len(table), v.top+v.page)]
	return crop(append(header, render.Frame(v.columns, shown, v.sorted, options)...), height, 0)
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

// title is the time and the query.
func (v *view) title(room int) string {
	clock := v.taken.at.Format(time.TimeOnly)
	text := schema.Visible(v.query)
	if gap := room - render.Width(text) - len(clock); gap > 0 {
		return text + strings.Repeat(" ", gap) + clock
	}
	return clock + " " + text
}

// status tells how the watch goes.
func (v *view) status(rows int) string {
	parts := []string{"every " + v.interval.String()}
	if v.paused {
		parts[0] = "paused"
	}
	count := fmt.Sprintf("%d rows", len(v.last))
	if len(v.last) == 1 {
		count = "1 row"
	}
	if rows > v.page {
		count = fmt.Sprintf("rows %d-%d of %d", v.top+1, min(rows, v.top+v.page), rows)
	}
	parts = append(parts, count)
	if v.sorted >= 0 {
		direction := "descending"
		if v.ascending {
			direction = "ascending"
		}
		parts = append(parts, "by "+v.columns[v.sorted].Name+" "+direction)
	}
	if v.taken.err != nil {
		parts = append(parts, "error: "+v.taken.err.Error())
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

// lateness says that samples take longer than the interval, or that the machine had no time for them.
func lateness(took, interval time.Duration, missed int) string {
	if took < interval {
		return fmt.Sprintf("%d left out", missed)
	}
	return fmt.Sprintf("a sample took %s, longer than the interval of %s: %d left out", took.Round(time.Millisecond),
		interval, missed)
}

// Keys are the keys of a watch, and what each does.
func Keys() (list []render.Choice) {
	for _, k := range keys {
		list = append(list, render.Choice{Text: k.name, Doc: k.doc})
	}
	return list
}

// rowMarks are the marks before the rows of a watch.
var rowMarks = []render.Choice{{Text: "+", Doc: "a new row"}, {Text: "*", Doc: "a changed one"},
	{Text: "-", Doc: "one that is gone"}}

func helpLines(width int) []string {
	return slices.Concat([]string{"Keys of a watch", ""}, render.Aligned(Keys(), width), []string{"", "Marks", ""},
		render.Aligned(rowMarks, width))
}

// crop leaves what fits; a width of 0 says that the lines fit already.
func crop(lines []string, height, width int) []string {
	lines = lines[:min(len(lines), max(1, height))]
	for i := range lines {
		if width > 0 {
			lines[i] = render.Fitted(lines[i], width)
		}
	}
	return lines
}
