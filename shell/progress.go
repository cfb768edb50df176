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

// progressLine tells, while a person waits for a query, what it reads. It is gone before anything else is shown.
type progressLine struct {
	out   io.Writer
	stops func() // ends the goroutine that writes it

	mutex sync.Mutex
	over  bool
	shown bool
}

// noProgress is a line that is never shown.
func (p *printer) noProgress() *progressLine { return &progressLine{out: p.err, stops: func() {}} }

// startProgress shows the line from when the query has run for half a second, on a terminal that can erase it.
func (p *printer) startProgress(plan *query.Plan) *progressLine {
	line := p.noProgress()
	if !tty.MovesCursor(p.err) || plan.Follows() {
		return line
	}
	done := make(chan struct{})
	line.stops = sync.OnceFunc(func() { close(done) })
	go func() {
		for timer := time.NewTimer(progressAfter); ; timer.Reset(progressEvery) {
			select {
			case <-done:
				return
			case <-timer.C:
				line.write(progressText(plan))
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

// stop erases the line and ends it; it says whether there was one to erase.
func (p *progressLine) stop() (erased bool) {
	p.stops()
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.over = true; !p.shown {
		return false
	}
	p.shown = false
	io.WriteString(p.out, eraseLine)
	return true
}

// above is a writer that ends the line before it writes to a terminal, which may be the one that the line is on.
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

func progressText(plan *query.Plan) string {
	reading, rows := plan.Progress()
	switch {
	case reading == "":
		return "waiting ..."
	case rows == 0:
		return "waiting for " + reading + " ..."
	}
	return fmt.Sprintf("reading %s: %s ...", reading, counted(rows, "row"))
}

// grouped separates thousands by commas.
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
