// Package shell is the command line: flags, commands, the prompt, and where answers and messages go.
package shell

import (
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"netql/shell/tty"
	"netql/sources"
	"netql/tables"
)

// Exit statuses. Of several queries the highest counts.
const (
	done        = 0
	failed      = 1   // the query failed while it ran, or nothing of a table could be read
	wrong       = 2   // the command line or the query is wrong: nothing was read
	partial     = 3   // the answer is partial, under --strict
	unexpected  = 4   // the answer has rows, or none, against --expect
	timedOut    = 124 // --timeout ended the query; as timeout(1)
	interrupted = 130 // Ctrl-C ended the query; as shells: 128 + SIGINT
)

// Main runs the program and gives its exit status. The first argument is the program's name.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return MainReaching(args, stdin, stdout, stderr)
}

// MainReaching is Main where there are further ways to reach hosts.
func MainReaching(args []string, stdin io.Reader, stdout, stderr io.Writer, reaches ...Reach) int {
	s := newSession(stdin, stdout, stderr)
	s.reaches = reaches
	s.use(sources.Live())
	return s.main(calledAs(args))
}

// session is one run of the program: the target that it asks, the printer that writes answers, and the prompt's state.
type session struct {
	target
	printer

	past       *history       // of the prompt; nil elsewhere
	typed      string         // the lines of the entry before the one that is being typed
	last       string         // the last query, which a line that begins with | continues; "" for none
	interrupts chan os.Signal // Ctrl-C at the prompt while no query ran; nil elsewhere
	leaving    bool           // quit was typed
	entry      string         // of the prompt, which is answered
	offered    string         // the line that Enter on an empty line takes; "" for none
	marks      marks          // of the prompt
	unread     []error        // why files with named queries could not be read
	warned     bool           // what is wrong in files with named queries was told

	tabPatience time.Duration // how long a person waits for values after Tab
}

// newSession is a session without a system to ask; use sets one.
func newSession(stdin io.Reader, stdout, stderr io.Writer) *session {
	s := &session{
		target: target{tables: tables.Catalog()},
		printer: printer{
			in: stdin, out: &outlet{Writer: stdout}, err: stderr, options: &options{},
			typedAhead: func() bool { return false },
		},
		tabPatience: tabPatience,
	}
	s.awaited, s.free = func() string { return s.remote.Awaited() }, s.releaseAnswer
	s.endHosts = s.endReached
	return s
}

func (s *session) main(args []string) int {
	// Without this a write to a closed pipe kills the process before it can tell a closed pipe from a full disk, and
	// a write above the limit of file sizes kills it before it can tidy up.
	signal.Ignore(syscall.SIGPIPE, syscall.SIGXFSZ)
	if firstOf(args) == completeCommand {
		return s.completeInShell(args[1:])
	}
	if firstOf(args) == valuesCommand {
		return s.completeValue(args[1:])
	}
	o, words, err := parseArguments(args)
	if err != nil {
		return s.usageFailure("", err)
	}
	s.configure(&o)
	*s.options = o
	s.tables.Memory = o.memoryLimit()
	words = unquoted(withoutComments(words))
	if err := s.applyColumns(o.columns); err != nil {
		return s.usageFailure("", err)
	}
	defer s.closeTarget()
	atPrompt := len(words) == 0 && o.file == "" && tty.Is(s.in)
	if err := o.checkCSVSafe(); err != nil && !atPrompt { // the prompt has exports, which may be csv
		return s.usageFailure("", err)
	}
	if err := o.checkExpect(atPrompt); err != nil {
		return s.usageFailure("", err)
	}
	if err := o.checkHostFlags(words); err != nil {
		return s.usageFailure("", err)
	}
	if p := o.programOf(words); p != nil && o.file == "" && !o.version {
		return s.runProgram(p, words)
	}
	switch {
	case o.help:
		return s.print(help())
	case o.version:
		return s.print(version())
	}
	command, err := commandOf(o, words)
	if err != nil {
		return s.usageFailure("", err)
	}
	s.lists = s.listsFor(words, o.file)
	if err := s.useOptions(s.options); err != nil {
		return statusOf(words, s.failure(err))
	}
	if len(words) > 0 { // others may go over to hosts later
		if err := s.checkColumns(s.options.columns); err != nil {
			return s.usageFailure("", err)
		}
	}
	switch {
	case command != nil:
		return command(s, words[1:])
	case len(words) > 0 && o.file != "":
		return s.usageFailure("", usagef("there is a query on the command line, and --file %s", o.file).
			withHint("give one of them"))
	case isEntry(words):
		return s.onlyEntry(words[0])
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
