package complete

import (
	"slices"
	"strconv"
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
)

// equalKinds are the kinds whose values are offered behind ==. Durations and the like are left out, because conditions
// ask whether they are less or more than something.
var equalKinds = []schema.Kind{
	schema.Text, schema.Int, schema.Port, schema.Address, schema.Prefix, schema.Endpoint, schema.MAC,
}

// values are the values that a column may be compared with: the words of its type, else the values in its rows now.
func (c *cursor) values(column *schema.Column) []Candidate {
	switch {
	case column.Type.Words != nil:
		return words(column.Type.Words)
	case column.Type.Kind == schema.Bool:
		return []Candidate{{Text: "true", Kind: Value}, {Text: "false", Kind: Value}}
	case c.Values == nil || !slices.Contains(equalKinds, column.Type.Kind):
		return nil
	}
	values, note := c.Values(c.Pipeline + " | select " + query.Language.Identifier(column.Name).String())
	c.note = note
	slices.SortFunc(values, column.Type.Compare)
	var candidates []Candidate
	for _, value := range values {
		if text, ok := c.literal(value); ok {
			candidates = append(candidates, Candidate{Text: text, Kind: Value})
		}
	}
	return candidates
}

// words are the candidates of a vocabulary, with the aliases as docs.
func words(vocabulary *schema.Vocabulary) (candidates []Candidate) {
	for _, word := range vocabulary.Words() {
		doc := ""
		if len(word.Aliases) > 0 {
			doc = "also " + strings.Join(word.Aliases, ", ")
		}
		candidates = append(candidates, Candidate{Text: word.Name, Doc: doc, Kind: Value})
	}
	return candidates
}

// literal is the literal of a value in a query; false where it has none.
func (c *cursor) literal(value any) (string, bool) {
	var text string
	switch v := value.(type) {
	case string:
		text = c.quoted(v)
	case int:
		text = strconv.Itoa(v)
	default:
		text = schema.Format(v)
	}
	tokens, err := syntax.Scan(text)
	if err != nil || len(tokens) != 1 || tokens[0].Kind == syntax.Name {
		return "", false
	}
	return text, true
}

// quoted is text in quotes: single ones where one is typed, else double ones. Control characters and what a terminal
// would not show are escaped.
func (c *cursor) quoted(text string) string {
	quoted := strconv.Quote(text)
	if schema.Visible(quoted) != quoted {
		quoted = strconv.QuoteToASCII(text)
	}
	if strings.HasPrefix(c.word, "'") {
		inner := strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
		return "'" + strings.ReplaceAll(inner, "'", `\'`) + "'"
	}
	return quoted
}
