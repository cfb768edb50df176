package watch

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"

	"netql/query"
	"netql/shell/render"
	"netql/shell/tty"
)

// Terminal is the terminal of a watch in place.
type Terminal struct {
	In      io.Reader             // the keyboard
	Out     io.Writer             // the screen
	Options func() render.Options // how rows are rendered now; their width is not used, but the screen's
	Note    func(text string)     // tells a message to the person, when the watch has ended
	Release func()                // closes what the plan holds open, where a signal ends the program
}

// Show shows samples in place, until a key or the watch's condition ends it, an error, or the end of the context. As
// the alternate screen is gone then, all rows of the last sample are printed if the condition ended it, and what the
// screen showed if a person or a time limit did. It gives the number of rows of the last sample, -1 if there was none.
func (t Terminal) Show(ctx context.Context, plan *query.Plan) (rows int, err error) {
	w := &watching{
		terminal: t, screen: newScreen(t.In, t.Out), plan: plan, first: plan.FirstLacks(),
		view: view{query: plan.Query(), columns: plan.Schema().Visible(), interval: plan.Watch().Interval, sorted: -1},
	}
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, append(tty.Endings(), unix.SIGWINCH, unix.SIGTSTP)...)
	defer signal.Stop(signals)
	if err := w.screen.enter(); err != nil {
		return 0, &render.WriteError{Err: err}
	}
	ending := w.loopAndLeave(ctx, signals)
	if s, ok := errors.AsType[killed](ending); ok {
		t.Release()
		tty.Die(s.signal)
	}
	if rows = len(w.view.last); w.view.last == nil {
		rows = -1
	}
	return rows, cmp.Or(ending, w.printLast(ctx, ending))
}

// loopAndLeave runs the loop, and leaves the screen when the loop ends or panics.
func (w *watching) loopAndLeave(ctx context.Context, signals <-chan os.Signal) (err error) {
	defer func() {
		if failure := w.screen.leave(); failure != nil && err == nil {
			err = &render.WriteError{Err: failure}
		}
	}()
	return w.loop(ctx, signals)
}

// killed is the error of a loop that a signal has ended: the signal must end the program after the screen is left.
type killed struct{ signal unix.Signal }

func (k killed) Error() string { return k.signal.String() }

// watching is a watch in place while it runs. Only the loop uses it; samples are taken in a goroutine beside it.
type watching struct {
	terminal Terminal
	screen   *screen
	plan     *query.Plan
	view     view

	every   schedule
	due     time.Time   // when the latest sample was due; the next one while the timer runs
	timer   *time.Timer // until the next sample
	samples chan sample
	busy    bool // a sample is being taken
	first   bool // the next whole sample is not shown, because the query compares it with one before
}

// loop handles keys, signals and samples, one at a time, and draws after each. Samples are taken beside it, so that
// keys work meanwhile.
func (w *watching) loop(ctx context.Context, signals <-chan os.Signal) error {
	outer := ctx
	ctx, cancel := context.WithCancel(ctx)
	w.samples = make(chan sample, 1)
	defer func() { // the goroutine of a sample uses the plan until it ends
		cancel()
		if !w.busy {
			return
		}
		if s := <-w.samples; s.err != nil && outer.Err() != nil {
			w.view.dropped = s
		}
	}()
	w.every = schedule{time.Now(), w.view.interval}
	w.due, w.timer = w.every.start, time.NewTimer(0)
	defer w.timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-w.timer.C:
			if !w.view.paused {
				w.begin(ctx)
			}
			continue
		case s := <-w.samples:
			if s.fault != nil {
				w.busy = false
				panic(s.fault)
			}
			if w.finish(s); ctx.Err() != nil || w.view.taken.ending {
				return context.Cause(ctx)
			}
		case pressed := <-w.screen.keys:
			if w.press(pressed) {
				return nil
			}
		case s := <-signals:
			if err := w.signalled(s.(unix.Signal)); err != nil {
				return err
			}
		}
		if err := w.draw(); err != nil {
			return err
		}
	}
}

// begin starts to take a sample, unless one is being taken.
func (w *watching) begin(ctx context.Context) {
	if w.busy {
		return
	}
	w.busy = true
	go func() { w.samples <- tryTake(ctx, w.plan) }()
}

// finish shows a sample that was taken, and sets the timer for the next.
func (w *watching) finish(s sample) {
	w.busy = false
	if w.first && s.err == nil {
		w.first, w.view.waiting = false, true
	} else {
		w.view.add(s)
	}
	w.view.warnings = w.plan.Warned().Count()
	next, missed := w.every.next(w.due, time.Now())
	w.view.late = ""
	if missed > 0 {
		w.view.late = lateness(s.took, w.every.interval, missed)
	}
	w.due = next
	w.timer.Reset(time.Until(next))
}

// press does the action of a key; leave says that it is the key that quits. After a change of the interval, and at the
// end of a pause, a sample is taken at once.
func (w *watching) press(pressed string) (leave bool) {
	interval, paused := w.view.interval, w.view.paused
	if w.view.press(pressed) {
		return true
	}
	if interval != w.view.interval || paused && !w.view.paused {
		w.restart()
	}
	return false
}

// restart takes a sample now, and counts the intervals from now on.
func (w *watching) restart() {
	w.every = schedule{time.Now(), w.view.interval}
	w.due = w.every.start
	if !w.busy {
		w.timer.Reset(0)
	}
}

// signalled handles a signal: a new size needs only the drawing that follows, a stop (Ctrl-Z) leaves the screen while
// the program is stopped, and the others end the loop.
func (w *watching) signalled(s unix.Signal) error {
	switch s {
	case unix.SIGWINCH:
	case unix.SIGTSTP:
		if err := w.screen.leave(); err != nil {
			return &render.WriteError{Err: err}
		}
		stop()
		if err := w.screen.enter(); err != nil {
			return &render.WriteError{Err: err}
		}
		w.restart()
	default:
		return killed{s}
	}
	return nil
}

// stop stops the program until SIGCONT. It waits for that signal, because kill(2) may return before the stop.
func stop() {
	continued := make(chan os.Signal, 1)
	signal.Notify(continued, unix.SIGCONT)
	defer signal.Stop(continued)
	_ = unix.Kill(os.Getpid(), unix.SIGSTOP)
	<-continued
}

func (w *watching) draw() error {
	height, width := w.screen.size()
	options := w.terminal.Options()
	options.Width = width
	if err := w.screen.show(w.view.lines(height, options)); err != nil {
		return &render.WriteError{Err: err}
	}
	return nil
}

// printLast prints the latest sample, unless the watch has failed, and tells of one that was not finished.
func (w *watching) printLast(ctx context.Context, ending error) error {
	options := w.terminal.Options()
	var lines []string
	switch {
	case ending != nil && ctx.Err() == nil:
		return nil
	case w.view.taken.ending:
		all := compare(nil, w.view.last)
		w.view.sort(all)
		options.Color = false
		lines = render.Frame(w.view.columns, all, -1, options).Lines()
	default:
		_, options.Width = w.screen.size()
		lines = w.view.picture(options)
	}
	for _, line := range lines {
		if _, err := io.WriteString(w.terminal.Out, line+"\n"); err != nil {
			return &render.WriteError{Err: err}
		}
	}
	if w.view.dropped.err != nil {
		w.terminal.Note(w.view.dropped.unfinished())
	}
	return nil
}
