package complete

import (
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
)

// cursor is a place in a query, with what the parser would take there.
type cursor struct {
	*Source
	*syntax.Cursor
	word string // the typed part of the word at the cursor
	note string // why there may be more candidates
}

// query finds the candidates at the end of a query. Where the word begins depends on what it may be: an address has
// dots and colons, the name of a column has not.
func (s *Source) query(text string) Completion {
	if len(text) > syntax.MaxLength {
		return Completion{}
	}
	if start, open := openQuote(text); open {
		return s.from(text, start)
	}
	if start := wordStart(text, isLiteral); start < wordStart(text, isName) {
		if c, ok := s.cursor(text, start); ok && c.wantsLiteral() {
			return c.completion()
		}
	}
	return s.from(text, wordStart(text, isName))
}

func (s *Source) from(text string, start int) Completion {
	c, ok := s.cursor(text, start)
	if !ok {
		return Completion{}
	}
	return c.completion()
}

func (c *cursor) completion() Completion {
	found := matching(c.word, c.candidates())
	found.Note = c.note
	return found
}

// cursor parses the text before the word, which begins at start; false where that text is wrong, or the word is in a
// comment.
func (s *Source) cursor(text string, start int) (*cursor, bool) {
	at, ok := s.Catalog.At(text[:start])
	return &cursor{Source: s, Cursor: at, word: text[start:]}, ok
}

// openQuote finds the start of a quoted text or name at the end of the text whose quotes are not closed. It may end in
// half an escape sequence.
func openQuote(text string) (start int, open bool) {
	_, err := syntax.Scan(text)
	switch {
	case err == nil:
		return 0, false
	case !err.Incomplete:
		if cut := strings.LastIndexByte(text, '\\'); cut >= 0 && err.Range.Start == cut {
			return openQuote(text[:cut])
		}
		return 0, false
	case err.Range.Start >= len(text):
		return 0, false
	}
	start = err.Range.Start
	return start, strings.IndexByte("\"'`", text[start]) >= 0
}

// wordStart is where the word at the end of the text begins, of whose bytes part is true.
func wordStart(text string, part func(byte) bool) int {
	start := len(text)
	for start > 0 && part(text[start-1]) {
		start--
	}
	return start
}

func isName(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

func isLiteral(c byte) bool { return isName(c) || strings.IndexByte(".:/%-", c) >= 0 }

// literalKinds are the kinds whose literals have other characters than letters and digits, without quotes.
var literalKinds = map[schema.Kind]bool{
	schema.Address: true, schema.Prefix: true, schema.MAC: true, schema.Enum: true, schema.Flags: true,
}

// wantsLiteral says whether the cursor is opposite a column of literalKinds.
func (c *cursor) wantsLiteral() bool {
	for _, expected := range c.Expected {
		if operand, ok := expected.(syntax.ExpectOperand); ok {
			column, ok := c.opposite(operand)
			return ok && literalKinds[column.Type.Kind]
		}
	}
	return false
}

// columns are the columns that the pipeline has at the cursor; none where the text before it does not compile.
func (c *cursor) columns() schema.Schema {
	plan, err := query.CompileBeginning(c.Pipeline, c.Catalog, c.State)
	if err != nil {
		return schema.Schema{}
	}
	return plan.Schema()
}
