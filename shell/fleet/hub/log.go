package hub

import (
	"fmt"
	"io"
	"log"
	"os"
	"strings"
)

// logger writes what the embedded server reports, a line each. The time is left to what keeps the lines (systemd's
// journal). Messages that are forwarded are never among them.
type logger struct {
	to       *log.Logger
	refusals *refusals
}

func newLogger(to io.Writer) logger {
	return logger{log.New(to, "netql-fleet hub: ", 0), new(refusals)}
}

// Noticef drops what the server says of itself; the hub says where it listens.
func (l logger) Noticef(string, ...any) {}

// withoutSystem is a warning about what a hub does without: it has one server, whose events nobody listens to.
const withoutSystem = "Trusted Operators should utilize a System Account"

// Warnf writes a warning.
func (l logger) Warnf(format string, values ...any) {
	if format != withoutSystem {
		l.line("warning: ", format, values)
	}
}

// Errorf writes an error, among them each attempt to exceed one's rights. Of credentials that are not taken it tells
// ever more rarely.
func (l logger) Errorf(format string, values ...any) {
	if text, news := l.refusals.line(fmt.Sprintf(format, values...)); news {
		l.line("error: ", "%s", []any{text})
	}
}

// Fatalf writes an error after which the server does not go on.
func (l logger) Fatalf(format string, values ...any) {
	l.line("error: ", format, values)
	os.Exit(1)
}

// Debugf drops its message.
func (l logger) Debugf(string, ...any) {}

// Tracef drops its message.
func (l logger) Tracef(string, ...any) {}

func (l logger) line(kind, format string, values []any) {
	l.to.Print(kind + strings.ReplaceAll(fmt.Sprintf(format, values...), "\n", " "))
}
