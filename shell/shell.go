// Package shell is the program that a person meets: the command line, the prompt, and how answers are shown.
package shell

import (
	"io"
	"os/signal"
	"strings"
	"syscall"

	"netql/shell/tty"
	"netql/sources"
	"netql/tables"
)

// Exit statuses. Of several queries the highest counts.
const (
	done        = 0
	failed      = 1   // it failed while it ran
	wrong       = 2   // the command or the query is wrong: nothing was read
	partial     = 3   // the answer is partial, and --strict says that this is not good enough
	timedOut    = 124 // as timeout(1) has it
	interrupted = 130 // as shells have it: 128 and SIGINT
)

// Main runs the program with its arguments, of which the first is its name, and gives its exit status.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	s := newSession(stdin, stdout, stderr)
	s.use(sources.Live())
	return s.main(arguments(args))
}

// arguments are those of the command line. A program called netstat is asked as netql netstat.
func arguments(args []string) []string {
	if calledNetstat(args[0]) {
		return append([]string{netstatName}, args[1:]...)
	}
	return args[1:]
}

// session is one run of the program: what it asks, how it shows what it gets, and the words in which it is asked to.
type session struct {
	target
	printer

	past    *history
	typed   string // the lines of the query before the one that is typed
	leaving bool   // the person wants to leave
}

// newSession asks nothing yet.
func newSession(stdin io.Reader, stdout, stderr io.Writer) *session {
	return &session{
		target:  target{tables: tables.Catalog()},
		printer: printer{in: stdin, out: &outlet{Writer: stdout}, err: stderr, options: &options{}},
	}
}

func (s *session) main(args []string) int {
	// Without this a write to a closed pipe kills the process before it can tell a closed pipe from a full disk, and
	// a write above the limit of file sizes kills it before it can tidy up.
	signal.Ignore(syscall.SIGPIPE, syscall.SIGXFSZ)
	o, words, err := parseArguments(args)
	if err != nil {
		return s.reject("", err)
	}
	*s.options = o
	defer s.closeTarget()
	atPrompt := len(words) == 0 && o.file == "" && tty.Is(s.in)
	if err := o.checkCSVSafe(); err != nil && !atPrompt { // where it is for exports
		return s.reject("", err)
	}
	switch {
	case isClassic(words) && o.file == "" && !o.version:
		return s.classic(words)
	case o.help:
		return s.print(help())
	case o.version:
		return s.print(version())
	}
	command, err := commandOf(o, words)
	if err != nil {
		return s.reject("", err)
	}
	if err := s.useOptions(s.options); err != nil {
		return statusOf(words, s.refuse(err))
	}
	switch {
	case command != nil:
		return command(s, words[1:])
	case len(words) > 0 && o.file != "":
		return s.reject("", usagef("there is a query on the command line, and --file %s", o.file).
			withHint("give one of them"))
	case len(words) > 0:
		return s.interruptible(strings.Join(words, " "))
	case o.file != "":
		return s.file(o.file)
	}
	if atPrompt {
		return s.prompt()
	}
	return s.batch()
}
