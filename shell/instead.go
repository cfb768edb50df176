package shell

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
	"netql/shell/habits"
)

// wrongQuery writes what is wrong with a query, and the line to type instead where one is known. At the prompt Enter on
// an empty line takes that line.
func (s *session) wrongQuery(text string, err error) {
	wrong, isSyntax := errors.AsType[*syntax.Error](err)
	if !isSyntax {
		s.usageFailure(text, err)
		return
	}
	shown := *wrong
	habit := s.habit(text)
	before, _ := strings.CutSuffix(s.entry, text) // the word of the prompt that takes a query
	switch {
	case habit.Line != "":
		if shown.Text != "" && shown.Text != text && !shown.Range.InFile() { // about what was made of it
			word := syntax.FirstWord(text)
			shown = *syntax.Errorf(word.Range, "no query begins with %q so", word.Name)
		}
		shown.Hint, shown.Line = habit.Line, habit.Line
		if s.entry == "" {
			shown.Hint = onCommandLine(habit.Line)
		}
	case shown.Line == "" && s.hintOfShell(text) != "":
		shown.Hint = s.hintOfShell(text)
	case shown.Line == "" && habit.Says != "":
		shown.Hint = habit.Says
		if format, ok := strings.CutPrefix(habit.Says, "format "); ok && s.entry == "" {
			name, _, _ := strings.Cut(format, " ")
			shown.Hint = onCommandLine("format " + name)
		}
	default:
		shown = *s.suggestCommand(text, wrong)
	}
	if before != s.entry && shown.Line != "" {
		if shown.Hint == shown.Line {
			shown.Hint = before + shown.Line
		}
		shown.Line = before + shown.Line
	}
	s.usageFailure(text, &shown)
	if s.atPrompt && shown.Line != "" {
		s.offer(shown)
	}
}

// onCommandLine is what does on netql's command line what a line of the prompt does there; a query is itself.
func onCommandLine(line string) string {
	w, argument, isWord := findWord(line)
	switch namespace, named := cutWord(argument, "netns"); {
	case !isWord:
		return line
	case w.Name == "format":
		return "netql --format " + argument
	case w.Name == "quit":
		return "netql without a query is the prompt, which quit leaves; with one it ends by itself"
	case w.Name == "use" && named:
		return "netql --netns " + namespace
	case w.Name == "use" && argument != "":
		return "netql --capture " + argument
	case argument == "":
		return "netql " + w.Name
	}
	return "netql " + inShell(line)
}

// offer tells that Enter takes the line that was probably meant.
func (s *session) offer(wrong syntax.Error) {
	s.offered = wrong.Line
	text := "Enter takes it"
	if wrong.Hint != wrong.Line {
		text = "Enter takes: " + schema.Visible(wrong.Line)
	}
	fmt.Fprintf(s.err, "      %s\n", text)
}

// takeOffer is the line that was offered, if the person has pressed Enter on an empty line; "" otherwise. It is offered
// once.
func (s *session) takeOffer(typed string) string {
	offered := s.offered
	s.offered = ""
	if strings.TrimSpace(typed) != "" || offered == "" {
		return ""
	}
	io.WriteString(s.err, schema.Visible(offered)+"\n")
	return offered
}

// habit is the answer to a line that is typed out of habit, if the line in it can be run.
func (s *session) habit(text string) habits.Answer {
	answer, ok := habits.Find(text, s.catalog)
	if line := s.watchedFlags(text); line != "" {
		answer, ok = habits.Answer{Line: line}, true
	}
	if !ok || answer.Line == "" {
		return answer
	}
	if answer.Line, ok = s.canonical(answer.Line); !ok {
		return habits.Answer{}
	}
	return answer
}

// canonical is a line with the query in it in canonical spelling; false where that does not compile, nor what was
// probably meant by it.
func (s *session) canonical(line string) (string, bool) {
	text, isQuery := entryQuery(line)
	if !isQuery {
		return line, true
	}
	plan, err := query.Compile(text, s.catalog, s.state())
	meant := ""
	if wrong, ok := errors.AsType[*syntax.Error](err); ok {
		meant = wrong.Line
	} else if err == nil {
		meant = plan.Query()
	}
	return strings.TrimSuffix(line, text) + meant, meant != ""
}
