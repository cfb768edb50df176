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

// printer is how answers and messages are shown: where they go, in which format, and in colours or through a pager
// where a person is there. It turns what went wrong into messages and exit statuses.
type printer struct {
	in            io.Reader // the person's keys, if it is a terminal
	out, err      io.Writer
	options       *options // what the flags say
	messagePrefix string   // before each message: which line of the input it is about
	closed        bool     // nobody reads the output any more

	atPrompt    bool // a person is there, who can turn pages
	pagerMissed bool // it was said that there is no pager
}

// print writes text that is no table.
func (p *printer) print(text string) int {
	if _, err := io.WriteString(p.out, text); err != nil {
		return p.writeFailed(err)
	}
	return done
}

// complain writes a message for a person: "error: ..." or "warning: ...".
func (p *printer) complain(kind, format string, args ...any) {
	fmt.Fprintf(p.err, "%s%s: %s\n", p.messagePrefix, kind, schema.Visible(fmt.Sprintf(format, args...)))
}

// reject shows what is wrong with a command or query.
func (p *printer) reject(text string, err error) int {
	var inQuery *syntax.Error
	var inCommand *usageError
	switch {
	case errors.As(err, &inQuery):
		fmt.Fprintf(p.err, "%s%s\n", p.messagePrefix, inQuery.Show(text))
	case errors.As(err, &inCommand) && inCommand.hint != "":
		p.complain("error", "%v", err)
		fmt.Fprintf(p.err, "hint: %s\n", schema.Visible(inCommand.hint))
	default:
		p.complain("error", "%v", err)
	}
	return wrong
}

// verdict turns the end of a query into a status, and says what a person has to know about it.
func (p *printer) verdict(ctx context.Context, err error) int {
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
		p.complain("warning", "stopped after %v: the answer is not complete", p.options.timeout)
		return timedOut
	case ctx.Err() != nil:
		return interrupted
	}
	p.complain("error", "%v", err)
	return failed
}

// writeFailed judges a failed write to the output. That nobody reads any more (`| head`) is no failure.
func (p *printer) writeFailed(err error) int {
	if errors.Is(err, syscall.EPIPE) {
		p.closed = true
		return done
	}
	p.complain("error", "cannot write the output: %v", err)
	return failed
}

// warn tells why an answer is partial, which makes a good status a bad one if the person is strict.
func (p *printer) warn(warnings []string, status int) int {
	for _, warning := range warnings {
		p.complain("warning", "%s", warning)
	}
	if status == done && p.options.strict && len(warnings) > 0 {
		return partial
	}
	return status
}

// refuse says why there will be no answer, and whose fault it is.
func (p *printer) refuse(err error) int {
	var usage *usageError
	if errors.As(err, &usage) {
		return p.reject("", err)
	}
	p.complain("error", "%v", err)
	return failed
}

// read prints text in the pager, if it is long.
func (p *printer) read(text string) {
	nothing := func() bool { return false }
	err := p.paged(context.Background(), lessForText, nothing, func(_ context.Context, out io.Writer) error {
		if _, err := io.WriteString(out, text); err != nil {
			return &render.WriteError{Err: err}
		}
		return nil
	})
	p.verdict(context.Background(), err)
}

// rendering says how rows are shown where the output goes now; a terminal may have changed its width.
func (p *printer) rendering(plan *query.Plan) render.Options {
	o := p.renderOptions()
	o.Bars, o.Live = plan.Bars(), plan.Follows()
	return o
}

// renderOptions are how rows are shown that no plan has anything to say about.
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
