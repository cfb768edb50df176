package shell

import (
	"slices"
	"strings"
)

// commands are the first words of a command line that do not begin a query, and what they do with the words behind
// them. The result is the exit status.
func commands() map[string]func(s *session, words []string) int {
	return map[string]func(*session, []string) int{
		"completion": (*session).completion,
		"record":     (*session).record,
		"diff":       (*session).diff,
		reportName:   (*session).report,
		"help":       (*session).helpCommand,
		"schema":     (*session).schemaCommand,
		"explain":    (*session).explainCommand,
		"version":    (*session).versionCommand,
		aliasName:    (*session).aliasCommand,
		unaliasName:  (*session).unaliasCommand,
		answerName:   (*session).answerAsks,
	}
}

// quotedCommands are the commands that people also put between the quotes of a query: netql 'help sockets'.
var quotedCommands = []string{"help", "schema", "explain", "version"}

// withoutComments is the words of a command line without the comments that only statements have: those of SQL.
func withoutComments(words []string) []string {
	for i, word := range words {
		if strings.Contains(word, "\n") || leadsWithComment(word) || isSQL(word) {
			words[i] = cutComments(word, "--")
		}
	}
	return words
}

// unquoted are the words of a command line, where its only word is such a command and what follows it: these two.
func unquoted(words []string) []string {
	if len(words) != 1 {
		return words
	}
	text := strings.TrimSpace(words[0])
	first, rest, _ := strings.Cut(text, " ")
	rest = strings.TrimSpace(rest)
	if !slices.Contains(quotedCommands, first) || strings.HasPrefix(rest, "|") {
		return words
	}
	return strings.Fields(first + " " + rest)
}

// isEntry says whether the words of a command line are one quoted line of the prompt that begins with a word of it:
// netql 'ss -tln'.
func isEntry(words []string) bool {
	if len(words) != 1 || len(strings.Fields(words[0])) < 2 {
		return false
	}
	_, _, ok := findWord(words[0])
	return ok
}

// onlyEntry runs the line of the prompt that is all of the command line. One that is about the lines behind it would do
// nothing.
func (s *session) onlyEntry(line string) int {
	w, argument, _ := findWord(line)
	wrong := usagef("%s is about the lines that follow, and here are none", w.Name)
	switch {
	case w.Name == "mark":
		return s.usageFailure("", wrong.withHint("netql record FILE keeps a moment in a file"))
	case w.Name == "use" && argument == "live":
		return s.usageFailure("", wrong.withHint("the running system is asked where nothing else is named"))
	case w.Name == "use" || w.Name == "format":
		return s.usageFailure("", wrong.withHint("%s QUERY", onCommandLine(line)))
	}
	return s.runEntry(line)
}

// schemaCommand prints the columns of a table, or of a query's answer.
func (s *session) schemaCommand(words []string) int {
	if len(words) == 0 {
		return s.usageFailure("", usagef("schema needs a table or a query").withHint("netql schema sockets"))
	}
	return s.describe(strings.Join(words, " "))
}

// explainCommand prints what a query would read and do, as --explain.
func (s *session) explainCommand(words []string) int {
	if len(words) == 0 {
		return s.usageFailure("", usagef("explain needs a query").withHint("netql explain 'sockets state == LISTEN'"))
	}
	return s.explain(strings.Join(words, " "))
}

func (s *session) versionCommand(words []string) int {
	if len(words) > 0 {
		return s.usageFailure("", usagef("version takes no argument"))
	}
	return s.print(version())
}

// commandFlags are the flags that go with one command only, by name, and that command.
var commandFlags = map[string][]string{"redact": {"record", reportName}, "query": {"diff"}, "counters": {"diff"},
	"all": {"diff"}, "since": {reportName}}

// queryFlags are the flags that go with a query only: with a command they are an error, not ignored.
var queryFlags = []string{"explain", "file", "expect"}

// flagOfCommand is the usage error of a flag that goes with other commands than this one.
func flagOfCommand(name, command string) error {
	if commands := commandFlags[name]; commands != nil && !slices.Contains(commands, command) {
		return usagef("--%s is a flag of netql %s", name, strings.Join(commands, " and netql "))
	}
	return nil
}

// commandOf is the command that the words begin with; nil for a query. Flags that do not go with it are an error.
func commandOf(o options, words []string) (func(*session, []string) int, error) {
	first := ""
	if len(words) > 0 {
		first = words[0]
	}
	for _, name := range o.given {
		if err := flagOfCommand(name, first); err != nil {
			return nil, err
		}
	}
	if (first != "" || o.file != "") && slices.Contains(o.given, "dialect") {
		return nil, usagef("--dialect goes with netstat's flags, and here are none")
	}
	if first == reportName && slices.Contains(o.given, "format") && o.format != "html" {
		return nil, usagef("a report is a page of HTML, and has no other format").
			withHint("netql report %s", strings.Join(words[1:], " "))
	}
	command := commands()[first]
	for _, name := range queryFlags {
		if command != nil && slices.Contains(o.given, name) {
			return nil, usagef("--%s goes with a query, and netql %s asks none", name, first)
		}
	}
	return command, nil
}
