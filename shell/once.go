package shell

import (
	"context"
	"io"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/render"
	"netql/shell/tty"
	"netql/shell/watch"
)

// show runs the plan and writes its answer: once, again and again for a watch, or as events come. warn is called with
// warnings that cannot wait for the end of the answer, in the plan's order. It gives the number of rows, of a watch
// those of its last sample.
func (p *printer) show(ctx context.Context, plan *query.Plan, warn func(string)) (rows int, err error) {
	options := p.planOptions(plan)
	note := func(text string) { p.message("note", "%s", text) }
	if plan.Follows() {
		plan.OnWarning(warn)
	}
	format, err := options.Chosen()
	switch {
	case err != nil:
		return 0, err
	case plan.Watch() == nil:
		return p.once(ctx, plan, options)
	case tty.MovesCursor(p.out) && format.Screen:
		now := func() render.Options { return p.planOptions(plan) }
		screen := watch.Terminal{In: p.in, Out: p.out, Options: now, Note: note, Release: p.free}
		return screen.Show(ctx, plan)
	}
	defer p.endWhenBlocked(ctx)()
	return watch.Append(ctx, p.out, []*query.Plan{plan}, 0, options, warn, note)
}

// once writes one answer, through the pager where it is longer than the screen and a person is at the prompt, and gives
// the number of its rows.
func (p *printer) once(ctx context.Context, plan *query.Plan, options render.Options) (n int, err error) {
	defer p.endWhenBlocked(ctx)()
	line := p.startProgress(plan)
	defer line.stop()
	began := time.Now()
	write := func(ctx context.Context, out io.Writer) error {
		rows := p.belowInterrupt(ctx, rowsFor(ctx, plan, options), line)
		shown := line.above(out)
		if plan.Cut() != nil && !plan.Follows() {
			rows, shown = ifAny(rows, shown)
		}
		until, forget := plan.Until(ctx)
		defer forget()
		n, err = render.Write(until, shown, plan.Schema().Visible(), rows, options)
		if err == nil {
			err = writeSummary(line.above(out), n, time.Since(began), options)
		}
		return err
	}
	if plan.Follows() { // events have no end, and a pager would hold them back
		err = write(ctx, p.out)
	} else {
		options.Pages = p.scrollingRows()
		err = p.paged(ctx, lessForTable, line.stop, write)
	}
	return n, err
}

// rowsFor are the rows of a plan for these options.
func rowsFor(ctx context.Context, plan *query.Plan, options render.Options) query.Rows {
	if options.KeepsRows() {
		return plan.Rows(ctx)
	}
	return plan.RowsInTurn(ctx)
}

// writeSummary writes a dim line with the number of rows and the time that a query took, for a person at a terminal who
// sees a table. Where a pager has the rows, the time is that of the person, and there is no such line; nor where it
// alone would start a pager.
func writeSummary(out io.Writer, rows int, took time.Duration, options render.Options) error {
	format, err := options.Chosen()
	if pages, ok := out.(*pager); err != nil || !options.Terminal || !format.Screen || ok && !pages.hasRoom() {
		return err
	}
	count := counted(rows, "row")
	if rows == 0 {
		count = "no rows"
	}
	text := render.Dim(count+", "+render.Duration(took.Round(max(1, min(took/10, time.Millisecond)))), options)
	if _, err := io.WriteString(out, text+"\n"); err != nil {
		return &render.WriteError{Err: err}
	}
	return nil
}

// belowInterrupt is the rows; where Ctrl-C ends them, it starts a new line below the ^C that the terminal shows, before
// the rows that are still buffered are printed.
func (p *printer) belowInterrupt(ctx context.Context, rows query.Rows, line *progressLine) query.Rows {
	return func(yield func(schema.Row, error) bool) {
		for row, err := range rows {
			if err != nil && interruptedByPerson(ctx) && tty.Is(p.err) {
				if line.stop() {
					io.WriteString(p.err, "^C") // the terminal's own was erased with the progress line
				}
				io.WriteString(p.err, "\n")
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// interruptedByPerson says whether Ctrl-C has ended the context, not the pager, a closed output or a time limit.
func interruptedByPerson(ctx context.Context) bool {
	cause := context.Cause(ctx)
	_, ends := endingOf(ctx)
	return ctx.Err() == context.Canceled && cause != errPagerQuit && cause != errUnread && !ends
}
