package shell

import (
	"path/filepath"
	"slices"
	"strings"

	"netql/query"
	"netql/shell/render"
)

// pipedInto are programs into which people pipe, by habit also a query's rows.
var pipedInto = []string{
	"awk", "cat", "column", "cut", "egrep", "grep", "head", "jq", "less", "more", "sed", "tail", "tee", "vi", "vim",
	"wc", "xargs",
}

// hintOfShell is the line that does here what a shell would do with a query's rows, in a file or a program; "" where
// the text asks for no such thing.
func (s *session) hintOfShell(text string) string {
	if asked, hint := s.redirected(text); asked != "" {
		return hint
	}
	if _, hint := s.piped(text); hint != "" {
		return hint
	}
	return s.formatted(text)
}

// redirected is the query in QUERY > FILE, and the hint; "" where the text is none.
func (s *session) redirected(text string) (asked, hint string) {
	at := strings.LastIndexByte(text, '>')
	if at < 0 {
		return "", ""
	}
	asked, file := strings.TrimSpace(strings.TrimRight(text[:at], ">")), strings.TrimSpace(text[at+1:])
	format, known := render.OfFile(file)
	if strings.ContainsAny(file, " \t\n") || !known && filepath.Ext(file) == "" && !strings.Contains(file, "/") ||
		!s.compiles(asked) {
		return "", ""
	}
	switch {
	case s.atPrompt && known:
		return asked, "export " + file + " " + asked
	case s.atPrompt:
		return asked, "export answer.csv " + asked
	case known:
		return asked, "netql --format " + format.Name + " " + inShell(asked) + " > " + file
	}
	return asked, "netql " + inShell(asked) + " > " + file
}

// formatted is the hint at how an answer is shown in a format that is written as a stage; "" where there is none.
func (s *session) formatted(text string) string {
	at := strings.LastIndexByte(text, '|')
	if at < 0 {
		return ""
	}
	asked, name := strings.TrimSpace(text[:at]), strings.TrimSpace(text[at+1:])
	if !isFormatFlag(name) || !s.compiles(asked) {
		return ""
	}
	if s.atPrompt {
		return "format " + name + " is for all answers from now on; then: " + asked
	}
	return "netql --format " + name + " " + inShell(asked)
}

// piped is the query in QUERY | PROGRAM, and the hint; "" where the text is none.
func (s *session) piped(text string) (asked, hint string) {
	for at, c := range text {
		if c != '|' {
			continue
		}
		command := strings.TrimSpace(text[at+1:])
		fields := strings.Fields(command)
		if len(fields) == 0 || !slices.Contains(pipedInto, fields[0]) {
			continue
		}
		asked = strings.TrimSpace(text[:at])
		switch paging := fields[0] == "less" || fields[0] == "more"; {
		case !s.compiles(asked):
			return "", ""
		case s.atPrompt && paging:
			return asked, "long answers go through the pager by themselves: " + asked
		case s.atPrompt:
			first, rest, more := strings.Cut(command, "|")
			file := "answer.csv"
			if fields[0] == "jq" {
				file = "answer.json"
			}
			command = strings.TrimSpace(first) + " " + file
			if more {
				command += " | " + strings.TrimSpace(rest)
			}
			return asked, "export " + file + " " + asked + "; ! " + command
		}
		if fields[0] == "jq" {
			return asked, "netql --format json " + inShell(asked) + " | " + command
		}
		return asked, "netql " + inShell(asked) + " | " + command
	}
	return "", ""
}

func (s *session) compiles(text string) bool {
	_, err := query.Compile(text, s.catalog, s.state())
	return err == nil
}

// inShell is a text as a word of a shell.
func inShell(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// runInShell is the word "!" of the prompt: it runs a command of the shell, which has the terminal until it ends.
func (s *session) runInShell(command string) int {
	if !s.atPrompt {
		return s.usageFailure("", usagef("! runs a command at the prompt alone").
			withHint("what stands in files and on stdin asks netql and runs nothing else"))
	}
	err := s.runOnTerminal("sh", "-c", command)
	s.forgetInterrupts() // they were the command's
	if err != nil {
		s.message("note", "%v", err)
		return failed
	}
	return done
}
