package shell

import "slices"

// commands are the first words that do something else than ask a query. They get the words behind.
func commands() map[string]func(s *session, words []string) int {
	return map[string]func(*session, []string) int{
		"completion": (*session).completion,
		"record":     (*session).record,
		"diff":       (*session).diff,
	}
}

// commandFlags are the flags that belong to one command.
var commandFlags = map[string]string{"redact": "record", "query": "diff", "counters": "diff"}

// queryFlags are those that no command has a meaning for, and that somebody would miss.
var queryFlags = []string{"explain", "file"}

// commandOf is the command that the words begin with, nil for a query.
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
