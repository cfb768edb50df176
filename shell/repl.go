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

// errInterrupted says that Ctrl-C was pressed while a line was typed.
var errInterrupted = errors.New("interrupted")

// editor asks for lines. It is all that the prompt knows of readline.
type editor interface {
	// Line asks for one line. It gives errInterrupted for Ctrl-C and io.EOF for Ctrl-D.
	Line(prompt string) (string, error)
	// Remember replaces the entries that the arrow keys bring back, the oldest first.
	Remember(entries []string)
}

// prompt asks for queries and answers them, until quit or Ctrl-D.
func (s *session) prompt() int {
	edit, closeEditor, err := s.newEditor()
	if err != nil {
		s.complain("error", "cannot use this terminal: %v", err)
		return failed
	}
	defer closeEditor()
	s.atPrompt = true
	// Ctrl-C must not kill the program in the moments between a query and the prompt.
	ignored := make(chan os.Signal, 1)
	signal.Notify(ignored, os.Interrupt)
	defer signal.Stop(ignored)

	if s.captured != nil {
		s.print(s.whatAnswers() + "\n")
	}
	past := s.openHistory()
	s.past = past
	for !s.closed {
		edit.Remember(past.entries)
		text, err := s.ask(edit)
		switch {
		case errors.Is(err, errInterrupted):
			continue
		case err != nil:
			return s.endOfInput(err)
		case !isQuery(text):
			continue
		}
		s.remember(past, text)
		s.obey(text)
		if s.leaving {
			return done
		}
	}
	return done
}

func (p *printer) endOfInput(err error) int {
	if errors.Is(err, io.EOF) {
		return done
	}
	p.complain("error", "cannot read from the terminal: %v", err)
	return failed
}

// ask asks for the lines of one query: more and more, as long as they could mend it. An empty line gives up.
func (s *session) ask(edit editor) (string, error) {
	s.typed = ""
	text, err := edit.Line(firstPrompt)
	for err == nil && s.incomplete(text) {
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

func (s *session) incomplete(text string) bool {
	text, asks := s.asked(text)
	if !asks || !isQuery(text) {
		return false
	}
	_, err := query.Compile(text, s.catalog, s.state())
	var inQuery *syntax.Error
	return errors.As(err, &inQuery) && inQuery.Incomplete
}

// obey does what was typed: a word of the prompt, or a query.
func (s *session) obey(text string) {
	w, argument, ok := findWord(text)
	switch {
	case !ok:
		s.interruptible(text)
	case argument == "" && len(w.Takes) > 0 && !w.optional, argument != "" && len(w.Takes) == 0:
		s.reject("", usagef("%s is used so: %s", w.Name, w.usage()).withHint("%s", w.Doc))
	default:
		w.run(s, argument)
	}
}
