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
	text   string         // the query, up to the word
	tokens []syntax.Token // of the text
	word   string         // what is typed of the word at the cursor
	beside string         // the table that the stage at the cursor has named
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
	before := text[:start]
	tokens, err := syntax.Scan(before)
	if err != nil {
		if !strings.HasSuffix(before, ".") || err.Range.End != len(before) {
			return nil, false
		}
		if tokens, err = syntax.Scan(before + "x"); err != nil { // a part of a record
			return nil, false
		}
		tokens = tokens[:len(tokens)-1]
	}
	if trimmed := strings.TrimRight(before, " \t\r\n"); trimmed != "" && !endsAt(tokens, len(trimmed)) {
		return nil, false
	}
	return &cursor{Source: s, text: before, tokens: tokens, word: text[start:]}, true
}

func endsAt(tokens []syntax.Token, end int) bool {
	return len(tokens) > 0 && tokens[len(tokens)-1].Range.End == end
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
	column, ok := c.opposite(c.stage())
	return ok && literalKinds[column.Type.Kind]
}

// stage are the tokens since the last | between stages. It is the first token for the table and its filter.
func (c *cursor) stage() []syntax.Token {
	return c.tokens[c.bar()+1:]
}

// bar is the last | between stages; -1 where there is none.
func (c *cursor) bar() int {
	depth, last := 0, -1
	for i, t := range c.tokens {
		depth = max(0, depth+nesting(t))
		if depth == 0 && t.Is("|") {
			last = i
		}
	}
	return last
}

func nesting(t syntax.Token) int {
	switch {
	case t.Is("("), t.Is("["), t.Is("{"):
		return 1
	case t.Is(")"), t.Is("]"), t.Is("}"):
		return -1
	}
	return 0
}

// pipeline is the query before the stage at the cursor.
func (c *cursor) pipeline() string {
	if bar := c.bar(); bar >= 0 {
		return c.text[:c.tokens[bar].Range.Start]
	}
	tokens := c.tokens
	if len(tokens) > 0 && tokens[0].IsWord("from") {
		tokens = tokens[1:]
	}
	if len(tokens) == 0 {
		return ""
	}
	return tokens[0].Text
}

// columns are those that the pipeline has at the cursor; none where it is wrong before.
func (c *cursor) columns() schema.Schema {
	plan, err := query.Compile(c.pipeline(), c.Catalog, c.State)
	if err != nil {
		return schema.Schema{}
	}
	return plan.Schema()
}
