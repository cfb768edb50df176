package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
	"netql/shell/render"
	"netql/shell/watch"
)

// interruptible answers one query, which Ctrl-C ends. A second Ctrl-C kills the program if it still hangs somewhere.
func (s *session) interruptible(text string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop)
	return s.answer(ctx, text)
}

// answer compiles one query and runs it, or explains it.
func (s *session) answer(ctx context.Context, text string) int {
	plan, err := query.Compile(text, s.catalog)
	if err != nil {
		return s.reject(text, err)
	}
	if s.options.explain {
		return s.print(visibleLines(plan.Query() + "\n\n" + plan.Explain() + "\n"))
	}
	if s.options.timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.options.timeout)
		defer cancel()
	}
	told := 0
	err = s.show(ctx, plan, func(warning string) {
		told++
		s.complain("warning", "%s", warning)
	})
	status := s.verdict(ctx, err)
	if !s.closed {
		status = s.warn(plan.Warnings()[told:], status)
	}
	return status
}

// show runs the plan once, or again and again. warn is told the plan's warnings that cannot wait, in their order.
func (s *session) show(ctx context.Context, plan *query.Plan, warn func(string)) error {
	options := s.rendering(plan)
	switch {
	case plan.Watch() == nil:
		_, err := render.Write(s.out, plan.Schema().Visible(), s.belowInterrupt(ctx, plan.Rows(ctx)), options)
		return err
	case options.Terminal && os.Getenv("TERM") != "dumb" && (options.Format == render.Auto || options.Format == "table"):
		terminal := watch.Terminal{In: s.in, Out: s.out, Options: func() render.Options { return s.rendering(plan) }}
		return terminal.Show(ctx, plan)
	}
	return watch.Append(ctx, s.out, []*query.Plan{plan}, options, warn, func(text string) { s.complain("note", "%s", text) })
}

// belowInterrupt starts a new line after the ^C that a terminal shows, before the rest of what was found is printed.
func (s *session) belowInterrupt(ctx context.Context, rows query.Rows) query.Rows {
	return func(yield func(schema.Row, error) bool) {
		for row, err := range rows {
			if err != nil && errors.Is(ctx.Err(), context.Canceled) && isTerminal(s.err) {
				io.WriteString(s.err, "\n")
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// reject shows what is wrong with a command or query.
func (s *session) reject(text string, err error) int {
	var inQuery *syntax.Error
	var inCommand *usageError
	switch {
	case errors.As(err, &inQuery):
		fmt.Fprintf(s.err, "%s%s\n", s.place, inQuery.Show(text))
	case errors.As(err, &inCommand) && inCommand.hint != "":
		s.complain("error", "%v", err)
		fmt.Fprintf(s.err, "hint: %s\n", schema.Visible(inCommand.hint))
	default:
		s.complain("error", "%v", err)
	}
	return wrong
}

// verdict turns the end of a query into a status, and says what a person has to know about it.
func (s *session) verdict(ctx context.Context, err error) int {
	var writing *render.WriteError
	switch {
	case err == nil:
		return done
	case errors.As(err, &writing):
		return s.writeFailed(writing.Err)
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		s.complain("warning", "stopped after %v: the answer is not complete", s.options.timeout)
		return timedOut
	case ctx.Err() != nil:
		return interrupted
	}
	s.complain("error", "%v", err)
	return failed
}

// writeFailed judges a failed write to the output. That nobody reads any more (`| head`) is no failure.
func (s *session) writeFailed(err error) int {
	if errors.Is(err, syscall.EPIPE) {
		s.closed = true
		return done
	}
	s.complain("error", "cannot write the output: %v", err)
	return failed
}

// warn tells why an answer is partial, which makes a good status a bad one if the person is strict.
func (s *session) warn(warnings []string, status int) int {
	for _, warning := range warnings {
		s.complain("warning", "%s", warning)
	}
	if status == done && s.options.strict && len(warnings) > 0 {
		return partial
	}
	return status
}

// rendering says how rows are shown where the output goes now; a terminal may have changed its width.
func (s *session) rendering(plan *query.Plan) render.Options {
	o := render.Options{Format: s.options.format, NoHeader: s.options.noHeader, Bars: plan.Bars(), Live: plan.Follows(), ASCII: !unicodeLocale()}
	o.Width, o.Terminal = terminalWidth(s.out)
	if s.options.width >= 0 {
		o.Width = s.options.width
	}
	switch s.options.color {
	case "always":
		o.Color = true
	case "auto":
		o.Color = o.Terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return o
}

// unicodeLocale says whether the person's locale has more characters than ASCII (locale(7)).
func unicodeLocale() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := os.Getenv(name); locale != "" {
			folded := strings.ToUpper(strings.ReplaceAll(locale, "-", ""))
			return strings.Contains(folded, "UTF8")
		}
	}
	return false
}

// visibleLines makes text of several lines safe for a terminal.
func visibleLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = schema.Visible(line)
	}
	return strings.Join(lines, "\n")
}
