package complete

import (
	"slices"
	"strconv"
	"strings"

	"netql/query"
	"netql/query/schema"
	"netql/query/syntax"
)

// valued are the kinds whose values people compare with; durations and the like are rather less or more than
// something.
var valued = []schema.Kind{
	schema.Text, schema.Int, schema.Port, schema.Address, schema.Prefix, schema.Endpoint, schema.MAC,
}

// values are what may stand opposite a column: its words, or the values that it has right now.
func (c *cursor) values(column *schema.Column) []Candidate {
	switch {
	case column.Type.Words != nil:
		return words(column.Type.Words)
	case column.Type.Kind == schema.Bool:
		return []Candidate{{Text: "true", Kind: Value}, {Text: "false", Kind: Value}}
	case c.Values == nil || !slices.Contains(valued, column.Type.Kind):
		return nil
	}
	values := c.Values(c.Pipeline + " | select " + query.Language.Identifier(column.Name).String())
	slices.SortFunc(values, column.Type.Compare)
	var candidates []Candidate
	for _, value := range values {
		if text, ok := c.literal(value); ok {
			candidates = append(candidates, Candidate{Text: text, Kind: Value})
		}
	}
	return candidates
}

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

// literal is how a query spells the value; false where it cannot.
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

// quoted is text in quotes, in the ones that are typed already. Whatever the text holds, a terminal shows it and does
// nothing else.
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
