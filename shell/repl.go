package shell

import (
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"

	"netql/query"
	"netql/query/syntax"
	"netql/shell/tty"
)

const (
	firstPrompt = "netql> "
	nextPrompt  = "  ...> "
)

// errInterrupted is the error of a line that ended with Ctrl-C.
var errInterrupted = errors.New("interrupted")

// editor reads lines from a terminal.
type editor interface {
	// Line shows the prompt and reads one line, which begins with the text. Its error is errInterrupted for Ctrl-C,
	// io.EOF for Ctrl-D, and errEdit where the line shall be edited elsewhere.
	Line(prompt, text string) (string, error)
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

	if s.captured != nil || s.remote != nil {
		s.print(s.targetSentence() + "\n")
	}
	past := s.openHistory()
	s.past = past
	if len(past.entries) == 0 { // as at the first prompt of all
		s.message("note", "type help to see how to begin; Tab completes, Ctrl-D leaves")
	}
	for !s.closed {
		edit.Remember(past.entries)
		text, err := s.readEntry(edit)
		switch {
		case errors.Is(err, errInterrupted):
			continue
		case err != nil:
			return s.endOfInput(err)
		}
		if taken := s.takeOffer(text); taken != "" {
			text = taken
		}
		if !isQuery(text) {
			continue
		}
		s.remember(past, text)
		for found := true; found && !s.leaving; {
			var statement string
			if statement, text, found = cutStatement(text); isQuery(statement) {
				s.runEntry(statement)
			}
		}
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
	text, err := s.readFirst(edit)
	if continues(text) && s.last != "" {
		text = s.last + "\n" + text
	}
	for err == nil && s.incomplete(text) {
		if s.forgetInterrupts() { // which came with Enter
			return "", errInterrupted
		}
		s.typed = text + "\n"
		var line string
		line, err = edit.Line(nextPrompt, "")
		if errors.Is(err, errEdit) {
			text, err = s.editFirst(edit, s.typed+line)
			continue
		}
		if strings.TrimSpace(line) == "" {
			break
		}
		text += "\n" + line
	}
	return text, err
}

// readFirst reads the first line of an entry.
func (s *session) readFirst(edit editor) (string, error) {
	text, err := edit.Line(s.promptNow(), "")
	return s.whileEdited(edit, text, err)
}

// promptNow is the prompt for the window as it is now.
func (s *session) promptNow() string {
	width, ok := tty.Width(s.out)
	if !ok {
		width, _ = tty.Width(s.err)
	}
	return s.promptText(width)
}

// editFirst has an entry edited in an editor, and reads it then.
func (s *session) editFirst(edit editor, text string) (string, error) {
	return s.whileEdited(edit, text, errEdit)
}

// whileEdited has a line that was read edited in an editor, and reads it again, as often as that is asked for.
func (s *session) whileEdited(edit editor, text string, err error) (string, error) {
	for {
		entry, found := s.cutEdit(text)
		if !errors.Is(err, errEdit) && (err != nil || !found) {
			return text, err
		}
		text, err = edit.Line(s.promptNow(), s.edited(entry))
	}
}

// continues says whether a line continues the query before it.
func continues(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "|") }

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
	text = cutComments(text, "--")
	s.entry = text
	if query, expanded := cutExpanded(text); expanded {
		return s.runExpanded(query)
	}
	w, argument, ok := findWord(text)
	if !ok {
		if habit := s.habit(text); habit.Same {
			return s.runEntry(habit.Line)
		}
	}
	switch {
	case !ok && continues(text):
		return s.usageFailure("", usagef("there is no query before this | that it could continue").
			withHint("a line that begins with | continues the query before it"))
	case !ok:
		s.last = text
		return s.interruptible(text)
	case argument == "" && len(w.Takes) > 0 && !w.optional, argument != "" && len(w.Takes) == 0:
		return s.usageFailure("", usagef("usage: %s", w.usage()).withHint("%s", w.Doc))
	}
	return w.run(s, argument)
}
