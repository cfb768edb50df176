package shell

import (
	"context"
	"io"

	"netql/query"
	"netql/query/schema"
	"netql/shell/render"
	"netql/shell/tty"
	"netql/shell/watch"
)

// show runs the plan and writes its answer: once, again and again for a watch, or as events come. warn is called with
// warnings that cannot wait for the end of the answer, in the plan's order.
func (p *printer) show(ctx context.Context, plan *query.Plan, warn func(string)) error {
	options := p.planOptions(plan)
	if plan.Follows() {
		plan.OnWarning(warn)
	}
	format, err := options.Chosen()
	switch {
	case err != nil:
		return err
	case plan.Watch() == nil:
		return p.once(ctx, plan, options)
	case tty.MovesCursor(p.out) && format.Screen:
		terminal := watch.Terminal{In: p.in, Out: p.out, Options: func() render.Options { return p.planOptions(plan) }}
		return terminal.Show(ctx, plan)
	}
	defer p.endWhenBlocked(ctx)()
	note := func(text string) { p.message("note", "%s", text) }
	return watch.Append(ctx, p.out, []*query.Plan{plan}, options, warn, note)
}

// once writes one answer, through the pager where it is longer than the screen and a person is at the prompt.
func (p *printer) once(ctx context.Context, plan *query.Plan, options render.Options) error {
	defer p.endWhenBlocked(ctx)()
	line := p.startProgress(plan)
	defer line.stop()
	write := func(ctx context.Context, out io.Writer) error {
		rows := p.belowInterrupt(ctx, plan.Rows(ctx), line)
		_, err := render.Write(ctx, line.above(out), plan.Schema().Visible(), rows, options)
		return err
	}
	if plan.Follows() { // events have no end, and a pager would hold them back
		return write(ctx, p.out)
	}
	options.Pages = p.scrollingRows()
	return p.paged(ctx, lessForTable, line.stop, write)
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
	return ctx.Err() == context.Canceled && cause != errPagerQuit && cause != errUnread
}
