package shell

import "slices"

// commands are the first words of a command line that do not begin a query, and what they do with the words behind
// them. The result is the exit status.
func commands() map[string]func(s *session, words []string) int {
	return map[string]func(*session, []string) int{
		"completion": (*session).completion,
		"record":     (*session).record,
		"diff":       (*session).diff,
		"help":       (*session).helpCommand,
		aliasName:    (*session).aliasCommand,
	}
}

// commandFlags are the flags that go with one command only, by name, and that command.
var commandFlags = map[string]string{"redact": "record", "query": "diff", "counters": "diff", "all": "diff"}

// queryFlags are the flags that go with a query only: with a command they are an error, not ignored.
var queryFlags = []string{"explain", "file", "expect"}

// commandOf is the command that the words begin with; nil for a query. Flags that do not go with it are an error.
func commandOf(o options, words []string) (func(*session, []string) int, error) {
	first := ""
	if len(words) > 0 {
		first = words[0]
	}
	for _, name := range o.given {
		if command := commandFlags[name]; command != "" && command != first {
			return nil, usagef("--%s is a flag of netql %s", name, command)
		}
	}
	if (first != "" || o.file != "") && slices.Contains(o.given, "dialect") {
		return nil, usagef("--dialect goes with netstat's flags, and here are none")
	}
	command := commands()[first]
	for _, name := range queryFlags {
		if command != nil && slices.Contains(o.given, name) {
			return nil, usagef("--%s goes with a query, and netql %s asks none", name, first)
		}
	}
	return command, nil
}
