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

// show runs the plan once, or again and again. warn is told the plan's warnings that cannot wait, in their order.
func (p *printer) show(ctx context.Context, plan *query.Plan, warn func(string)) error {
	options := p.rendering(plan)
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
		terminal := watch.Terminal{In: p.in, Out: p.out, Options: func() render.Options { return p.rendering(plan) }}
		return terminal.Show(ctx, plan)
	}
	defer p.endWhenBlocked(ctx)()
	note := func(text string) { p.complain("note", "%s", text) }
	return watch.Append(ctx, p.out, []*query.Plan{plan}, options, warn, note)
}

// once shows one answer: in the pager if it is long and a person is at the prompt.
func (p *printer) once(ctx context.Context, plan *query.Plan, options render.Options) error {
	defer p.endWhenBlocked(ctx)()
	line := p.startProgress(plan)
	defer line.stop()
	write := func(ctx context.Context, out io.Writer) error {
		rows := p.belowInterrupt(ctx, plan.Rows(ctx), line)
		_, err := render.Write(ctx, line.above(out), plan.Schema().Visible(), rows, options)
		return err
	}
	if plan.Follows() { // there is no end to turn pages to
		return write(ctx, p.out)
	}
	return p.paged(ctx, lessForTable, line.stop, write)
}

// belowInterrupt starts a new line after the ^C that a terminal shows, before the rest of what was found is printed.
func (p *printer) belowInterrupt(ctx context.Context, rows query.Rows, line *progressLine) query.Rows {
	return func(yield func(schema.Row, error) bool) {
		for row, err := range rows {
			if err != nil && byPerson(ctx) && tty.Is(p.err) {
				if line.stop() {
					io.WriteString(p.err, "^C") // it stood where the line was
				}
				io.WriteString(p.err, "\n")
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// byPerson says whether Ctrl-C has ended the context.
func byPerson(ctx context.Context) bool {
	cause := context.Cause(ctx)
	return ctx.Err() == context.Canceled && cause != errPagerQuit && cause != errUnread
}
