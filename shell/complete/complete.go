// Package complete completes lines of the prompt: tables, stages, the columns that the pipeline has at the cursor,
// values, functions, the prompt's own words and their arguments.
package complete

import (
	"slices"
	"strings"

	"netql/query"
	"netql/query/syntax"
)

// Kind says what a candidate is.
type Kind string

// The kinds of candidates.
const (
	Table     Kind = "table"
	Named     Kind = "query"
	Stage     Kind = "stage"
	Column    Kind = "column"
	Value     Kind = "value"
	Function  Kind = "function"
	Aggregate Kind = "aggregate"
	Keyword   Kind = "keyword"
	Command   Kind = "command"
	File      Kind = "file"
)

// Candidate is one way to complete the word at the cursor.
type Candidate struct {
	Text  string // the whole word, as it stands in the line
	Label string // what a list shows instead of Text; "" for Text
	Doc   string // one line for a list; may be ""
	Kind  Kind
	End   string // is inserted behind the text of the only candidate: a blank where another word must follow, else ""
}

// Shown is the text that a list shows for the candidate.
func (c Candidate) Shown() string {
	if c.Label != "" {
		return c.Label
	}
	return c.Text
}

// exact says that case matters in the candidate: it is quoted text, or the name of a file.
func (c Candidate) exact() bool {
	return c.Kind == File || c.Kind == Value && strings.HasPrefix(c.Text, `"`)
}

// Source is where candidates come from.
type Source struct {
	Catalog  *query.Catalog
	State    query.State // for compiling the query before the cursor
	Commands []Word      // the words of the prompt
	// Values gives different values of the only column of a query, as many as can be read in a moment, and a note where
	// these may not be all; nil gives none.
	Values func(query string) (values []any, note string)
	// Files gives the files whose path begins with the text; directories end in a slash. nil gives none.
	Files func(path string) []string
}

// Completion are the candidates for the word at the cursor.
type Completion struct {
	Word       string // the part of it that is typed
	Candidates []Candidate
	Note       string // why there may be more candidates; "" where there are not
}

// At finds the candidates at the end of the text: the lines of the query so far, and the last one up to the cursor.
func (s *Source) At(text string) Completion {
	if completion, ok := s.command(text); ok {
		return completion
	}
	return s.query(text)
}

// matching are the candidates that begin with the typed word, each once.
func matching(word string, candidates []Candidate) Completion {
	seen := map[string]bool{}
	return Completion{Word: word, Candidates: slices.DeleteFunc(candidates, func(c Candidate) bool {
		matches := strings.HasPrefix(fold(c.Text), fold(word))
		if c.exact() {
			matches = strings.HasPrefix(c.Text, word)
		}
		if !matches || seen[c.Text] {
			return true
		}
		seen[c.Text] = true
		return false
	})}
}

// fold is a name or word in lower case with _ for -, because queries take these spellings for the same. The length
// stays.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r == '-':
			return '_'
		}
		return r
	}, s)
}

// Insert is the text to insert at the cursor: the rest of the only candidate, or the beginning that the rests of all
// candidates share; "" where they share nothing.
func (c Completion) Insert() string {
	if len(c.Candidates) == 1 {
		only := c.Candidates[0]
		return c.rest(only) + only.End
	}
	common := ""
	for i, candidate := range c.Candidates {
		rest := c.rest(candidate)
		if i == 0 {
			common = rest
		}
		common = commonPrefix(common, rest)
	}
	return c.whole(common)
}

// rest is the part of the candidate behind the typed word. It is in lower case where the typed word is, and case does
// not matter.
func (c Completion) rest(candidate Candidate) string {
	rest := candidate.Text[len(c.Word):]
	if !candidate.exact() && !strings.HasPrefix(candidate.Text, c.Word) && strings.ToLower(c.Word) == c.Word {
		return strings.ToLower(rest)
	}
	return rest
}

func commonPrefix(a, b string) string {
	n := 0
	for i, r := range a {
		if !strings.HasPrefix(b[min(n, len(b)):], string(r)) {
			break
		}
		n = i + len(string(r))
	}
	return a[:n]
}

// whole is the common text without the beginning of an escape sequence at its end, because half of one is an error.
func (c Completion) whole(common string) string {
	for {
		_, err := syntax.Scan(c.Word + common)
		cut := strings.LastIndexByte(common, '\\')
		if err == nil || err.Incomplete || cut < 0 {
			return common
		}
		common = common[:cut]
	}
}
