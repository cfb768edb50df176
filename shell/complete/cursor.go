package complete

import (
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
)

// cursor is a place in a query.
type cursor struct {
	*Source
	*syntax.Cursor
	word string // what is typed of the word at the cursor
}

// query finds the candidates at the end of a query. Where the word starts depends on what it may be: an address has
// dots and colons, and the name of a column has not.
func (s *Source) query(text string) Completion {
	if len(text) > syntax.MaxLength {
		return Completion{}
	}
	if start, open := openQuote(text); open {
		return s.from(text, start)
	}
	if start := wordStart(text, isLiteral); start < wordStart(text, isName) {
		if c, ok := s.cursor(text, start); ok && c.wantsLiteral() {
			return matching(c.word, c.candidates())
		}
	}
	return s.from(text, wordStart(text, isName))
}

func (s *Source) from(text string, start int) Completion {
	c, ok := s.cursor(text, start)
	if !ok {
		return Completion{}
	}
	return matching(c.word, c.candidates())
}

// cursor is false where the text before the word is wrong, or the word stands in a comment.
func (s *Source) cursor(text string, start int) (*cursor, bool) {
	at, ok := query.Language.At(text[:start])
	return &cursor{s, at, text[start:]}, ok
}

// openQuote finds the text or name in quotes at the end that is not closed yet. It may end in half an escape sequence.
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

// wordStart is where the run of bytes at the end of the text begins that may be part of the word.
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

// literalKinds are the kinds whose values have other characters than letters and digits, and no quotes.
var literalKinds = map[schema.Kind]bool{
	schema.Address: true, schema.Prefix: true, schema.MAC: true, schema.Enum: true, schema.Flags: true,
}

// wantsLiteral says whether the cursor stands opposite a column of such a kind.
func (c *cursor) wantsLiteral() bool {
	for _, expected := range c.Expected {
		if operand, ok := expected.(syntax.ExpectOperand); ok {
			column, ok := c.opposite(operand)
			return ok && literalKinds[column.Type.Kind]
		}
	}
	return false
}

// columns are those that the pipeline has at the cursor; none where it is wrong before.
func (c *cursor) columns() schema.Schema {
	plan, err := query.Compile(c.Pipeline, c.Catalog, c.State)
	if err != nil {
		return schema.Schema{}
	}
	return plan.Schema()
}
