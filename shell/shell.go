// Package shell is the program that a person meets: the command line, the prompt, and how answers are shown.
package shell

import (
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"netql/query"
	"netql/query/schema"
	"netql/sources"
	"netql/sources/capture"
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
	s := &session{in: stdin, out: stdout, err: stderr}
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

// session is one run of the program: where it reads and writes, what it answers from, and how it was asked to.
type session struct {
	in       io.Reader
	out, err io.Writer
	system   *sources.System
	captured *capture.Capture      // that system is of; nil if it runs
	catalog  func() *query.Catalog // of the system, made anew for each query
	options  options
	place    string // before each message: which line of the input it is about
	closed   bool   // nobody reads the output any more
	left     func() // lets go of the namespace that answers; nil if there is none
	answered func() // lets go of what one answer needed; nil if there is nothing

	atPrompt    bool // a person is there, who can turn pages
	leaving     bool // and wants to leave
	past        *history
	typed       string // the lines of the query before the one that is typed
	pagerMissed bool   // it was said that there is no pager
}

func (s *session) main(args []string) int {
	// Without this a write to a closed pipe kills the process before it can tell a closed pipe from a full disk, and
	// a write above the limit of file sizes kills it before it can tidy up.
	signal.Ignore(syscall.SIGPIPE, syscall.SIGXFSZ)
	o, words, err := parseArguments(args)
	if err != nil {
		return s.reject("", err)
	}
	s.options = o
	defer s.leave()
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
	if err := s.useOptions(); err != nil {
		return statusOf(words, s.refuse(err))
	}
	switch {
	case command != nil:
		return command(s, words[1:])
	case len(words) > 0 && o.file != "":
		return s.reject("", usagef("there is a query on the command line, and --file %s", o.file).withHint("give one of them"))
	case len(words) > 0:
		return s.interruptible(strings.Join(words, " "))
	case o.file != "":
		return s.file(o.file)
	}
	if isTerminal(s.in) {
		return s.prompt()
	}
	return s.batch()
}

// print writes text that is no table.
func (s *session) print(text string) int {
	if _, err := io.WriteString(s.out, text); err != nil {
		return s.writeFailed(err)
	}
	return done
}

// complain writes a message for a person: "error: ..." or "warning: ...".
func (s *session) complain(kind, format string, args ...any) {
	fmt.Fprintf(s.err, "%s%s: %s\n", s.place, kind, schema.Visible(fmt.Sprintf(format, args...)))
}
