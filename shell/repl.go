package shell

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"

	"netql/query"
	"netql/query/syntax"
)

const (
	firstPrompt = "netql> "
	nextPrompt  = "  ...> "
)

// errInterrupted is the error of a line that ended with Ctrl-C.
var errInterrupted = errors.New("interrupted")

// editor reads lines from a terminal.
type editor interface {
	// Line shows the prompt and reads one line. Its error is errInterrupted for Ctrl-C and io.EOF for Ctrl-D.
	Line(prompt string) (string, error)
	// Remember sets the entries that the arrow keys bring back, the oldest first.
	Remember(entries []string)
}

// prompt reads queries and words from the terminal and answers them, until quit or Ctrl-D. It gives the exit status.
func (s *session) prompt() int {
	// Ctrl-C must not kill the program in the moments between a query and the prompt.
	s.interrupts = make(chan os.Signal, 1)
	edit, closeEditor, err := s.newEditor()
	if err != nil {
		s.message("error", "cannot use this terminal: %v", err)
		return failed
	}
	defer closeEditor()
	s.atPrompt = true
	signal.Notify(s.interrupts, os.Interrupt)
	defer signal.Stop(s.interrupts)

	if s.captured != nil {
		s.print(s.targetSentence() + "\n")
	}
	past := s.openHistory()
	s.past = past
	for !s.closed {
		edit.Remember(past.entries)
		text, err := s.readEntry(edit)
		switch {
		case errors.Is(err, errInterrupted):
			continue
		case err != nil:
			return s.endOfInput(err)
		case !isQuery(text):
			continue
		}
		s.remember(past, text)
		s.runEntry(text)
		if s.leaving {
			return done
		}
	}
	return done
}

// endOfInput is the exit status of a prompt whose input ended with this error.
func (p *printer) endOfInput(err error) int {
	if errors.Is(err, io.EOF) {
		return done
	}
	p.message("error", "cannot read from the terminal: %v", err)
	return failed
}

// readEntry reads one entry: a line, and further lines as long as the query is incomplete. An empty line ends it.
func (s *session) readEntry(edit editor) (string, error) {
	s.typed = ""
	text, err := edit.Line(firstPrompt)
	for err == nil && s.incomplete(text) {
		if s.forgetInterrupts() { // which came with Enter
			return "", errInterrupted
		}
		s.typed = text + "\n"
		var line string
		line, err = edit.Line(nextPrompt)
		if strings.TrimSpace(line) == "" {
			break
		}
		text += "\n" + line
	}
	return text, err
}

// incomplete says whether the query of an entry is wrong in a way that more text may mend.
func (s *session) incomplete(text string) bool {
	text, _ = cutExpanded(text)
	text, ok := entryQuery(text)
	if !ok || !isQuery(text) {
		return false
	}
	_, err := query.Compile(text, s.catalog, s.state())
	var inQuery *syntax.Error
	return errors.As(err, &inQuery) && inQuery.Incomplete
}

// runEntry runs a word of the prompt, or answers a query, and gives the exit status.
func (s *session) runEntry(text string) int {
	if query, expanded := cutExpanded(text); expanded {
		return s.runExpanded(query)
	}
	w, argument, ok := findWord(text)
	switch {
	case !ok:
		return s.interruptible(text)
	case argument == "" && len(w.Takes) > 0 && !w.optional, argument != "" && len(w.Takes) == 0:
		return s.usageFailure("", usagef("usage: %s", w.usage()).withHint("%s", w.Doc))
	}
	return w.run(s, argument)
}
