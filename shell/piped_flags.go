package shell

import (
	"slices"
	"strings"

	"netql/query"
	"netql/query/syntax"
	"netql/shell/netstat"
	"netql/shell/ss"
)

// cutStages cuts what stands behind another program's flags as behind a query: a | and a stage, or a program into which
// people pipe. A | of one of ss's filters is between two conditions.
func cutStages(argument string) (flags, stages string, found bool) {
	for at, c := range argument {
		word := syntax.FirstWord(argument[min(at+1, len(argument)):]).Name
		if _, stage := query.Language.Stage(word); c == '|' && (stage || slices.Contains(pipedInto, word) ||
			slices.Contains(pipedStages, word)) {
			return strings.TrimSpace(argument[:at]), strings.TrimSpace(argument[at+1:]), true
		}
	}
	return argument, "", false
}

// pipedStages are programs into which people pipe and which stages stand for, beside pipedInto.
var pipedStages = []string{"sort", "uniq", "watch", "nl"}

// stagesBehindFlags writes that flags have no stages behind them, and the query that has; where there is none, the line
// of a shell.
func (s *session) stagesBehindFlags(p *program, flags, stages string) int {
	text := p.name + " " + flags + " | " + stages
	at := len(p.name) + 1 + len(flags) + 1
	e := syntax.Errorf(syntax.Range{Start: at, End: at + 1}, "a stage follows a query, and these are flags")
	if asked := s.queryOfFlags(p, splitWords(flags)); asked != "" {
		if line, ok := s.canonical(asked + " | " + stages); ok {
			e.Line = line
		}
	}
	switch {
	case e.Line != "":
	case s.atPrompt:
		e.Line = shellWord + " netql " + text
	default:
		return s.usageFailure(text, e.WithHint("netql %s", text))
	}
	e.Hint = e.Line
	s.usageFailure(text, e)
	if s.atPrompt {
		s.offer(*e)
	}
	return wrong
}

// queryOfFlags is the query that a line of another program's flags becomes; "" where it becomes none, or several.
func (s *session) queryOfFlags(p *program, words []string) string {
	dialect, err := s.options.dialectOf(p, append([]string{p.name}, words...))
	if err != nil {
		return ""
	}
	var command *netstat.Command
	if p.name == ss.Name {
		var answer *ss.Command
		if answer, err = ss.Parse(words, s.ssSystem()); err == nil {
			command = &answer.Command
		}
	} else {
		command, err = netstat.Parse(words, dialect, s.state().Protocol)
	}
	if err != nil || len(command.Displays) != 1 || command.Namespace != "" || command.Capture != "" {
		return ""
	}
	return command.Displays[0].Query
}

// watchedFlags is the query of watch PROGRAM FLAGS, again and again; "" for other lines.
func (s *session) watchedFlags(text string) string {
	words := strings.Fields(text)
	if len(words) < 2 || words[0] != "watch" {
		return ""
	}
	every := "2" // seconds, as watch(1) has it
	if words = words[1:]; words[0] == "-n" && len(words) > 2 {
		every, words = words[1], words[2:]
	}
	p := programNamed(words[0])
	if p == nil {
		return ""
	}
	asked := s.queryOfFlags(p, words[1:])
	if asked == "" {
		return ""
	}
	return asked + " | watch " + every + "s"
}
