package syntax

import "strings"

// TokenKind says what a token is.
type TokenKind uint8

// The kinds of tokens.
const (
	Name        TokenKind = iota // a word: a stage, a column, a function, a value, a keyword
	Quoted                       // `any text`: a name; Value is its string
	String                       // "text" or 'text'; Value is its string
	Number                       // Value is an int or a float64
	Literal                      // 5ms, 4MiB, 10.0.0.0/8 ...; Value as in ScanLiteral
	Placeholder                  // $name: a parameter; Value is its name
	Operator                     // everything else
)

// Token is a word of the query.
type Token struct {
	Kind  TokenKind
	Range Range
	Text  string // as it stands in the query
	Value any
}

// Is says whether the token is the operator.
func (t Token) Is(operator string) bool { return t.Kind == Operator && t.Text == operator }

// IsWord says whether the token is the word, in any case.
func (t Token) IsWord(word string) bool { return t.Kind == Name && strings.EqualFold(t.Text, word) }

// isName says whether the token can name a table, a column or an item.
func (t Token) isName() bool { return t.Kind == Name || t.Kind == Quoted }

// name is the name that the token is.
func (t Token) name() string {
	if name, ok := t.Value.(string); ok && t.Kind == Quoted {
		return name
	}
	return t.Text
}

// keywords are the words of expressions that are not names. The map gives their one spelling.
var keywords = map[string]string{
	"and": "and", "or": "or", "not": "not", "in": "in", "contains": "contains", "matches": "matches",
	"startswith": "startsWith", "endswith": "endsWith", "true": "true", "false": "false", "nil": "nil", "null": "nil",
}

// operatorWords are the keywords that stand before or between operands.
var operatorWords = map[string]bool{
	"and": true, "or": true, "not": true, "in": true, "contains": true, "matches": true,
	"startsWith": true, "endsWith": true,
}

// Keyword is the canonical spelling of a token that is a word of the expression language; "" for any other token.
func (t Token) Keyword() string {
	if t.Kind != Name {
		return ""
	}
	return keywords[strings.ToLower(t.Text)]
}

// endsValue says whether a value ends with this token, so that what follows is an operator.
func (t Token) endsValue() bool {
	if t.Kind == Operator {
		return t.Text == ")" || t.Text == "]" || t.Text == "}" || t.Text == "#"
	}
	return !operatorWords[t.Keyword()]
}
