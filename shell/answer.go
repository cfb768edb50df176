package shell

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
	"netql/shell/render"
	"netql/shell/tty"
	"netql/shell/watch"
)

// interruptible answers one query, which Ctrl-C ends. A second Ctrl-C kills the program if it still hangs somewhere.
func (s *session) interruptible(text string) int {
	return untilSignal(func(ctx context.Context) int { return s.answer(ctx, text) }, os.Interrupt)
}

// untilSignal does work whose context ends with a signal. The second one has its usual effect.
func untilSignal(work func(context.Context) int, signals ...os.Signal) int {
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	defer stop()
	context.AfterFunc(ctx, stop)
	return work(ctx)
}

// limited ends a context when the time is over that the person gave.
func (s *session) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.options.timeout > 0 {
		return context.WithTimeout(ctx, s.options.timeout)
	}
	return context.WithCancel(ctx)
}

// compile makes a plan of a query, or tells what is wrong with it.
func (s *session) compile(text string) (plan *query.Plan, ok bool) {
	plan, err := query.Compile(text, s.catalog())
	if err != nil {
		s.reject(text, s.orWord(text, err))
	}
	return plan, err == nil
}

// answer compiles one query and runs it, or explains it.
func (s *session) answer(ctx context.Context, text string) int {
	defer s.letGo()
	plan, ok := s.compile(text)
	if !ok {
		return wrong
	}
	if s.options.explain {
		return s.print(visibleLines(plan.Query() + "\n\n" + plan.Explain() + "\n"))
	}
	if err := s.happens(plan); err != nil {
		return s.reject("", err)
	}
	ctx, cancel := s.limited(ctx)
	defer cancel()
	told := 0
	err := s.show(ctx, plan, func(warning string) {
		told++
		s.complain("warning", "%s", warning)
	})
	status := s.verdict(ctx, err)
	if !s.closed {
		warnings := plan.Warnings()
		status = s.warn(warnings[min(told, len(warnings)):], status)
	}
	if told > 0 && status == done && s.options.strict {
		return partial
	}
	return status
}

// happens refuses a plan that waits for something to happen in a capture.
func (s *session) happens(plan *query.Plan) error {
	if s.captured == nil {
		return nil
	}
	return momentary(plan)
}

// momentary refuses a plan that more than one moment answers.
func momentary(plan *query.Plan) error {
	if need := plan.Live(); need != "" {
		return usagef("%s, and a capture is one moment that has passed", need).
			withHint("leave it out, or compare two captures: netql diff A B")
	}
	return nil
}

// show runs the plan once, or again and again. warn is told the plan's warnings that cannot wait, in their order.
func (s *session) show(ctx context.Context, plan *query.Plan, warn func(string)) error {
	options := s.rendering(plan)
	if plan.Follows() {
		plan.OnWarning(warn)
	}
	format, err := options.Chosen()
	switch {
	case err != nil:
		return err
	case plan.Watch() == nil:
		return s.once(ctx, plan, options)
	case tty.MovesCursor(s.out) && format.Screen:
		terminal := watch.Terminal{In: s.in, Out: s.out, Options: func() render.Options { return s.rendering(plan) }}
		return terminal.Show(ctx, plan)
	}
	return watch.Append(ctx, s.out, []*query.Plan{plan}, options, warn, func(text string) { s.complain("note", "%s", text) })
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
	o := s.look()
	o.Bars, o.Live = plan.Bars(), plan.Follows()
	return o
}

// look is how rows are shown that no plan has anything to say about.
func (s *session) look() render.Options {
	o := render.Options{Format: s.options.format, NoHeader: s.options.noHeader, ASCII: !unicodeLocale()}
	o.Width, o.Terminal = tty.Width(s.out)
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
