package shell

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"

	"netql/query"
	"netql/shell/tty"
)

// interruptible answers one query, which Ctrl-C ends. A second Ctrl-C kills the program if the first did not end it.
// Where programs reach hosts, these end before the program does.
func (s *session) interruptible(text string) (status int) {
	answer := func(ctx context.Context) int { return s.answer(ctx, text) }
	if s.remote == nil {
		return s.untilSignal(answer, os.Interrupt)
	}
	endTidily(func(ctx context.Context) { status = s.within(ctx, answer, os.Interrupt) })
	return status
}

// untilSignal runs work with a context that the first of these signals ends; a second one has its default effect, which
// kills the program.
func (s *session) untilSignal(work func(context.Context) int, signals ...os.Signal) int {
	return s.within(context.Background(), work, signals...)
}

// within is untilSignal where the context has a parent.
func (s *session) within(parent context.Context, work func(context.Context) int, signals ...os.Signal) int {
	ctx, stop := s.signalContext(parent, signals...)
	defer stop()
	defer context.AfterFunc(ctx, stop)() // which would call stop again, from another thread
	return work(ctx)
}

// signalContext is signal.NotifyContext, and has ended already where Ctrl-C came between Enter and now.
func (s *session) signalContext(
	parent context.Context, signals ...os.Signal,
) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(parent, signals...)
	if s.forgetInterrupts() {
		stop()
	}
	return ctx, stop
}

// forgetInterrupts says whether Ctrl-C came at the prompt while no query ran, and forgets it.
func (s *session) forgetInterrupts() bool {
	select {
	case <-s.interrupts:
		return true
	default:
		return false
	}
}

// ending is the cause of a context that was ended because a signal ends the program.
type ending struct{ signal syscall.Signal }

func (e ending) Error() string { return "the program ends: " + e.signal.String() }

// endingOf is the ending of a context; false where nothing or something else has ended it.
func endingOf(ctx context.Context) (ending, bool) { return errors.AsType[ending](context.Cause(ctx)) }

// endTidily runs work that would leave a temporary file or other programs behind if it were killed: what ends the
// program (tty.Endings) ends its context, and the program after it has returned. A second signal does not wait.
func endTidily(work func(context.Context)) {
	signals := make(chan os.Signal, 1)
	tty.NotifyEnding(signals)
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	ended := make(chan syscall.Signal, 1)
	go func() {
		defer close(ended)
		select {
		case s := <-signals:
			signal.Stop(signals)
			ended <- s.(syscall.Signal)
			cancel(ending{s.(syscall.Signal)})
		case <-ctx.Done():
		}
	}()
	work(ctx)
	cancel(nil)
	if s, ok := <-ended; ok {
		tty.Die(s)
	}
}

// compile makes a plan of a query. Where the query is wrong, it writes why, and ok is false.
func (s *session) compile(text string) (plan *query.Plan, ok bool) {
	plan, err := s.plan(text)
	if err != nil {
		if meant, ok := s.sameQuery(text); ok {
			return meant, true
		}
	}
	s.warnOfNamed(err)
	if err != nil {
		s.wrongQuery(text, err)
	}
	return plan, err == nil
}

// sameQuery is the plan of the query that a line of another program's language is word for word, such as ip route get.
func (s *session) sameQuery(text string) (plan *query.Plan, ok bool) {
	habit := s.habit(text)
	if !habit.Same {
		return nil, false
	}
	plan, err := s.plan(habit.Line)
	return plan, err == nil
}

// answer compiles one query and runs it, or explains it, and gives the exit status. A warning that did not wait for the
// end of the answer is not written again.
func (s *session) answer(ctx context.Context, text string) int {
	defer s.releaseAnswer()
	plan, ok := s.compile(text)
	if !ok {
		return wrong
	}
	if s.options.explain {
		return s.print(visibleLines(s.explanation(plan)))
	}
	rejected := cmp.Or(
		s.rejectIfLive(plan), s.options.checkExpectOf(plan), s.rejectUndrawn(plan, s.planOptions(plan)))
	if err := rejected; err != nil {
		return s.usageFailure("", err)
	}
	ctx, cancel := s.options.limited(ctx)
	defer cancel()
	ctx, release := s.whileRead(ctx, plan)
	defer release()
	warned := false
	rows, err := s.show(ctx, plan, func(warning string) {
		warned = true
		if context.Cause(ctx) != errUnread { // what ended the reading early is then no news
			s.message("warning", "%s", warning)
		}
	})
	status := s.endStatus(ctx, err)
	if !s.closed {
		status = s.warn(plan.NewWarnings().Lines(), status)
	}
	if warned && status == done && s.options.strict {
		status = partial
	}
	return s.expected(status, rows)
}
