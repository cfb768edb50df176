package shell

import (
	"context"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"netql/query"
	"netql/shell/tty"
)

// interruptible answers one query, which Ctrl-C ends. A second Ctrl-C kills the program if it still hangs somewhere.
func (s *session) interruptible(text string) int {
	return untilSignal(func(ctx context.Context) int { return s.answer(ctx, text) }, os.Interrupt)
}

// untilSignal does work whose context ends with a signal. The second one has its usual effect.
func untilSignal(work func(context.Context) int, signals ...os.Signal) int {
	signals = slices.DeleteFunc(signals, func(s os.Signal) bool { // what nohup(1) ignores
		return s == syscall.SIGHUP && signal.Ignored(s)
	})
	ctx, stop := signal.NotifyContext(context.Background(), signals...)
	defer stop()
	context.AfterFunc(ctx, stop)
	return work(ctx)
}

// tidied does work that leaves a file if it is killed: SIGTERM and SIGHUP end its context, and the program when it has
// returned. What shall live on (nohup(1)) is not ended.
func tidied(work func(context.Context)) {
	signals := make(chan os.Signal, 1)
	for _, ending := range []os.Signal{syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(ending) {
			signal.Notify(signals, ending)
		}
	}
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan syscall.Signal, 1)
	go func() {
		defer close(ended)
		select {
		case s := <-signals:
			ended <- s.(syscall.Signal)
			cancel()
		case <-ctx.Done():
		}
	}()
	work(ctx)
	cancel()
	if s, ok := <-ended; ok {
		tty.Die(s)
	}
}

// compile makes a plan of a query, or tells what is wrong with it.
func (s *session) compile(text string) (plan *query.Plan, ok bool) {
	plan, err := query.Compile(text, s.catalog, s.state())
	if err != nil {
		s.reject(text, s.orWord(text, err))
	}
	return plan, err == nil
}

// answer compiles one query and runs it, or explains it.
func (s *session) answer(ctx context.Context, text string) int {
	defer s.releaseAnswer()
	plan, ok := s.compile(text)
	if !ok {
		return wrong
	}
	if s.options.explain {
		return s.print(visibleLines(plan.Query() + "\n\n" + plan.Explain() + "\n"))
	}
	if err := s.rejectIfLive(plan); err != nil {
		return s.reject("", err)
	}
	ctx, cancel := s.options.limited(ctx)
	defer cancel()
	ctx, release := s.whileRead(ctx, plan)
	defer release()
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
