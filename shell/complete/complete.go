// Package complete knows how a line of the prompt may go on: tables, stages, the columns that the pipeline has at the
// cursor, values, functions, the prompt's own words and their arguments.
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
	Stage     Kind = "stage"
	Column    Kind = "column"
	Value     Kind = "value"
	Function  Kind = "function"
	Aggregate Kind = "aggregate"
	Keyword   Kind = "keyword"
	Command   Kind = "command"
	File      Kind = "file"
)

// Candidate is one way to go on.
type Candidate struct {
	Text  string // stands in the line then
	Label string // what a list shows; "" is the text
	Doc   string // one line; "" where the text says all
	Kind  Kind
	End   string // follows the text when it is the only candidate: a blank after a word that others must follow
}

// Shown is what a list shows of the candidate.
func (c Candidate) Shown() string {
	if c.Label != "" {
		return c.Label
	}
	return c.Text
}

// exact says that the candidate's case matters: it is quoted text, or the name of a file.
func (c Candidate) exact() bool {
	return c.Kind == File || c.Kind == Value && strings.HasPrefix(c.Text, `"`)
}

// Source is what candidates come from.
type Source struct {
	Catalog  *query.Catalog
	State    query.State // whom the text before the cursor would ask
	Commands []Word
	// Values are the different values of the only column that a query gives, as many as can be had at once; nil knows
	// none.
	Values func(query string) []any
	// Files are the files whose path starts so; directories end in a slash. nil knows none.
	Files func(path string) []string
}

// Completion are the candidates for the word at the cursor.
type Completion struct {
	Word       string // as far as it is typed
	Candidates []Candidate
}

// At finds the candidates at the end of the text, which is the line up to the cursor with the lines before it.
func (s *Source) At(text string) Completion {
	if completion, ok := s.command(text); ok {
		return completion
	}
	return s.query(text)
}

// matching keeps the candidates that start with the word, each once.
func matching(word string, candidates []Candidate) Completion {
	seen := map[string]bool{}
	return Completion{word, slices.DeleteFunc(candidates, func(c Candidate) bool {
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

// fold maps the spellings of names and words that count as the same to one, of the same length.
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

// Insert is what can be typed for sure: the rest of the only candidate, or what all candidates go on with.
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

// rest is what the candidate adds to the word, in lower case where the word is typed so and the case does not matter.
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

// whole leaves out the beginning of an escape sequence at the end, because half of one is an error.
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
