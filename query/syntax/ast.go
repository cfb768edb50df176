// Package syntax turns the text of a query into a tree. Every node has a range in the text and prints itself in one
// canonical way; parsing that text again gives the same tree.
package syntax

import "strings"

// Query is a table and what is done with its rows.
type Query struct {
	Table    Identifier
	Stages   []Stage // a filter right after the table is a stage like any other
	language Language
}

// Identifier is a name with its place.
type Identifier struct {
	Range Range
	Name  string
}

// Expression is a part of the query in the expression language: its tokens, at least one.
type Expression struct{ Tokens []Token }

// Item is one element of select, extend, group and distinct.
type Item struct {
	Name       *Identifier // nil where the query gives none
	Star       bool        // *: all columns; the rest is empty then
	Expression Expression
}

// Key is one element of sort and top.
type Key struct {
	Expression Expression
	Descending bool
}

// String is the canonical text of the whole query.
func (q *Query) String() string {
	var b strings.Builder
	b.WriteString(q.Table.String())
	for i, stage := range q.Stages {
		text := stage.String()
		condition, filters := strings.CutPrefix(text, stage.Kind.Name+" ")
		if i == 0 && stage.Kind.Filter && filters && !q.misread(condition) {
			b.WriteString(" " + condition)
		} else {
			b.WriteString(" | " + text)
		}
	}
	return b.String()
}

// misread says that a condition right after the table would be taken for a stage.
func (q *Query) misread(condition string) bool {
	_, known := q.language.Stage(condition[:wordLength(condition)])
	return known
}

// grammarWords are the words beside the stages' own that stand where a name may stand: all keywords among the
// arguments of stages are here.
var grammarWords = map[string]bool{"by": true, "from": true, "left": true, "inner": true, "on": true, "until": true}

// String quotes a name that is no plain word, or that could be taken for a word of the grammar.
func (i Identifier) String() string {
	lower := strings.ToLower(i.Name)
	if wordLength(i.Name) == len(i.Name) && keywords[lower] == "" && !grammarWords[lower] {
		return i.Name
	}
	return "`" + i.Name + "`"
}

func (i Item) String() string {
	switch {
	case i.Star:
		return "*"
	case i.Name != nil:
		return i.Name.String() + " = " + i.Expression.String()
	}
	return i.Expression.String()
}

// text is the key with its direction, which is left out where it is the default and nothing could be misread.
func (k Key) text(descending bool) string {
	tokens, text := k.Expression.Tokens, k.Expression.String()
	if tokens[0].Is("-") {
		text = "(" + text + ")" // or the sign would be a direction
	}
	switch {
	case k.Descending == descending && !tokens[len(tokens)-1].isDirection():
		return text
	case k.Descending:
		return text + " desc"
	}
	return text + " asc"
}

// KeyList is the canonical text of keys; descending is their direction where nothing is said.
func KeyList(keys []Key, descending bool) string {
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = key.text(descending)
	}
	return strings.Join(texts, ", ")
}

// List is the canonical text of items, columns or matches.
func List[T interface{ String() string }](nodes []T) string {
	texts := make([]string, len(nodes))
	for i, n := range nodes {
		texts[i] = n.String()
	}
	return strings.Join(texts, ", ")
}

// StartsWith says whether the expression's first word is this one, in any case and without quotes.
func (e Expression) StartsWith(word string) bool { return e.Tokens[0].IsWord(word) }

// Range is the expression's place in the text.
func (e Expression) Range() Range {
	return e.Tokens[0].Range.Join(e.Tokens[len(e.Tokens)-1].Range)
}

// String is the canonical text: one spelling of every token, one space around binary operators.
func (e Expression) String() string {
	var b strings.Builder
	for i, t := range e.Tokens {
		if i > 0 && spaced(e.Tokens, i) {
			b.WriteByte(' ')
		}
		b.WriteString(t.Canonical())
	}
	return b.String()
}

// spaced says whether a space stands before the token at i.
func spaced(tokens []Token, i int) bool {
	before, t := tokens[i-1], tokens[i]
	switch {
	case before.Is("("), before.Is("["), before.Is("."), before.Is("?."), before.Is(".."):
		return false
	case t.Is(")"), t.Is("]"), t.Is(","), hyphen(tokens, i), hyphen(tokens, i-1):
		return false
	case t.Is("."), t.Is("?."):
		return !before.EndsValue() || before.Kind == Literal || before.Kind == Number // or it would be read as a part of it
	case t.Is(".."):
		return !before.EndsValue()
	case before.Is("!"):
		return t.isBinary()
	case before.Is("-"), before.Is("+"):
		return i > 1 && tokens[i-2].EndsValue() // a sign sticks to its number
	case t.Is("("), t.Is("["):
		return before.Kind != Name && !before.EndsValue() || before.Keyword() != ""
	}
	return true
}

// hyphen says whether the token at i is the hyphen of time-wait, which must not get blanks around it.
func hyphen(tokens []Token, i int) bool {
	if i < 1 || i+1 == len(tokens) || !tokens[i].Is("-") {
		return false
	}
	before, after := tokens[i-1], tokens[i+1]
	word := before.Kind == Name || before.Kind == Number && hyphen(tokens, i-2)
	tight := before.Range.End == tokens[i].Range.Start && tokens[i].Range.End == after.Range.Start
	return word && tight && (after.Kind == Name || after.Kind == Number)
}

// ColumnItem is the item that a column's bare name makes.
func ColumnItem(name string) Item {
	return Item{Expression: Expression{[]Token{{Kind: Quoted, Range: Range{0, 1}, Text: "`" + name + "`", Value: name}}}}
}

// CountItem is the item count().
func CountItem() Item {
	return Item{Expression: Expression{[]Token{
		{Kind: Name, Range: Range{0, 5}, Text: "count"}, {Kind: Operator, Text: "(", Range: Range{5, 6}}, {Kind: Operator, Text: ")", Range: Range{6, 7}},
	}}}
}
