package shell

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
	"netql/shell/render"
	"netql/shell/tty"
)

// printer writes answers and messages: it knows where they go, in which format, and whether a person is there for
// colours and a pager. It turns errors into messages and exit statuses.
type printer struct {
	in       io.Reader // the keyboard, if it is a terminal
	out, err io.Writer
	options  *options
	line     int  // the number of the statement's first line, which messages begin with: in a batch; else 0
	closed   bool // the other end of the output is closed

	atPrompt    bool // a person is at the prompt, who can turn pages
	pagerMissed bool // the warning that there is no pager was written

	awaited    func() string // says which hosts a query waits for
	free       func()        // closes what an answer holds open, before a signal ends the program
	endHosts   func()        // ends what reaches hosts, at any time, before the program ends
	typedAhead func() bool   // says whether keys wait to be read that the prompt is meant to read; nil where none can
}

// print writes text to the output, and gives the exit status.
func (p *printer) print(text string) int {
	if _, err := io.WriteString(p.out, text); err != nil {
		return p.writeFailed(err)
	}
	return done
}

// message writes a line for a person to stderr: "error: ...", "warning: ..." or "note: ...". A terminal that is too
// narrow for it gets several, broken between words.
func (p *printer) message(kind, format string, args ...any) {
	text := fmt.Sprintf("%s%s: %s", p.linePrefix(0), kind, schema.Visible(fmt.Sprintf(format, args...)))
	if room, ok := tty.Width(p.err); ok && render.Width(text) > room {
		text = strings.Join(render.Wrapped(text, room), "\n")
	}
	io.WriteString(p.err, text+"\n")
}

// linePrefix stands before a message about the line of a batch that has so many lines of its statement above it.
func (p *printer) linePrefix(above int) string {
	if p.line == 0 {
		return ""
	}
	return fmt.Sprintf("line %d: ", p.line+above)
}

// usageFailure writes what is wrong with a command line or a query, with its hint, and gives the status for that. text
// is the query in which an error of syntax points at a place; "" for other errors.
func (p *printer) usageFailure(text string, err error) int {
	var inQuery *syntax.Error
	var inCommand *usageError
	switch {
	case errors.As(err, &inQuery):
		above := 0
		if inQuery.Text == "" && !inQuery.Range.InFile() { // else it is about another text than that which was read
			above = strings.Count(text[:max(0, min(inQuery.Range.Start, len(text)))], "\n")
		}
		fmt.Fprintf(p.err, "%s%s\n", p.linePrefix(above), inQuery.Show(text))
	case errors.As(err, &inCommand) && inCommand.hint != "":
		p.message("error", "%v", err)
		fmt.Fprintf(p.err, "hint: %s\n", schema.Visible(inCommand.hint))
	default:
		p.message("error", "%v", err)
	}
	return wrong
}

// endStatus is the status of a query that ended with this error, nil for its end. It writes the error, unless the
// context says that a person, a closed output or a time limit ended the query.
func (p *printer) endStatus(ctx context.Context, err error) int {
	var writing *render.WriteError
	switch {
	case err == nil:
		return done
	case errors.As(err, &writing):
		return p.writeFailed(writing.Err)
	case context.Cause(ctx) == errUnread:
		p.closed = true
		return done
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		p.message("warning", "stopped after %v: the answer is not complete", p.options.timeout)
		return timedOut
	case ctx.Err() != nil:
		return interrupted
	}
	return p.failure(err)
}

// writeFailed is the status of a failed write to the output. A closed pipe (`| head`) is no failure.
func (p *printer) writeFailed(err error) int {
	if errors.Is(err, syscall.EPIPE) {
		p.closed = true
		return done
	}
	p.message("error", "cannot write the output: %v", err)
	return failed
}

// warn writes warnings, which say why an answer is partial, and gives the status: under --strict, a warning turns done
// into partial.
func (p *printer) warn(warnings []string, status int) int {
	for _, warning := range warnings {
		p.message("warning", "%s", warning)
	}
	if status == done && p.options.strict && len(warnings) > 0 {
		return partial
	}
	return status
}

// hinting is an error that shows only when rows are read, though the query is wrong, and how it would be right.
type hinting interface {
	error
	Hint() string
}

// failure writes an error that leaves no answer, and gives its status: that of wrong usage for a usage error.
func (p *printer) failure(err error) int {
	var usage *usageError
	if errors.As(err, &usage) {
		return p.usageFailure("", err)
	}
	if wrong, ok := errors.AsType[hinting](err); ok {
		return p.usageFailure("", usagef("%v", wrong).withHint("%s", wrong.Hint()))
	}
	p.message("error", "%v", err)
	if unheard, ok := errors.AsType[*unheardError](err); ok {
		return unheard.status()
	}
	if hint := keptTooMuch(err); hint != "" {
		fmt.Fprintf(p.err, "hint: %s\n", hint)
	}
	return failed
}

// printPaged writes text, through the pager where it is longer than the screen.
func (p *printer) printPaged(text string) {
	nothing := func() bool { return false }
	err := p.paged(context.Background(), lessForText, nothing, func(_ context.Context, out io.Writer) error {
		if _, err := io.WriteString(out, text); err != nil {
			return &render.WriteError{Err: err}
		}
		return nil
	})
	p.endStatus(context.Background(), err)
}

// planOptions are how the rows of a plan are rendered now; a terminal may have changed its width.
func (p *printer) planOptions(plan *query.Plan) render.Options {
	o := p.renderOptions()
	o.Bars, o.Graph, o.Live = plan.Bars(), plan.Graph(), plan.Follows()
	o.Keep = plan.Keeping("the picture")
	s := plan.Schema()
	o.Spare, o.Quiet, o.Defaults = s.Spare, s.Quiet, !s.Chosen
	return o
}

// renderOptions are how rows are rendered now, by the flags, the terminal and the environment.
func (p *printer) renderOptions() render.Options {
	o := render.Options{
		Format: p.options.format, NoHeader: p.options.noHeader, CSVSafe: p.options.csvSafe, ASCII: !unicodeLocale(),
	}
	o.Width, o.Terminal = tty.Width(p.out)
	if p.options.width >= 0 {
		o.Width = p.options.width
	}
	switch p.options.color {
	case "always":
		o.Color = true
	case "auto":
		o.Color = o.Terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return o
}

// unicodeLocale says whether the locale's characters are those of Unicode, by the variables of locale(7).
func unicodeLocale() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := os.Getenv(name); locale != "" {
			folded := strings.ToUpper(strings.ReplaceAll(locale, "-", ""))
			return strings.Contains(folded, "UTF8")
		}
	}
	return false
}

// visibleLines is text of several lines with control characters escaped, safe for a terminal.
func visibleLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = schema.Visible(line)
	}
	return strings.Join(lines, "\n")
}
