package shell

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"netql/query"
	"netql/query/schema"
	"netql/shell/render"
	"netql/shell/tty"
)

const (
	progressAfter = 500 * time.Millisecond // what takes less needs no line
	progressEvery = 200 * time.Millisecond
	eraseLine     = "\r\x1b[K"
)

// progressLine is a line on the terminal that says what a query reads while a person waits for it. It is erased before
// anything else is written.
type progressLine struct {
	out io.Writer
	end func() // ends the goroutine that writes the line

	mutex sync.Mutex
	over  bool // the line is not written any more
	shown bool // the line is on the terminal
}

// noProgress is a progress line that is never shown.
func (p *printer) noProgress() *progressLine { return &progressLine{out: p.err, end: func() {}} }

// startProgress shows the line when the query has run for half a second, and writes it anew until it is stopped. It
// shows nothing on a terminal that cannot erase it, and for events.
func (p *printer) startProgress(plan *query.Plan) *progressLine {
	line := p.noProgress()
	if !tty.MovesCursor(p.err) || plan.Follows() {
		return line
	}
	done := make(chan struct{})
	line.end = sync.OnceFunc(func() { close(done) })
	go func() {
		for timer := time.NewTimer(progressAfter); ; timer.Reset(progressEvery) {
			select {
			case <-done:
				return
			case <-timer.C:
				line.write(p.progressText(plan))
			}
		}
	}()
	return line
}

func (p *progressLine) write(text string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if !p.over {
		width, _ := tty.Width(p.out)
		fmt.Fprint(p.out, eraseLine, render.Fitted(schema.Visible(text), max(1, width-1)))
		p.shown = true
	}
}

// stop ends the line and erases it; it says whether the line was shown.
func (p *progressLine) stop() (erased bool) {
	p.end()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.over = true; !p.shown {
		return false
	}
	p.shown = false
	io.WriteString(p.out, eraseLine)
	return true
}

// above is a writer that stops the line before it writes to a terminal, which may be the one that the line is on.
func (p *progressLine) above(out io.Writer) io.Writer {
	if !tty.Is(out) {
		return out
	}
	return writerFunc(func(b []byte) (int, error) {
		p.stop()
		return out.Write(b)
	})
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func (p *printer) progressText(plan *query.Plan) string {
	if plan.Cut() != nil {
		return p.awaited()
	}
	reading, rows := plan.Progress()
	switch {
	case reading == "":
		return "waiting ..."
	case rows == 0:
		return "waiting for " + reading + " ..."
	}
	return fmt.Sprintf("reading %s: %s ...", reading, counted(rows, "row"))
}

// grouped is a number with commas between its thousands: 12,345.
func grouped(n int) string {
	digits := fmt.Sprint(n)
	var b strings.Builder
	for i, digit := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	return b.String()
}
