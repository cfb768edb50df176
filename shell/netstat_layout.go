package shell

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/netstat"
	"netql/shell/render"
	"netql/shell/watch"
	"netql/sources/multierror"
)

// display is a compiled query of netstat's, and the layout of its rows in the manual.
type display struct {
	name   string
	plan   *query.Plan
	layout netstat.Layout
}

// showDisplays writes the displays: in an aligned format as the manual lays them out, else as any other answer. A watch
// of them ends after so many samples, where these are not 0; warn is called with a warning of it as soon as it is
// known. It gives the number of rows of all displays.
func (p *printer) showDisplays(
	ctx context.Context, displays []display, samples int, warn func(string),
) (rows int, err error) {
	options := p.planOptions(displays[0].plan)
	note := func(text string) { p.message("note", "%s", text) }
	interval := displays[0].plan.Watch()
	for _, d := range displays {
		if d.plan.Follows() {
			d.plan.OnWarning(warn)
		}
	}
	format, err := options.Chosen()
	switch {
	case err != nil:
		return 0, err
	case format.Aligned:
		w := &layoutWriter{printer: p, out: bufio.NewWriter(p.out), header: !p.options.noHeader}
		if interval == nil {
			err := w.sample(ctx, displays)
			return w.rows, err
		}
		err := watch.Repeat(ctx, interval.Interval, note,
			func() (bool, error) {
				err := w.wholeSample(ctx, displays, note)
				return w.samples == samples, err
			})
		return w.rows, err
	}
	if interval != nil {
		plans := make([]*query.Plan, len(displays))
		for i, d := range displays {
			plans[i] = d.plan
		}
		return watch.Append(ctx, p.out, plans, samples, options, warn, note)
	}
	return p.writeDisplays(ctx, displays, options)
}

// writeDisplays writes one answer after the other, or as one document where the format makes one of several.
func (p *printer) writeDisplays(ctx context.Context, displays []display, options render.Options) (rows int, err error) {
	if format, err := options.Chosen(); err == nil && format.OneTable && len(displays) > 1 {
		columns, taken := joined(displays)
		return render.Write(ctx, p.out, columns, p.belowInterrupt(ctx, taken(ctx), p.noProgress()), options)
	}
	var all []render.Answer
	for _, d := range displays {
		written := counting(p.belowInterrupt(ctx, d.plan.Rows(ctx), p.noProgress()), &rows)
		all = append(all, render.Answer{Columns: d.plan.Schema().Visible(), Rows: written})
	}
	err = render.WriteAll(ctx, p.out, all, options)
	return rows, err
}

// counting is the rows, which are counted as they are handed on.
func counting(rows query.Rows, n *int) query.Rows {
	return func(yield func(schema.Row, error) bool) {
		for row, err := range rows {
			if err == nil {
				*n++
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// layoutWriter writes displays as a manual lays them out.
type layoutWriter struct {
	printer *printer
	out     *bufio.Writer
	header  bool           // titles and headings are written
	samples int            // how many are written
	sums    map[string]int // of a layout of running numbers, by column
	rows    int            // how many all displays have had
}

// wholeSample writes one sample of all displays when all of it is there, and leaves out one that is not finished.
func (w *layoutWriter) wholeSample(ctx context.Context, displays []display, note func(string)) error {
	at := time.Now()
	var text bytes.Buffer
	out := w.out
	w.out = bufio.NewWriter(&text)
	err := w.sample(ctx, displays)
	if w.out = out; err != nil {
		note(watch.Unfinished(at))
		return err
	}
	if _, err := w.printer.out.Write(text.Bytes()); err != nil {
		return &render.WriteError{Err: err}
	}
	return nil
}

// sample writes one sample of all displays.
func (w *layoutWriter) sample(ctx context.Context, displays []display) error {
	for _, d := range displays {
		if err := w.display(ctx, d); err != nil {
			_ = w.out.Flush()
			return writeErrorFirst(err)
		}
	}
	w.samples++
	if err := w.out.Flush(); err != nil {
		return &render.WriteError{Err: err}
	}
	return nil
}

// display writes one sample of one display. Lines of the rows before an error are written.
func (w *layoutWriter) display(ctx context.Context, d display) error {
	columns := map[string]*schema.Column{}
	for _, c := range d.plan.Schema().Visible() {
		columns[c.Name] = c
	}
	headingDue := w.header && (d.layout.Every == 0 || w.samples%d.layout.Every == 0)
	if headingDue && !d.layout.HasAbove() {
		if err := w.lines(append(d.layout.Title, headings(d.layout)...)); err != nil {
			return err
		}
		if err := w.flushEvents(d); err != nil {
			return err
		}
	}
	var rows []netstat.Row
	line := w.printer.startProgress(d.plan)
	defer line.stop()
	for record, err := range counting(w.printer.belowInterrupt(ctx, d.plan.Rows(ctx), line), &w.rows) {
		line.stop()
		if err != nil {
			return multierror.Join(w.lines(summary(d.layout, rows)), err)
		}
		row := func(name string) any {
			if c := columns[name]; c != nil {
				return c.Get(record)
			}
			return nil
		}
		if d.layout.Running {
			row = w.running(row, headingDue || w.samples%d.layout.Every == 0)
		}
		if d.layout.NeedsAllRows() {
			rows = append(rows, row)
			continue
		}
		lines := d.layout.Lines(row)
		if headingDue && d.layout.HasAbove() {
			headingDue = false
			lines = append([]string{d.layout.Above(row), d.layout.Heading()}, lines...)
		}
		if err := w.lines(lines); err != nil {
			return err
		}
		if err := w.flushEvents(d); err != nil {
			return err
		}
	}
	return w.lines(summary(d.layout, rows))
}

// flushEvents writes what there is, if the display's rows are events, which come one by one and without end.
func (w *layoutWriter) flushEvents(d display) error {
	if !d.plan.Follows() {
		return nil
	}
	if err := w.out.Flush(); err != nil {
		return &render.WriteError{Err: err}
	}
	return nil
}

// running adds the numbers of a row to the sums. What it gives are the sums themselves below a heading, since the
// counting began, and else the row's own numbers.
func (w *layoutWriter) running(row netstat.Row, belowHeading bool) netstat.Row {
	if w.sums == nil {
		w.sums = map[string]int{}
	}
	seen := map[string]int{}
	return func(name string) any {
		n, ok := row(name).(int)
		if !ok {
			return row(name)
		}
		if _, again := seen[name]; !again {
			w.sums[name] += n
			seen[name] = w.sums[name]
		}
		if belowHeading {
			return seen[name]
		}
		return n
	}
}

// headings is the line of headings; none where the layout has none.
func headings(l netstat.Layout) []string {
	if heading := l.Heading(); heading != "" {
		return []string{heading}
	}
	return nil
}

// summary are the lines of all rows; none where each row has its own.
func summary(l netstat.Layout, rows []netstat.Row) []string {
	if !l.NeedsAllRows() {
		return nil
	}
	return l.Summary(rows)
}

func (w *layoutWriter) lines(lines []string) error {
	for _, line := range lines {
		if _, err := io.WriteString(w.out, line+"\n"); err != nil {
			return &render.WriteError{Err: err}
		}
	}
	return nil
}

// writeErrorFirst is the *render.WriteError in an error, if there is one, and else the error: where the output cannot
// be written, nothing else matters.
func writeErrorFirst(err error) error {
	var failure *render.WriteError
	if errors.As(err, &failure) {
		return failure
	}
	return err
}
