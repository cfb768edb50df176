package shell

import (
	"context"
	"io"

	"netql/query"
	"netql/query/schema"
	"netql/shell/render"
	"netql/shell/tty"
)

// once shows one answer: in the pager if it is long and a person is at the prompt.
func (s *session) once(ctx context.Context, plan *query.Plan, options render.Options) error {
	line := s.startProgress(plan)
	defer line.stop()
	if plan.Follows() { // there is no end to turn pages to
		_, err := render.Write(line.above(s.out), plan.Schema().Visible(), s.belowInterrupt(ctx, plan.Rows(ctx), line), options)
		return err
	}
	return s.paged(ctx, lessForTable, line.stop, func(ctx context.Context, out io.Writer) error {
		_, err := render.Write(line.above(out), plan.Schema().Visible(), s.belowInterrupt(ctx, plan.Rows(ctx), line), options)
		return err
	})
}

// belowInterrupt starts a new line after the ^C that a terminal shows, before the rest of what was found is printed.
func (s *session) belowInterrupt(ctx context.Context, rows query.Rows, line *progressLine) query.Rows {
	return func(yield func(schema.Row, error) bool) {
		for row, err := range rows {
			if err != nil && ctx.Err() == context.Canceled && context.Cause(ctx) != errPagerQuit && tty.Is(s.err) {
				if line.stop() {
					io.WriteString(s.err, "^C") // it stood where the line was
				}
				io.WriteString(s.err, "\n")
			}
			if !yield(row, err) {
				return
			}
		}
	}
}
