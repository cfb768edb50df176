// Package syntax turns the text of a query into a tree. Every node has a range in the text and prints itself in one
// canonical way; parsing that text again gives the same tree.
package syntax

import (
	"strconv"
	"strings"
)

// Query is a table and what is done with its rows.
type Query struct {
	Table  Identifier
	Stages []Stage // a filter right after the table is a Where like any other
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

// Match is one pair of columns that must be equal in a join: one of the rows so far, and one of the joined table.
type Match struct{ Here, There Identifier }

// Stage is one step of the pipeline.
type Stage interface {
	// Span is the stage's place in the text, from its first word on.
	Span() Range
	// String is the canonical text, without the | before it.
	String() string
}

type (
	// Where keeps the rows for which the condition is true.
	Where struct {
		Range     Range
		Condition Expression
	}
	// Select keeps only the listed columns.
	Select struct {
		Range Range
		Items []Item
	}
	// Extend adds columns.
	Extend struct {
		Range Range
		Items []Item
	}
	// Drop removes columns.
	Drop struct {
		Range   Range
		Columns []Identifier
	}
	// Sort orders the rows.
	Sort struct {
		Range Range
		Keys  []Key
	}
	// Limit keeps the first N rows.
	Limit struct {
		Range Range
		N     int
	}
	// Top keeps the first N rows in the order of the keys, which is descending unless said otherwise.
	Top struct {
		Range Range
		N     int
		Keys  []Key
	}
	// Group makes one row of all rows that agree on By; without By one row of all.
	Group struct {
		Range Range
		By    []Item
		Items []Item // none: count()
	}
	// Count counts rows, by groups where By is not empty, the most frequent first.
	Count struct {
		Range Range
		By    []Item
	}
	// Join puts beside each row the rows of another table that agree with it.
	Join struct {
		Range Range
		Left  bool // a row without a partner stays, with NULL for the other table's columns
		Table Identifier
		On    []Match
	}
	// Distinct drops rows that repeat an earlier one.
	Distinct struct {
		Range Range
		Items []Item // none: all shown columns
	}
)

// Span implements Stage; so do the others below.
func (s *Where) Span() Range    { return s.Range }
func (s *Select) Span() Range   { return s.Range }
func (s *Extend) Span() Range   { return s.Range }
func (s *Drop) Span() Range     { return s.Range }
func (s *Sort) Span() Range     { return s.Range }
func (s *Limit) Span() Range    { return s.Range }
func (s *Top) Span() Range      { return s.Range }
func (s *Group) Span() Range    { return s.Range }
func (s *Count) Span() Range    { return s.Range }
func (s *Distinct) Span() Range { return s.Range }
func (s *Join) Span() Range     { return s.Range }

// String is the canonical text of the whole query.
func (q *Query) String() string {
	var b strings.Builder
	b.WriteString(q.Table.String())
	for i, stage := range q.Stages {
		where, ok := stage.(*Where)
		switch {
		case i == 0 && ok && !where.needsWord():
			b.WriteString(" " + where.Condition.String())
		default:
			b.WriteString(" | " + stage.String())
		}
	}
	return b.String()
}

// needsWord says that the condition would be misread right after the table.
func (s *Where) needsWord() bool {
	return IsStage(s.Condition.Tokens[0].Canonical())
}

// String implements Stage; so do the others below.
func (s *Where) String() string    { return "where " + s.Condition.String() }
func (s *Select) String() string   { return "select " + list(s.Items) }
func (s *Extend) String() string   { return "extend " + list(s.Items) }
func (s *Drop) String() string     { return "drop " + list(s.Columns) }
func (s *Limit) String() string    { return "limit " + strconv.Itoa(s.N) }
func (s *Distinct) String() string { return strings.TrimSpace("distinct " + list(s.Items)) }

func (s *Sort) String() string {
	if s.Keys[0].Expression.Tokens[0].IsWord("by") { // a column of that name
		return "sort by " + keyList(s.Keys, false)
	}
	return "sort " + keyList(s.Keys, false)
}

func (s *Top) String() string {
	return "top " + strconv.Itoa(s.N) + " by " + keyList(s.Keys, true)
}

func (s *Group) String() string {
	switch {
	case len(s.By) == 0:
		return "stats " + list(s.Items)
	case len(s.Items) == 0:
		return "group by " + list(s.By)
	}
	return "group by " + list(s.By) + ": " + list(s.Items)
}

func (s *Join) String() string {
	kind := ""
	if s.Left {
		kind = "left "
	}
	return "join " + kind + s.Table.String() + " on " + list(s.On)
}

// String leaves out what a reader can add.
func (m Match) String() string {
	if m.Here.Name == m.There.Name {
		return m.Here.String()
	}
	return m.Here.String() + " == " + m.There.String()
}

func (s *Count) String() string {
	if len(s.By) == 0 {
		return "count"
	}
	return "count by " + list(s.By)
}

// grammarWords are the words beside the stages' own that stand where a name may stand.
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

func keyList(keys []Key, descending bool) string {
	texts := make([]string, len(keys))
	for i, key := range keys {
		texts[i] = key.text(descending)
	}
	return strings.Join(texts, ", ")
}

func list[T interface{ String() string }](nodes []T) string {
	texts := make([]string, len(nodes))
	for i, n := range nodes {
		texts[i] = n.String()
	}
	return strings.Join(texts, ", ")
}

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
