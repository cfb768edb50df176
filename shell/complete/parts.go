package complete

import (
	"slices"
	"strings"

	"netql/query"
	"netql/query/syntax"
)

// The kinds of parts of a line that no candidate is of.
const (
	Literal Kind = "literal"
	Open    Kind = "open"    // a bracket or a quote that is not closed
	Unknown Kind = "unknown" // a name or character that nothing is called by
)

// Part is a part of a text, in bytes, and what it is.
type Part struct {
	syntax.Range
	Kind Kind
}

// Parts are the parts of a text with queries or words of the prompt that are known to be something, in their order. A
// word at the end that may become one is none of them. No values of columns are read.
func (s *Source) Parts(text string) []Part {
	known := *s
	known.Values, known.Files = nil, nil
	start := len(text) - len(strings.TrimLeft(text, " \t"))
	name, rest, _ := strings.Cut(text[start:], " ")
	for _, word := range s.Commands {
		if !strings.EqualFold(word.Name, name) || strings.HasPrefix(strings.TrimLeft(rest, " "), "|") {
			continue
		}
		parts := []Part{{syntax.Range{Start: start, End: start + len(name)}, Command}}
		if len(word.Takes) == 0 || !word.Takes[0].Query {
			return parts
		}
		return append(parts, known.queryParts(text, start+len(name))...)
	}
	return known.queryParts(text, 0)
}

// queryParts are the parts of the query that begins in a text at from.
func (s *Source) queryParts(text string, from int) (parts []Part) {
	query := text[from:]
	tokens, err := syntax.Scan(query)
	var wrong []Part
	if err != nil {
		at := max(0, min(err.Range.Start, len(query)))
		kind := Unknown
		if err.Incomplete {
			kind = Open
		}
		wrong = []Part{{syntax.Range{Start: at, End: max(at, min(err.Range.End, len(query)))}, kind}}
		tokens, _ = syntax.Scan(query[:at])
	}
	for i, token := range tokens {
		if kind := s.kindOf(query, tokens, i); kind != "" {
			parts = append(parts, Part{token.Range, kind})
		}
	}
	parts = append(parts, openBrackets(tokens)...)
	parts = append(parts, wrong...)
	slices.SortFunc(parts, func(a, b Part) int { return a.Start - b.Start })
	for i := range parts {
		parts[i].Start += from
		parts[i].End += from
	}
	return parts
}

// kindOf is what a token is; "" where that is not known.
func (s *Source) kindOf(text string, tokens []syntax.Token, i int) Kind {
	token := tokens[i]
	switch {
	case token.Kind == syntax.Operator:
		return ""
	case token.Kind != syntax.Name && token.Kind != syntax.Quoted:
		return Literal
	case token.Keyword() != "":
		return Keyword
	case i+1 < len(tokens) && tokens[i+1].Is("="): // a new name, or, of a condition, one like others
		return ""
	}
	at, ok := s.Catalog.At(text[:token.Range.Start])
	if !ok {
		return ""
	}
	c := &cursor{Source: s, Cursor: at, word: token.Text}
	candidates := c.candidates()
	begins := false
	for _, candidate := range candidates {
		name, _, _ := strings.Cut(candidate.Text, "(")
		if fold(name) == fold(token.Text) {
			return candidate.Kind
		}
		begins = begins || strings.HasPrefix(fold(name), fold(token.Text))
	}
	typing := begins && token.Range.End == len(text)
	if len(candidates) == 0 || typing || c.takesAnyWord() || s.isOtherName(c, token.Text) {
		return ""
	}
	return Unknown
}

// isOtherName says whether a word is another name of a stage, which completion does not offer.
func (s *Source) isOtherName(c *cursor, word string) bool {
	_, known := query.Language.Stage(word)
	return known && slices.Contains(c.Expected, syntax.Expected(syntax.ExpectStage{}))
}

// takesAnyWord says whether the cursor is opposite a column of which a word may be a value that is not listed.
func (c *cursor) takesAnyWord() bool {
	for _, expected := range c.Expected {
		if operand, ok := expected.(syntax.ExpectOperand); ok {
			column, ok := c.opposite(operand)
			return ok && column.Type.Words == nil
		}
	}
	return false
}

// openBrackets are the brackets that are never closed.
func openBrackets(tokens []syntax.Token) (parts []Part) {
	for _, token := range tokens {
		switch {
		case token.Kind != syntax.Operator:
		case strings.Contains("([{", token.Text):
			parts = append(parts, Part{token.Range, Open})
		case strings.Contains(")]}", token.Text) && len(parts) > 0:
			parts = parts[:len(parts)-1]
		}
	}
	return parts
}
