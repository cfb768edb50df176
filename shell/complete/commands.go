package complete

import (
	"slices"
	"strconv"
	"strings"

	"netql/query/schema"
)

// Word is a word of the prompt, such as export, that begins a line instead of a query.
type Word struct {
	Name      string
	Arguments string // as help shows them
	Doc       string
	Takes     []Argument // its arguments, in their order; a query is the rest of the line
}

// Argument says what completes an argument of a word.
type Argument struct {
	Choices func() []Candidate // nil for none
	// Depending are choices that depend on the argument before, and on what is typed of this one; nil for none.
	Depending func(before, typed string) []Candidate
	Tables    bool // the names of tables
	Files     bool // the names of files
	Query     bool // what completes a query; the other fields are not looked at
	Repeats   bool // there may be several of it, and nothing else follows
}

// command completes a word of the prompt, or its arguments; false where the text is a query. The first word may be a
// word of the prompt or the table of a query.
func (s *Source) command(text string) (Completion, bool) {
	start := len(text) - len(strings.TrimLeft(text, " \t"))
	name, rest, more := strings.Cut(text[start:], " ")
	if !more {
		candidates := slices.Concat((&cursor{Source: s}).tables(), s.namedQueries(), s.commandNames())
		return matching(name, candidates), wordStart(name, isName) == 0
	}
	for _, word := range s.Commands {
		if strings.EqualFold(word.Name, name) && !strings.HasPrefix(strings.TrimLeft(rest, " "), "|") {
			return s.argument(word.Takes, rest), true
		}
	}
	return Completion{}, false
}

func (s *Source) commandNames() (candidates []Candidate) {
	for _, word := range s.Commands {
		end := " "
		if len(word.Takes) == 0 {
			end = ""
		}
		label := strings.TrimSuffix(word.Name+" "+word.Arguments, " ")
		candidates = append(candidates,
			Candidate{Text: word.Name, Label: label, Doc: word.Doc, Kind: Command, End: end})
	}
	return candidates
}

// argument completes the last argument in the text behind a word.
func (s *Source) argument(takes []Argument, text string) Completion {
	before := ""
	for len(takes) > 0 {
		text = strings.TrimLeft(text, " ")
		if takes[0].Query {
			return s.query(text)
		}
		value, rest, closed := CutArgument(text)
		if !closed {
			return s.choices(takes[0], before, text, value)
		}
		before = value
		if text = rest; !takes[0].Repeats {
			takes = takes[1:]
		}
	}
	return Completion{}
}

func (s *Source) choices(a Argument, before, word, path string) Completion {
	var candidates []Candidate
	if a.Choices != nil {
		candidates = a.Choices()
	}
	if a.Depending != nil {
		candidates = append(candidates, a.Depending(before, word)...)
	}
	if a.Tables {
		candidates = slices.Concat(candidates, (&cursor{Source: s}).tables(), s.namedQueries())
	}
	if a.Files && s.Files != nil {
		for _, file := range s.Files(path) {
			candidates = append(candidates, fileCandidate(word, file))
		}
	}
	return matching(word, candidates)
}

// fileCandidate is the candidate of a file's path, in quotes where it needs them or where one is typed.
func fileCandidate(word, path string) Candidate {
	text, end := path, " "
	if strings.HasPrefix(word, `"`) || strings.ContainsAny(path, " \"") || schema.Visible(path) != path ||
		strings.ContainsRune(path, '\\') {
		text = (&cursor{}).quoted(path)
		if strings.HasSuffix(path, "/") {
			text = text[:len(text)-1] // more follows inside the quotes
		}
	}
	if strings.HasSuffix(path, "/") {
		end = ""
	}
	return Candidate{Text: text, Kind: File, End: end}
}

// CutArgument cuts the first argument off a line: up to a blank, or in double quotes with Go's escapes. closed says
// that a blank or the closing quote ended it, so that the cursor is behind it.
func CutArgument(text string) (value, rest string, closed bool) {
	if !strings.HasPrefix(text, `"`) {
		value, rest, closed = strings.Cut(text, " ")
		return value, rest, closed
	}
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			if value, err := strconv.Unquote(text[:i+1]); err == nil {
				return value, text[i+1:], true
			}
			return text, "", false
		}
	}
	value, err := strconv.Unquote(text + `"`)
	if err != nil {
		return text, "", false
	}
	return value, "", false
}
